"""`# crmctl: ignore[rule-id]`: which findings it silences, and which comments silence nothing."""

from collections.abc import Iterator, Mapping, Sequence

from crmctl.config.document import Document, Ignore
from crmctl.config.rule import Rule
from crmctl.model.finding import Finding
from crmctl.text import did_you_mean


def silence(
    findings: Sequence[Finding], documents: Sequence[Document], rules: Mapping[str, Rule], *, whole: bool
) -> list[Finding]:
    """Return the findings that no comment silences, and what is wrong with the comments, by place.

    `documents` are those that the rules looked at; in a project that is not `whole` some references were not.
    """
    comments = {
        (document.path, ignore.mark.line, ignore.rule): False
        for document in documents
        for ignore in document.ignores
    }
    kept = []
    for finding in findings:
        key = (finding.path, finding.line, finding.rule)
        if key in comments and not rules[finding.rule].needed:
            comments[key] = True
        else:
            kept.append(finding)
    for document in documents:
        for ignore in document.ignores:
            used = comments[document.path, ignore.mark.line, ignore.rule]
            looked = whole or not _needs_all(rules.get(ignore.rule))
            kept += list(_complaints(document, ignore, rules)) if looked and not used else []
    return sorted(kept)


def _needs_all(rule: Rule | None) -> bool:
    return rule is not None and (rule.of_all or rule.level == "reference")


def _complaints(document: Document, ignore: Ignore, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    rule = rules.get(ignore.rule)
    if not ignore.rule:
        hint = "name it: # crmctl: ignore[style-first-stage]"
        yield _warning(document, ignore, rules["style-unknown-rule"], "no rule is named to silence", hint)
    elif rule is None:
        hint = did_you_mean(ignore.rule, rules) or "crmctl validate --list-rules"
        yield _warning(
            document, ignore, rules["style-unknown-rule"], f'there is no rule "{ignore.rule}"', hint
        )
    elif rule.needed:
        reason = f'"{rule.id}" cannot be silenced'
        yield _warning(document, ignore, rules["style-unused-ignore"], reason, "correct what it finds")
    else:
        reason = f'nothing to silence here for "{rule.id}"'
        yield _warning(document, ignore, rules["style-unused-ignore"], reason, "remove the comment")


def _warning(document: Document, ignore: Ignore, rule: Rule, message: str, hint: str) -> Finding:
    return Finding(document.path, *ignore.mark, rule.id, rule.severity, message, hint)

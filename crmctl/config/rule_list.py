"""Every rule there is, for `validate --list-rules` and `--explain`."""

from collections.abc import Iterator

import msgspec

from crmctl.config.reading_rules import READING_RULES
from crmctl.config.rule import Rule
from crmctl.config.rules import rule_modules
from crmctl.errors import WrongUse
from crmctl.text import did_you_mean

_LEVELS = ("syntax", "schema", "reference", "style")


class RuleInfo(msgspec.Struct, frozen=True):
    """A line of the list: a rule with the sentence that says what is wrong."""

    rule: Rule
    summary: str


def list_rules() -> list[RuleInfo]:
    """Return every rule by level, then by id."""
    found = [RuleInfo(rule, " ".join(text.strip().split("\n\n")[0].split())) for rule, text in _explained()]
    return sorted(found, key=lambda info: (_LEVELS.index(info.rule.level), info.rule.id))


def explain(rule_id: str) -> str:
    """Return what a rule means, why it is there and what to do. Raises WrongUse for an unknown id."""
    known = {rule.id: text for rule, text in _explained()}
    if rule_id not in known:
        hint = did_you_mean(rule_id, known) or "crmctl validate --list-rules"
        raise WrongUse(f'unknown rule "{rule_id}"', hint=hint)
    return known[rule_id].strip()


def _explained() -> Iterator[tuple[Rule, str]]:
    for name, text in READING_RULES.items():
        yield Rule(name), text
    for module in rule_modules():
        yield module.rule, module.explanation

"""Every rule there is, for `validate --list-rules` and `--explain`."""

from collections.abc import Iterator

import msgspec

from crmctl.config.reading_rules import READING_RULES
from crmctl.config.rule import Rule
from crmctl.config.rules import rule_modules

_LEVELS = ("syntax", "schema", "reference", "style")


class RuleInfo(msgspec.Struct, frozen=True):
    """A rule with the sentence that says what is wrong, and the whole of its explanation."""

    rule: Rule
    summary: str
    explanation: str


def list_rules() -> list[RuleInfo]:
    """Return every rule by level, then by id."""
    found = [RuleInfo(rule, _first_sentence(text), text.strip()) for rule, text in _explained()]
    return sorted(found, key=lambda info: (_LEVELS.index(info.rule.level), info.rule.id))


def _first_sentence(explanation: str) -> str:
    return " ".join(explanation.strip().split("\n\n")[0].split())


def _explained() -> Iterator[tuple[Rule, str]]:
    for name, text in READING_RULES.items():
        yield Rule(name), text
    for module in rule_modules():
        yield module.rule, module.explanation

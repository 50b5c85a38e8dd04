"""The rules of `validate`, of files and of records alike, and the choice among them by name."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from crmctl.config.rule_list import list_rules
from crmctl.errors import WrongUse
from crmctl.model.finding import Severity
from crmctl.rules.audit import RULES
from crmctl.text import comma_separated, did_you_mean

_LIST = "crmctl validate --list-rules"


class KnownRule(msgspec.Struct, frozen=True):
    """A rule by its id: what it finds in a sentence, and why in full.

    Only one that is `silenceable` minds `# crmctl: ignore[...]` on the line of a finding.
    """

    id: str
    severity: Severity
    silenceable: bool
    finds: str
    explanation: str


class RuleSelection(msgspec.Struct, frozen=True):
    """The rules to tell of. A name is a rule's id or what it begins with up to a hyphen: `style` is a level.

    None selected are all of them; what is ignored is taken from those.
    """

    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def tells(self, rule: str) -> bool:
        """Tell whether findings of a rule are wanted."""
        return (not self.selected or _is_named(rule, self.selected)) and not _is_named(rule, self.ignored)


EVERY = RuleSelection()


def choose(selected: Sequence[str], ignored: Sequence[str]) -> RuleSelection:
    """Return the choice that lists of names with commas between them make. Raises WrongUse for an unknown one."""
    choice = RuleSelection(_names(selected), _names(ignored))
    if selected and not choice.selected:
        raise WrongUse("--select names no rule", hint=_LIST)
    names = (*choice.selected, *choice.ignored)
    ids = [rule.id for rule in known_rules()] if names else []
    for name in names:
        if not any(_is_named(rule_id, [name]) for rule_id in ids):
            raise _unknown(name, _names_and_levels(ids))
    return choice


def known_rules(choice: RuleSelection = EVERY) -> list[KnownRule]:
    """Return the rules of a choice: those of files by level and id, then those of records."""
    return [rule for rule in (*_of_files(), *_of_records()) if choice.tells(rule.id)]


def known_rule(rule_id: str) -> KnownRule:
    """Return a rule. Raises WrongUse for one that is not there."""
    known = {rule.id: rule for rule in known_rules()}
    if rule_id not in known:
        raise _unknown(rule_id, known)
    return known[rule_id]


def _of_files() -> Iterator[KnownRule]:
    for info in list_rules():
        rule = info.rule
        yield KnownRule(rule.id, rule.severity, not rule.needed, info.summary, info.explanation)


def _of_records() -> Iterator[KnownRule]:
    for rule_id, (severity, finds) in RULES.items():
        yield KnownRule(rule_id, severity, silenceable=False, finds=finds, explanation=finds)


def _names(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for text in lists for name in comma_separated(text))


def _is_named(rule: str, names: Iterable[str]) -> bool:
    return any(rule == name or rule.startswith(f"{name}-") for name in names)


def _names_and_levels(ids: Iterable[str]) -> Iterator[str]:
    for rule_id in ids:
        yield rule_id
        yield rule_id.partition("-")[0]


def _unknown(name: str, known: Iterable[str]) -> WrongUse:
    return WrongUse(f'unknown rule "{name}"', hint=did_you_mean(name, known) or _LIST)

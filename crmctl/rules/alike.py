"""By what two records may be one: the workspace's match rules, or those that hold where it has none.

Names are compared whatever their case, order, spaces and ё; a company's without its legal form. No alphabet is turned
into another: whoever is written in two is two.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

import msgspec

from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.duplicates import Matcher
from crmctl.text import fold

PERSON = ("last_name", "first_name")
_BUILT_IN: dict[RecordType, tuple[tuple[str, ...], ...]] = {
    RecordType.LEAD: (("email",), ("phone",), (*PERSON, "city"), (*PERSON, "company_name")),
    RecordType.CONTACT: (("email",), ("phone",), (*PERSON, "city"), (*PERSON, "companies")),
    RecordType.COMPANY: (("email",), ("phone",)),
    RecordType.DEAL: (("external_id",),),
    RecordType.PRODUCT: (("external_id",),),
}
_HINTS = {RecordType.COMPANY: ("title",)}
"""What says of two records that they may be one, and never that they are."""
_STRENGTH = {"external_id": 100, "email": 95, "phone": 85}
_OTHER_STRENGTH = 75
HINT_SCORE = 40
_FORMS = (
    "ооо оао зао пао ао нао ип тоо тов фоп чп зат ват пп"
    " ltd limited llc llp lp inc incorporated corp corporation co company gmbh ag kg ug ohg sa sas sarl srl spa"
    " bv nv oy ab as aps plc pty pte sro doo ood eood kft zrt ooo oao zao pao ao"
)
_LEGAL = frozenset(_FORMS.split())
_WORD = re.compile(r"[^\W_]+(?:[.'’&][^\W_]+)*")


class Rule(msgspec.Struct, frozen=True):
    """Fields that must agree, and what it says if they do: from 0 to 100; a hint is no match."""

    fields: tuple[str, ...]
    strength: int
    hint: bool = False

    @property
    def name(self) -> str:
        """How people are told of it."""
        return ", ".join(self.fields)

    @property
    def by_person(self) -> bool:
        """Whether it is by the first and the last name of a person."""
        return set(PERSON) <= set(self.fields)


class Alike:
    """Makes the keys by which records of a type are found to be alike. `shared` keys are no reason to match."""

    def __init__(self, kind: RecordType, configuration: Configuration) -> None:
        self.kind = kind
        self._configuration = configuration
        self._matcher = Matcher(kind, configuration, tuple(rule.fields for rule in self.rules))
        self.shared: set[tuple[int, str]] = set()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in order, hints last."""
        known = self._configuration.fields_of(self.kind)
        own = self._configuration.match.rules.get(self.kind.value)
        hint = _HINTS.get(self.kind)
        # A workspace whose only rule is a hint has none that says that two are one.
        lists = [fields for fields in own or () if fields != hint] or _BUILT_IN.get(self.kind, ())
        found = [Rule(fields, _strength(fields)) for fields in lists if set(fields) <= known.keys()]
        return (*found, *([Rule(hint, HINT_SCORE, hint=True)] if hint else []))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that the rules read, without the id."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.fields))

    def is_number(self, at: int) -> bool:
        """Tell whether a rule is a phone alone, which many people may share."""
        fields = self.rules[at].fields
        known = self._configuration.fields_of(self.kind)
        return len(fields) == 1 and known[fields[0]].kind == "phone"

    def keys(self, values: Mapping[str, Value | None]) -> Iterator[tuple[int, str]]:
        """Yield each rule, by its place, with a key that records which agree in it have in common."""
        for at, rule in enumerate(self.rules):
            if None in map(values.get, rule.fields):
                continue
            parts = (
                [] if rule.hint else [self._parts(name, values) for name in rule.fields if name not in PERSON]
            )
            if rule.hint:
                parts = [[key] if (key := company_key(_text(values.get("title")))) else []]
            elif rule.by_person:
                parts.append([key] if (key := _person_key(values)) else [])
            elif not set(PERSON).isdisjoint(rule.fields):
                parts += [self._parts(name, values) for name in rule.fields if name in PERSON]
            if parts and all(parts):
                for combined in product(*parts):
                    yield at, "\0".join(combined)

    def agreeing(self, one: Record, other: Record) -> list[tuple[int, str]]:
        """Return the rules by which two records match, with the key that they share, in order."""
        mine = dict.fromkeys(self.keys(one.values))
        found: dict[int, str] = {}
        for at, key in self.keys(other.values):
            if (at, key) in mine and (at, key) not in self.shared:
                found.setdefault(at, key)
        # A patronymic tells apart those who have the other names in common.
        together = names_agree(name_words(one), name_words(other))
        return [(at, found[at]) for at in sorted(found) if together or not self.rules[at].by_person]

    def _parts(self, name: str, values: Mapping[str, Value | None]) -> list[str]:
        return self._matcher.parts(name, values.get(name))


def name_words(record: Record) -> list[str]:
    """Return the words of the name of whom a record is of; none where it has none, as a deal."""
    if record.type is RecordType.COMPANY:
        return company_key(record.title).split()
    if record.type not in (RecordType.CONTACT, RecordType.LEAD):
        return []
    parts = " ".join(record.text(name) for name in ("last_name", "first_name", "middle_name")).strip()
    named = parts or record.text("name") or (record.title if record.type is RecordType.CONTACT else "")
    return _words(named)


def names_agree(one: list[str], other: list[str]) -> bool:
    """Tell whether two names may be of one: every word of the shorter is in the longer, or an initial there.

    A name that is not known contradicts none.
    """
    short, rest = (one, list(other)) if len(one) <= len(other) else (other, list(one))
    for word in sorted(short, key=len, reverse=True):  # initials last: they take what is left
        match = word if word in rest else next((each for each in rest if _initial(each, word)), None)
        if match is None:
            return False
        rest.remove(match)
    return True


def company_key(title: str) -> str:
    """Return what the names of one company have in common, whatever its legal form, case, order and quotes."""
    words = _words(title)
    own = [word for word in words if word.replace(".", "") not in _LEGAL]
    return " ".join(own or words)


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def _strength(fields: tuple[str, ...]) -> int:
    return max(_STRENGTH.get(name, _OTHER_STRENGTH) for name in fields)


def _person_key(values: Mapping[str, Value | None]) -> str:
    """Return the key of a first and a last name, whichever stands in which field."""
    first, last = (_text(values.get(name)) for name in PERSON)
    return " ".join(sorted(_words(f"{first} {last}"))) if first and last else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""

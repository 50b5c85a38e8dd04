"""Records: what the store keeps and everything else passes around."""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from crmctl.errors import WrongUse
from crmctl.text import did_you_mean

Scalar = str | int | float | bool
Value = Scalar | list[str]
"""A field's value as it is kept: what JSON can hold, money as text, moments in UTC."""
Values = Mapping[str, Value]


class RecordType(StrEnum):
    """The kinds of record, by the word that names them in commands and YAML."""

    LEAD = "lead"
    CONTACT = "contact"
    COMPANY = "company"
    DEAL = "deal"
    PRODUCT = "product"
    TASK = "task"

    @property
    def prefix(self) -> str:
        """The letter its ids begin with."""
        return _PREFIXES[self]

    @property
    def table(self) -> str:
        """The table its records are in, which is also its plural."""
        return _TABLES[self]

    @property
    def staged(self) -> bool:
        """Whether its records go through a pipeline."""
        return self in (RecordType.LEAD, RecordType.DEAL)


CLIENTS = (RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL)
"""Records that are clients or about one: whom a task may be for."""
_PREFIXES = {
    RecordType.LEAD: "L",
    RecordType.CONTACT: "C",
    RecordType.COMPANY: "O",
    RecordType.DEAL: "D",
    RecordType.PRODUCT: "P",
    RecordType.TASK: "T",
}
_BY_PREFIX = {letter: kind for kind, letter in _PREFIXES.items()}
_TABLES = {kind: "companies" if kind is RecordType.COMPANY else f"{kind.value}s" for kind in RecordType}
_BY_VALUE: dict[Value, RecordType] = {kind.value: kind for kind in RecordType}
_BY_WORD = {word: kind for kind in RecordType for word in (kind.value, kind.table)}
_ID = re.compile(r"(?:([A-Za-z])-|([a-z]+)[/-])([1-9][0-9]{0,17})")


class Record(msgspec.Struct, frozen=True, gc=False):
    """A record's values by field name, empty ones left out; `id` and `record` are always there."""

    values: Values

    @property
    def id(self) -> str:
        """The id, such as `D-42`."""
        return str(self.values["id"])

    @property
    def type(self) -> RecordType:
        """The record type."""
        return _BY_VALUE.get(self.values["record"]) or RecordType(str(self.values["record"]))

    @property
    def title(self) -> str:
        """The title, empty for a record that has none yet."""
        return self.text("title")

    @property
    def pipeline(self) -> str:
        """The pipeline's id, empty for records without stages."""
        return self.text("pipeline")

    @property
    def stage(self) -> str:
        """The stage's id, empty for records without stages."""
        return self.text("stage")

    @property
    def revision(self) -> int:
        """How many times it was written; 0 before the first."""
        value = self.values.get("revision", 0)
        return value if isinstance(value, int) else 0

    @property
    def label(self) -> str:
        """How messages name it: `D-42 "Acme"`."""
        return f'{self.id} "{self.title}"' if self.title else self.id

    def get(self, name: str) -> Value | None:
        """Return a field's value, or nothing where it is empty."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a single text value, empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """Return a many-valued field's values, also the one from when it took one; empty where there are none."""
        value = self.values.get(name)
        if isinstance(value, list):
            return value
        return [] if value is None else [str(value)]

    def having(self, changes: Mapping[str, Value | None]) -> "Record":
        """Return the record with values set, and those that are None or empty taken away."""
        merged = {**self.values, **changes}
        # `is_empty`, without a call for each of twenty values of a hundred thousand records.
        filled = {
            name: value
            for name, value in merged.items()
            if value is not None and value != "" and value != []  # noqa: PLR1714
        }
        return Record(filled)


def counted(record: Record, name: str, more: int = 1) -> Record:
    """Return a record with a field that counts more, or fewer; a count of nothing is empty."""
    count = record.get(name)
    return record.having({name: ((count if isinstance(count, int) else 0) + more) or None})


def is_empty(value: object) -> bool:
    """Tell whether a value counts as none: 0 and false are values."""
    return value is None or value in ("", [])


def record_type(word: str) -> RecordType:
    """Return the record type that a word, singular or plural, names. Raises WrongUse."""
    kind = _BY_WORD.get(word.lower())
    if kind is None:
        allowed = ", ".join(known.value for known in RecordType)
        raise WrongUse(
            f'unknown record type "{word}"', hint=did_you_mean(word, _BY_WORD) or f"one of: {allowed}"
        )
    return kind


def read_id(text: str) -> str | None:
    """Return the id that `D-42`, `d-42` or `deal/42` means, or nothing where it is no id."""
    match = _ID.fullmatch(text.strip())
    if not match:
        return None
    letter, word, number = match.groups()
    kind = _BY_PREFIX.get(letter.upper()) if letter else _BY_WORD.get(word)
    return f"{kind.prefix}-{number}" if kind else None


def parse_id(text: str) -> str:
    """Return the id that `text` means. Raises WrongUse for text of another form."""
    found = read_id(text)
    if found is None:
        raise WrongUse(f'"{text}" is not an id', hint="ids look like L-1, C-2, O-3, D-4, T-5")
    return found


def type_of(record_id: str) -> RecordType:
    """Return the type of an id in its usual form."""
    return _BY_PREFIX[record_id[0]]


def number_of(record_id: str) -> int:
    """Return an id's number."""
    return int(record_id[2:])

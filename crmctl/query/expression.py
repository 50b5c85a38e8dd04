"""Expressions as trees: what was written, with the place of every part that can be wrong.

`str()` of a node is its canonical text, which reads back as the same tree.
"""

import msgspec

from crmctl.query.error import Place

FLAGS = (
    "open",
    "won",
    "lost",
    "overdue",
    "stale",
    "unassigned",
    "untouched",
    "idle",
    "done",
    "cancelled",
    "waiting",
)
"""Words that are conditions by themselves."""


class Name(msgspec.Struct, frozen=True):
    """A field as written: its id, title or alias, or `reference.field` of the record it points to."""

    text: str
    place: Place

    def __str__(self) -> str:
        return self.text


class Operand(msgspec.Struct, frozen=True):
    """A value as written, without its quotes."""

    text: str
    quoted: bool
    place: Place

    def __str__(self) -> str:
        return '"' + self.text.replace('"', '""') + '"' if self.quoted else self.text


class Node(msgspec.Struct, frozen=True):
    """A condition."""


class And(Node, frozen=True):
    """Every part holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(_within(part, And, Or) for part in self.parts)


class Or(Node, frozen=True):
    """Some part holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(_within(part, Or) for part in self.parts)


class Not(Node, frozen=True):
    """The part does not hold."""

    part: Node

    def __str__(self) -> str:
        return f"not {_within(self.part, And, Or)}"


class Comparison(Node, frozen=True):
    """`amount >= 10k`; `place` is the operator's, here as below."""

    field: Name
    operator: str
    value: Operand
    place: Place

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


class In(Node, frozen=True):
    """`stage in (order, shipping)`."""

    field: Name
    values: tuple[Operand, ...]
    negated: bool
    place: Place

    def __str__(self) -> str:
        values = ", ".join(str(value) for value in self.values)
        return f"{self.field} {'not ' if self.negated else ''}in ({values})"


class Between(Node, frozen=True):
    """`amount between 10k and 50k`, both included."""

    field: Name
    low: Operand
    high: Operand
    place: Place

    def __str__(self) -> str:
        return f"{self.field} between {self.low} and {self.high}"


class Empty(Node, frozen=True):
    """`source is empty`."""

    field: Name
    negated: bool

    def __str__(self) -> str:
        return f"{self.field} is {'not ' if self.negated else ''}empty"


class Has(Node, frozen=True):
    """`tags has vip`."""

    field: Name
    value: Operand
    place: Place

    def __str__(self) -> str:
        return f"{self.field} has {self.value}"


class Changed(Node, frozen=True):
    """`stage changed`, `stage changed after 2026-11-01`; `relation` is `after`, `before` or empty."""

    field: Name
    relation: str
    when: Operand | None

    def __str__(self) -> str:
        return f"{self.field} changed {self.relation} {self.when}" if self.when else f"{self.field} changed"


class Flag(Node, frozen=True):
    """`open`."""

    name: str
    place: Place

    def __str__(self) -> str:
        return self.name


class Text(Node, frozen=True):
    """`"иван петров"`: a search of all text."""

    value: Operand

    def __str__(self) -> str:
        return str(self.value)


class Expression(msgspec.Struct, frozen=True):
    """A whole expression with the text it was read from; equal to another that says the same."""

    root: Node
    text: str

    def __str__(self) -> str:
        return str(self.root)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.root == other.root

    def __hash__(self) -> int:
        return hash(self.root)


def _within(part: Node, *looser: type[Node]) -> str:
    return f"({part})" if isinstance(part, looser) else str(part)

"""Conditions on the rows of a report, in the language of filters: `win_rate < 0.2`, `rows > 0`.

A column is a field whose type its kind says; nothing else of the language is another.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from crmctl.dates import read_duration
from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types import field_type
from crmctl.model.field_types.base import ORDER, FieldType, Test
from crmctl.model.field_types.money import MoneyType
from crmctl.model.field_types.number import NumberType
from crmctl.model.records import RecordType, Scalar
from crmctl.model.table import Cell, Column, Kind, Row
from crmctl.money import parse_stored
from crmctl.query import expression as tree
from crmctl.query.bind import bind
from crmctl.query.error import QueryError
from crmctl.query.parser import parse
from crmctl.query.scope import Scope
from crmctl.rules.context import NoLookups
from crmctl.text import names_hint

ROWS = "rows"
"""The column that every table has: how many rows it has."""


class _Share(NumberType):
    """From 0 to 1, also typed as a percentage."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> int | float:
        if not text.endswith("%"):
            return super().parse(text, field, conventions)
        return float(Decimal(str(super().parse(text[:-1], field, conventions))) / 100)


class _Days(NumberType):
    """Days, also typed as a length of time."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> int | float:
        try:
            return super().parse(text, field, conventions)
        except BadValue:
            return read_duration(text).total_seconds() / 86_400


class _Sums(MoneyType):
    """Sums in several currencies, compared with an amount in one: what is not among them is nought there."""

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        if op == "~":
            return super().comparison(op, text, field, conventions)
        wanted, compare = parse_stored(str(self.parse(text, field, conventions))), ORDER[op]

        def test(value: str) -> bool:
            sums = {code: amount for amount, _, code in (each.partition(" ") for each in value.split("; "))}
            return compare(Decimal(sums.get(wanted.currency, "0")), wanted.amount)

        return test

    def incomparable(self, text: str, field: Field, conventions: Conventions) -> Test:
        return lambda _value: False


_TYPES: Mapping[Kind, FieldType] = {
    Kind.COUNT: field_type("number"),
    Kind.SHARE: _Share(),
    Kind.DAYS: _Days(),
    Kind.AMOUNT: _Sums(),
}


class _Measure(Field, frozen=True, dict=True):
    """A column as a field."""

    @cached_property
    def type(self) -> FieldType:
        return _TYPES.get(Kind(self.kind)) or field_type("text")


class _Table(Scope, frozen=True):
    """The columns of a table, in the place of the fields of a record type."""

    columns: Mapping[str, Field] = {}
    """What may be named; `known` is what other tables of the report have, too."""
    known: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Field]:
        return dict(self.columns)

    def field(self, name: str) -> Field:
        found = self.columns.get(name) or self.columns.get(name.lower())
        if found is None and name.lower() in self.known:
            raise BadValue(
                f'"{name}" is a column of another table', hint=f"columns: {', '.join(self.columns)}"
            )
        if found is None:
            raise BadValue(f'unknown column "{name}"', hint=names_hint(name, self.known, "columns"))
        return found

    def reference(self, name: str) -> Field:
        self.field(name)
        raise BadValue(f"{name} points to no records", hint="a report has columns alone")


class Table(msgspec.Struct, frozen=True):
    """Rows of a report that have the same columns."""

    columns: Sequence[Column]
    rows: Sequence[Row]

    def fields(self) -> dict[str, Field]:
        """Return the columns as fields; one that only rows know is told by what it holds."""
        kinds: dict[str, Kind] = {
            column.name: column.kind for column in self.columns if column.kind is not Kind.BAR
        }
        for row in self.rows:
            for name, value in row.items():
                if value is not None and name not in kinds:
                    kinds[name] = _kind(value)
        several = {name for row in self.rows for name, value in row.items() if isinstance(value, list)}
        found: dict[str, Field] = {
            name: _Measure(name, kind.value, multiple=name in several) for name, kind in kinds.items()
        }
        return found | {ROWS: _Measure(ROWS, Kind.COUNT.value)}


def true_of(
    text: str, tables: Sequence[Table], configuration: Configuration, conventions: Conventions
) -> list[Row]:
    """Return the rows that a condition is true of, of the first table that has all its columns.

    One about the number of rows alone is true of the table, not of a row: then that number is the only one.
    Raises QueryError, also where there are no rows.
    """
    expression = parse(text)
    named = {name.text.lower().partition(".")[0] for name in _parts(expression.root, tree.Name)}
    for node in _parts(expression.root, (tree.Flag, tree.Text, tree.Changed)):
        raise _no_column(node, text)
    fields = [table.fields() for table in tables]
    known = tuple(dict.fromkeys(name for each in fields for name in each))
    which = next((at for at, each in enumerate(fields) if named <= each.keys()), 0)
    table = tables[which]
    # A product has neither stages nor flags that could be taken for columns.
    scope = _Table(configuration, RecordType.PRODUCT, conventions, columns=fields[which], known=known)
    passes = bind(expression, scope).predicate(_column, NoLookups())
    whole: Row = {ROWS: len(table.rows)}
    if named == {ROWS}:
        return [whole] if passes(whole) else []
    return [row for row in table.rows if passes({**_compared(row), **whole})]


def _column(name: str) -> Callable[[Any], Any]:
    return lambda row: row.get(name)


def _compared(row: Row) -> dict[str, object]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Cell) -> Scalar | list[str] | None:
    """Return a cell as its field compares it: no amounts at all are nought, not nothing."""
    if isinstance(value, dict):
        return "; ".join(f"{amount} {code}" for code, amount in value.items()) or "0"
    return value


def _kind(value: Cell) -> Kind:
    if isinstance(value, dict):
        return Kind.AMOUNT
    return Kind.TEXT if isinstance(value, str | list | bool) else Kind.COUNT


def _parts(node: object, wanted: Any) -> Iterator[Any]:
    """Yield the parts of an expression that are of some kind."""
    if isinstance(node, wanted):
        yield node
    if isinstance(node, tuple):
        for each in node:
            yield from _parts(each, wanted)
    elif isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from _parts(getattr(node, name), wanted)


def _no_column(node: tree.Node, text: str) -> QueryError:
    hint = "compare a column, as in rows > 0"
    match node:
        case tree.Flag():
            hint = f"compare it if it is a column: {node.name} > 0"
            return QueryError(f'"{node.name}" alone is no condition', text, node.place, hint)
        case tree.Text():
            return QueryError("a report has no text to be searched", text, node.value.place, hint)
        case tree.Changed():
            return QueryError('"changed" is for records', text, node.field.place, hint)
    raise AssertionError(node)

"""Figures of reports as people read them. Rounding happens here, once."""

from collections.abc import Mapping
from decimal import Decimal

from crmctl.model.table import Cell, Column, Kind, Row

NONE = "n/a"
"""What stands for a figure that there is none of, such as a share of nothing."""

_RIGHT = frozenset({Kind.COUNT, Kind.SHARE, Kind.AMOUNT, Kind.DAYS})


def is_figure(column: Column) -> bool:
    """Tell whether a column holds figures, which are set to the right and never cut."""
    return column.kind in _RIGHT


def figure_lines(row: Row, column: Column) -> list[str]:
    """Return a row's value as text, a line for each currency; empty for a value the row does not have."""
    if column.name not in row:
        return [""]
    value = row[column.name]
    if isinstance(value, dict):
        return [f"{digits(amount)} {currency}" for currency, amount in value.items()] or ["0"]
    return [_text(value, column.kind)]


def figure(row: Row, column: Column) -> str:
    """Return a row's value as text on one line: amounts in several currencies joined by a plus."""
    return " + ".join(figure_lines(row, column))


def raw_figure(value: Cell) -> str:
    """Return a value for another program: unrounded, empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, Mapping):
        return " + ".join(f"{amount} {currency}" for currency, amount in value.items())
    return str(value)


def digits(number: str | float) -> str:
    """Return a number in plain digits, ungrouped, so that what is read can be searched for and pasted."""
    return f"{Decimal(str(number)):f}"


def share_text(share: float) -> str:
    """Return a share from 0 to 1 as a percentage with one decimal."""
    text = f"{share * 100:.1f}"
    return f"{'0.0' if text == '-0.0' else digits(text)}%"


def _text(value: str | float | list[str] | None, kind: Kind) -> str:
    if value is None:
        return "" if kind is Kind.TEXT else NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, str):
        return value
    return _number(value, kind)


def _number(value: float, kind: Kind) -> str:
    if kind is Kind.SHARE:
        return share_text(value)
    if kind is Kind.TEXT:
        return str(value)
    if isinstance(value, int):
        return digits(value)
    places = 1 if kind is Kind.DAYS else 2
    return digits(f"{value:.{places}f}")

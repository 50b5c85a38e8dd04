"""Bars made of characters."""

from collections.abc import Sequence

from crmctl.model.table import Cell, Column, Kind, Row

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int, *, unicode: bool = True) -> str:
    """Return a bar over a share of `width` columns, to an eighth of one; what is not zero is always seen."""
    share = min(max(share, 0.0), 1.0)
    if not share:
        return ""
    if not unicode:
        return "#" * max(round(share * width), 1)
    full, eighths = divmod(max(round(share * width * 8), 1), 8)
    return "█" * full + (_EIGHTHS[eighths] if eighths else "")


def bar_shares(rows: Sequence[Row], column: Column, columns: Sequence[Column]) -> list[float]:
    """Return each row's value as a share of the largest.

    A bar measures the value of its own name or, where rows have none, the first count beside it.
    """
    name = column.name
    if not any(name in row for row in rows):
        name = next((each.name for each in columns if each.kind is Kind.COUNT), name)
    lengths = [_length(row.get(name)) for row in rows]
    most = max(lengths, default=0.0)
    return [length / most if most > 0 else 0.0 for length in lengths]


def _length(value: Cell) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    # Amounts in several currencies have no common length.
    if isinstance(value, dict) and len(value) == 1:
        return float(*value.values())
    return 0.0

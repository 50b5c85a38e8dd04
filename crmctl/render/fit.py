"""How wide the columns of a table may be, so that it fits the terminal."""

from collections.abc import Sequence

GAP = 2
"""Columns of space between two columns."""
SHORTEST = 7
"""What a text column is not narrowed beyond, unless it is narrower by itself."""
SHORTEST_TITLE = 16
"""The same for titles, by which people know their records."""


def fit(natural: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Return the widths of the columns that fit into `width`, the widest narrowed first.

    The list is shorter than `natural` where not all fit even at their least; one column always remains.
    """
    kept = len(natural)
    while kept > 1 and _total(least[:kept]) > width:
        kept -= 1
    wanted, floor = natural[:kept], least[:kept]
    if _total(wanted) <= width:
        return list(wanted)
    return _narrowed(wanted, floor, width - GAP * (kept - 1))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _narrowed(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return widths under the highest common limit that fits; what is left over goes to the first columns."""
    low, high = 0, max(natural)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_limited(natural, least, middle)) <= room:
            low = middle
        else:
            high = middle - 1
    widths = _limited(natural, least, low)
    spare = room - sum(widths)
    for at, width in enumerate(widths):
        if spare > 0 and width < natural[at] and width >= low:
            widths[at] += 1
            spare -= 1
    return widths


def _limited(natural: Sequence[int], least: Sequence[int], limit: int) -> list[int]:
    return [max(floor, min(wanted, limit)) for wanted, floor in zip(natural, least, strict=True)]

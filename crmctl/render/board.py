"""A pipeline as columns of cards. Columns that do not fit the terminal go on below."""

from collections.abc import Iterator, Sequence

import msgspec

from crmctl.render.colour import Style
from crmctl.render.width import clip, display_width, pad
from crmctl.text import visible

NARROWEST = 18
"""Columns that a card needs to be read."""
WIDEST = 32
_GAP = "  "


class Lane(msgspec.Struct, frozen=True):
    """A column of the board: a heading of a few lines, and cards of a few lines each."""

    heading: tuple[str, ...]
    cards: tuple[tuple[str, ...], ...]
    outcome: str = "open"


def draw_board(lanes: Sequence[Lane], style: Style) -> list[str]:
    """Return the lines of the board, as many lanes side by side as the width takes."""
    width = _lane_width(lanes, style)
    side_by_side = (
        len(lanes) if style.width is None else max((style.width + len(_GAP)) // (width + len(_GAP)), 1)
    )
    lines: list[str] = []
    for at in range(0, len(lanes), side_by_side):
        lines += _band(lanes[at : at + side_by_side], width, style)
        lines.append("")
    return lines[:-1]


def _lane_width(lanes: Sequence[Lane], style: Style) -> int:
    """Return the width of every lane: what its texts want, within what the terminal gives."""
    texts = (text for lane in lanes for card in (lane.heading, *lane.cards) for text in card)
    wanted = min(max((display_width(visible(text)) for text in texts), default=NARROWEST), WIDEST)
    if style.width is None:
        return wanted
    fits = max((style.width + len(_GAP)) // (NARROWEST + len(_GAP)), 1)
    room = (style.width - len(_GAP) * (min(fits, len(lanes)) - 1)) // max(min(fits, len(lanes)), 1)
    return max(min(wanted, room), min(NARROWEST, style.width))


def _band(lanes: Sequence[Lane], width: int, style: Style) -> Iterator[str]:
    tallest = max(len(lane.heading) for lane in lanes)
    columns = [list(_lane_lines(lane, tallest, width, style)) for lane in lanes]
    height = max(len(column) for column in columns)
    for at in range(height):
        cells = [column[at] if at < len(column) else " " * width for column in columns]
        yield _GAP.join(cells).rstrip()


def _lane_lines(lane: Lane, tallest: int, width: int, style: Style) -> Iterator[str]:
    paint = {"won": style.green, "lost": style.red}.get(lane.outcome, style.bold)
    for line in (*lane.heading, *[""] * (tallest - len(lane.heading))):
        yield paint(_cell(line, width, style))
    yield ("─" if style.unicode else "-") * width
    for card in lane.cards:
        for at, line in enumerate(card):
            cell = _cell(line, width, style)
            yield cell if at == 0 else style.dim(cell)
        yield " " * width


def _cell(text: str, width: int, style: Style) -> str:
    return pad(clip(visible(text), width, style.ellipsis), width)

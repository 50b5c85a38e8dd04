"""One record as a card: a label and its value a line, long text wrapped under it."""

from collections.abc import Iterator

from crmctl.render.colour import Style
from crmctl.render.listing import Card, Section
from crmctl.render.width import clip, display_width, pad, wrap
from crmctl.text import visible

_WIDEST_LABEL = 24
_WIDEST_PART = 0.4
"""Of a line, that a label may take where this is more."""
_NARROWEST_TEXT = 10
_ANY_WIDTH = 120


def draw_card(card: Card, style: Style) -> list[str]:
    """Return the lines of a card: its heading, its filled fields, and what belongs to it."""
    fields = [(visible(column.title or column.name), text) for column, text in card.filled()]
    widest = max(_WIDEST_LABEL, int((style.width or _ANY_WIDTH) * _WIDEST_PART))
    labels = [clip(label, widest, style.ellipsis) for label, _ in fields]
    indent = max(map(display_width, labels), default=0) + 4
    lines = [style.bold(line) for line in _wrapped(card.heading, 0, style)]
    for label, (_, text) in zip(labels, fields, strict=True):
        first, *rest = _wrapped(text, indent, style)
        lines.append(f"  {style.dim(pad(label, indent - 4))}  {first}".rstrip())
        lines += [f"{' ' * indent}{line}".rstrip() for line in rest]
    for section in card.sections:
        lines += _section_lines(section, style)
    return lines


def _section_lines(section: Section, style: Style) -> Iterator[str]:
    yield style.bold(visible(section.heading))
    for text in section.lines:
        first, *rest = _wrapped(text, 4, style)
        yield f"  {first}"
        yield from (f"    {line}" for line in rest)


def _wrapped(text: str, indent: int, style: Style) -> list[str]:
    room = None if style.width is None else max(style.width - indent, _NARROWEST_TEXT)
    shown = visible(text.replace("\r\n", "\n"), multiline=True)
    return wrap(shown.strip("\n"), room)

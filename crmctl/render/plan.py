"""A plan as text: what changed, place by place, and under it the records that it means something for."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from crmctl.model.records import RecordType
from crmctl.render.colour import PLAIN, Style
from crmctl.render.plan_words import (
    difference_told,
    effect_told,
    grouped,
    map_option,
    named,
    remedy,
    stray_told,
)
from crmctl.render.width import wrap
from crmctl.rules.difference import Difference, How, What
from crmctl.rules.migration import Effect, Fate
from crmctl.text import visible

_WIDTH = 80
_MARKS = {How.ADDED: "+", How.REMOVED: "-"}
_About = tuple[What, str, str]


def plan_text(differences: Sequence[Difference], effects: Sequence[Effect], style: Style = PLAIN) -> str:
    """Return the differences under headings, each with its effects, and last what no difference explains."""
    waiting = _by_difference(effects)
    sections: dict[str, list[str]] = {}
    for each in differences:
        lines = sections.setdefault(_heading(each.what, each.place), [])
        lines.append(f"  {_mark(_MARKS.get(each.change, '~'), style)} {visible(difference_told(each))}")
        lines += _effect_lines(waiting.pop((each.what, each.place, each.name), []), style)
    for (what, place, name), found in waiting.items():
        lines = sections.setdefault(_heading(what, place), [])
        lines.append(f"  {_mark('!', style)} {visible(stray_told(what, place, name))}")
        lines += _effect_lines(found, style)
    parts = ("\n".join([style.bold(visible(heading)), *lines]) for heading, lines in sections.items())
    return "".join(f"{part}\n" for part in parts)


def _by_difference(effects: Iterable[Effect]) -> dict[_About, list[Effect]]:
    found: dict[_About, list[Effect]] = {}
    for each in effects:
        found.setdefault((each.what, each.place, each.name), []).append(each)
    return found


def _heading(what: What, place: str) -> str:
    if what in (What.LIST, What.VALUE):
        return f"list {place}"
    owner = place.partition("/")[0]
    return owner if owner in [kind.value for kind in RecordType] and "/" not in place else f"pipeline {owner}"


def _mark(mark: str, style: Style) -> str:
    paint = {"+": style.green, "-": style.red, "!": style.red}.get(mark, style.yellow)
    return paint(mark)


def _effect_lines(effects: Sequence[Effect], style: Style) -> Iterator[str]:
    for found in grouped(effects):
        blocks = found[0].fate is Fate.BLOCKS
        told = f"{effect_told(found)}: {named([each.id for each in found])}"
        yield from _wrapped(told, style.red if blocks else str, style)
        if option := map_option(found[0]):
            yield f"      {style.cyan(visible(option))}"
        elif blocks:
            yield from _wrapped(remedy(found[0]), str, style)


def _wrapped(told: str, paint: Callable[[str], str], style: Style) -> Iterator[str]:
    first, *rest = wrap(visible(told), (style.width or _WIDTH) - 6)
    yield f"      {paint(first)}"
    yield from (f"      {line}" for line in rest)

"""Findings for people: the place, the message, the line at fault with a caret under it, and the cure."""

from collections.abc import Iterator, Sequence

from crmctl.model.finding import Finding, Severity
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.width import clip, display_width
from crmctl.text import visible

_WIDEST_EXCERPT = 120


def findings(findings: Sequence[Finding], background: Background, style: Style) -> str:
    """Return a paragraph for each finding."""
    return "\n".join(
        "".join(f"{line}\n" for line in _paragraph(each, background, style)) for each in findings
    )


def _paragraph(finding: Finding, background: Background, style: Style) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}:{finding.column or 1}" if finding.line else finding.path
    paint = style.red if finding.severity is Severity.ERROR else style.yellow
    rule = style.dim(visible(f"[{finding.rule}]"))
    yield f"{style.bold(visible(place))}: {paint(f'{finding.severity}:')} {visible(finding.message)} {rule}"
    line = background.line(finding.path, finding.line) if finding.line else None
    if line is not None and line.strip():
        yield from _excerpt(line, finding, style)
    if finding.hint:
        yield f"{style.cyan('hint:')} {visible(finding.hint)}"


def _excerpt(line: str, finding: Finding, style: Style) -> Iterator[str]:
    number = str(finding.line)
    room = max((style.width or _WIDEST_EXCERPT) - len(number) - 3, 20)
    before, after = _window(line.rstrip("\r\n"), finding.column, room, style)
    yield f"{style.dim(f'{number} |')} {clip(before + after, room, style.ellipsis).rstrip()}"
    if finding.column:
        gutter = style.dim(" " * len(number) + " |")
        yield f"{gutter} {' ' * display_width(before)}{style.red('^')}"


def _window(line: str, column: int, room: int, style: Style) -> tuple[str, str]:
    """Return what is shown of a line before the caret, and from it on; the caret is always in sight."""
    at = max(column - 1, 0)
    before, after = visible(line[:at]), visible(line[at : at + room * 2])
    if display_width(before) <= room * 3 // 4 or display_width(before + after) <= room:
        return before, after
    while display_width(before) > room // 2:
        before = before[-len(before) // 2 :] if len(before) > room * 2 else before[1:]
    return style.ellipsis + before, after

"""Errors, warnings and notes as they are told on standard error."""

from collections.abc import Iterator, Sequence

from crmctl.errors import CrmError, Detail
from crmctl.render.colour import PLAIN, Style
from crmctl.render.json_text import compact
from crmctl.render.width import display_width, pad
from crmctl.text import visible


def error_text(error: CrmError, style: Style = PLAIN) -> str:
    """Return the message, a line for each detail, the text at fault as it is indented, and the hint."""
    return f"{style.red('error:')} {told(error, style)}\n"


def told(error: CrmError, style: Style = PLAIN) -> str:
    """Return the same without the word before it and the end of the last line."""
    lines = [_indented(error.message, "  ")]
    lines += detail_lines(error.details)
    if error.excerpt:
        shown = visible(error.excerpt, multiline=True).expandtabs(4).rstrip("\n")
        lines += [line.rstrip() for line in shown.split("\n")]
    if error.hint:
        lines.append(f"{style.cyan('hint:')} {_indented(error.hint, '      ')}")
    return "\n".join(lines)


def warning_text(message: str, style: Style = PLAIN, hint: str | None = None) -> str:
    """Return a warning and what to do about it."""
    lines = [f"{style.yellow('warning:')} {_indented(message, '  ')}"]
    if hint:
        lines.append(f"{style.cyan('hint:')} {_indented(hint, '      ')}")
    return _joined(lines)


def note_text(message: str, style: Style = PLAIN) -> str:
    """Return something worth knowing."""
    return _joined([f"{style.dim('note:')} {_indented(message, '  ')}"])


def error_json(error: CrmError) -> str:
    """Return the error as one JSON object on one line."""
    return compact({"error": error_object(error)}) + "\n"


def error_object(error: CrmError) -> dict[str, object]:
    """Return the error under its JSON keys; what it does not have is null."""
    return {
        "code": error.code,
        "exit_code": error.exit_code,
        "message": error.message,
        "record": error.record,
        "details": error.details,
        "hint": error.hint,
    }


def detail_lines(details: Sequence[Detail]) -> Iterator[str]:
    """Yield a line for each detail: the field's label and what is wrong with it, in two columns."""
    labels = [visible(_label(detail)) for detail in details]
    width = max(map(display_width, labels), default=0)
    for label, detail in zip(labels, details, strict=True):
        message = visible(str(detail.get("message") or ""))
        yield f"  {pad(label, width)}   {message}".rstrip() if label else f"  {message}"


def _label(detail: Detail) -> str:
    # What is about a line of a file begins with that, and names the cell itself.
    return "" if "line" in detail else str(detail.get("label") or detail.get("field") or "")


def _indented(text: str, indent: str) -> str:
    return visible(text, multiline=True).replace("\n", f"\n{indent}")


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

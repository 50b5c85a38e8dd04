"""History and its ledger. Entries as lines: `#7  2026-11-21 22:37  anna  move  D-42  stage: new -> visit`."""

from collections.abc import Sequence

import msgspec

from crmctl.dates import local_text
from crmctl.model.change import Entry, Run
from crmctl.model.letter import MAIL
from crmctl.model.message import COUNT, MESSAGE
from crmctl.model.note import NOTE, SAID, note_id
from crmctl.model.records import Record, RecordType, Value, type_of
from crmctl.render.colour import PLAIN, Style
from crmctl.render.json_text import array
from crmctl.render.value import EMPTY, DumpValue, ShowValue, dumped, kept_value, plain_value
from crmctl.render.width import display_width, pad, wrap
from crmctl.text import visible

REMOVED = "(removed)"
"""What stands in the place of a note that is told no more."""
_LONGEST_MESSAGE = 1000
_NARROWEST_CHANGE = 30
_BELOW = 4
"""How far a change is set in that stands below its heading."""


def entries_text(
    entries: Sequence[Entry], zone: str, style: Style = PLAIN, show: ShowValue = plain_value
) -> str:
    """Return a line for each entry, in the order given, at the workspace's time."""
    rows = [[visible(cell) for cell in _columns(entry, zone, show)] for entry in entries]
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_line(row, widths, style)}\n" for row in rows)


def entries_json(entries: Sequence[Entry], zone: str, dump: DumpValue = kept_value) -> str:
    """Return an array of entries, times with the workspace's offset; what is empty is left out."""
    return array(entry_object(entry, zone, dump) for entry in entries)


def entry_object(entry: Entry, zone: str, dump: DumpValue = kept_value) -> dict[str, object]:
    """Return one entry under its JSON keys."""
    changes = dumped(type_of(entry.id), entry.changes, dump)
    own = {"note_id": note_id(entry)} if entry.op == NOTE else {}
    return {**msgspec.to_builtins(entry), "at": local_text(entry.at, zone), "changes": changes, **own}


def run_object(run: Run, zone: str) -> dict[str, object]:
    """Return a line of the ledger under its JSON keys."""
    return {
        "id": run.id,
        "at": local_text(run.at, zone),
        "by": run.by,
        "op": run.op,
        "record": run.record,
        "files": list(run.files),
        "profiles": list(run.profiles),
        "rows": run.rows,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "skipped": run.skipped,
        "rejected": run.rejected,
        "undone": f"#{run.undone}" if run.undone else None,
        "message": run.message or None,
    }


def entry_text(entry: Entry, zone: str, show: ShowValue = plain_value) -> str:
    """Return one entry for a card: its time, who, what, without the record."""
    _, at, by, op, _, what = _columns(entry, zone, show)
    return visible("  ".join(part for part in (at, by, op, what) if part))


def work_text(entry: Entry, task: Record, client: str, zone: str, show: ShowValue = plain_value) -> str:
    """Return the end of a task for its client's card: what was done and what came of it; `client` is whose it is."""
    at, about = (
        local_text(entry.at, zone)[:16].replace("T", " "),
        f"{task.label}{client and f' for {client}'}",
    )
    result = show(RecordType.TASK, "result", task.text("result")) if task.text("result") else ""
    told = [at, entry.by, entry.op, about, result, task.text("comment")]
    return visible("  ".join(part for part in told if part))


def work_object(entry: Entry, task: Record, zone: str, dump: DumpValue = kept_value) -> dict[str, object]:
    """Return the end of a task for its client's card under the JSON keys of an entry and its own."""
    held = {name: value for name in ("for", "result", "comment") if (value := task.get(name)) is not None}
    return {**entry_object(entry, zone, dump), "title": task.title, **held}


def _columns(entry: Entry, zone: str, show: ShowValue) -> list[str]:
    at = local_text(entry.at, zone)[:16].replace("T", " ")
    return [f"#{entry.gen}", at, entry.by, entry.op, entry.id, _what(entry, show)]


def _what(entry: Entry, show: ShowValue) -> str:
    kind = type_of(entry.id)
    if entry.op == NOTE:
        return _said([f"{entry.note or REMOVED}  ({note_id(entry)})"], entry)
    if entry.op == MAIL:
        return _said([], entry)

    def told(field: str, value: Value | None) -> str:
        return EMPTY if value is None else show(kind, field, value)

    parts = [
        f"{field}: {told(field, old)} -> {told(field, new)}"
        for field, (old, new) in entry.changes.items()
        if field != COUNT
    ]
    told_of = [", ".join(parts)] if parts else []
    return _said([_short(entry) or REMOVED, *told_of] if entry.op == MESSAGE else told_of, entry)


def _said(said: list[str], entry: Entry) -> str:
    said += [f"into {entry.into}"] if entry.into else []
    said += [f"undoes #{entry.undoes}"] if entry.undoes else []
    said += [_short(entry)] if entry.note and entry.op not in SAID else []
    said += [f'"{entry.message}"'] if entry.message else []
    said += [f"[{entry.run}]"] if entry.run else []
    return "  ".join(said)


def _short(entry: Entry) -> str:
    """Return what was said; of a long letter the beginning."""
    more = len(entry.note) - _LONGEST_MESSAGE
    if entry.op == NOTE or more <= 0:
        return entry.note
    return f"{entry.note[:_LONGEST_MESSAGE]}... ({more:,} more characters: -o json)"


def _line(cells: Sequence[str], widths: Sequence[int], style: Style) -> str:
    """Return an entry: what changed stands beside who and when, or below where there is little room."""
    number, *rest, what = [pad(cell, width) for cell, width in zip(cells, widths, strict=True)]
    head, what = "  ".join(rest), what.rstrip()
    shown = f"{style.dim(number)}  {head}"
    if style.width is None or not what:
        return f"{shown}  {what}".rstrip()
    indent = display_width(f"{number}  {head}  ")
    if style.width - indent >= _NARROWEST_CHANGE:
        first, *more = wrap(what, style.width - indent)
        shown = f"{shown}  {first}"
    else:
        indent = min(_BELOW, style.width // 4)
        more = wrap(what, style.width - indent)
    return "\n".join([shown.rstrip(), *(f"{' ' * indent}{line}" for line in more)])

"""What a command would do or did: `+ create`, `~ field: old -> new`, `-> stage`, `! refused`, and a count."""

from collections.abc import Iterator, Sequence

from crmctl.errors import CrmError
from crmctl.model.change import Change
from crmctl.model.merging import goes_into
from crmctl.model.records import Record, Value
from crmctl.render.colour import PLAIN, Style
from crmctl.render.error import detail_lines, error_object
from crmctl.render.json_text import array, json_lines
from crmctl.render.value import EMPTY, DumpValue, ShowValue, dumped, kept_value, plain_value
from crmctl.render.width import clip
from crmctl.text import visible

_LONGEST_VALUE = 60


def changes_text(
    changes: Sequence[Change],
    refusals: Sequence[CrmError] = (),
    show: ShowValue = plain_value,
    style: Style = PLAIN,
) -> str:
    """Return the lines of each change and refusal, and the count line."""
    lines = [line for change in changes for line in _change_lines(change, show, style)]
    lines += [line for error in refusals for line in _refusal_lines(error, style)]
    return "".join(f"{line}\n" for line in [*lines, count_line(changes, len(refusals))])


def changes_json(
    changes: Sequence[Change],
    refusals: Sequence[CrmError] = (),
    dump: DumpValue = kept_value,
    *,
    lines: bool = False,
) -> str:
    """Return an array of `{op, id, changes}`, or a line for each.

    A refusal has the op `refused`, no changes, and its error.
    """
    objects: list[dict[str, object]] = [
        {
            "op": change.op,
            "id": change.record.id,
            "changes": dumped(change.record.type, change.differences(), dump),
        }
        for change in changes
    ]
    objects += [
        {"op": "refused", "id": error.record, "changes": {}, "error": error_object(error)}
        for error in refusals
    ]
    return json_lines(objects) if lines else array(objects)


def change_done(change: Change, show: ShowValue = plain_value) -> str:
    """Return a line, without its end, that says what became of a record."""
    label = change.record.label
    if change.op == "purge":
        return f"{label} removed for good"
    if into := goes_into(change):
        return f"{label} merged into {into}"
    if change.after is None:
        return f"{label} moved to the trash (back: crmctl restore {change.record.id})"
    if change.before is None:
        return f"{label} {'restored' if change.op == 'restore' else 'created'}"
    differences = change.differences()
    if "stage" in differences:
        before, after = differences["stage"]
        return f"{label}: {before} -> {after}"
    kind = change.record.type
    return f"{label}: " + ", ".join(
        f"{name} {'emptied' if new is None else f'= {show(kind, name, new)}'}"
        for name, (_, new) in differences.items()
    )


def count_line(changes: Sequence[Change], refused: int = 0) -> str:
    """Return `2 to create, 1 to change, 1 refused`."""
    created = sum(change.before is None for change in changes)
    purged = sum(change.op == "purge" for change in changes)
    merged = sum(bool(goes_into(change)) for change in changes)
    deleted = sum(change.after is None for change in changes) - purged - merged
    counts = {
        "to create": created,
        "to merge": merged,
        "to change": len(changes) - created - deleted - purged - merged,
        "to delete": deleted,
        "to remove for good": purged,
        "refused": refused,
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing to change"


def _change_lines(change: Change, show: ShowValue, style: Style) -> Iterator[str]:
    label = visible(change.record.label)
    if change.before is None:
        yield f"{style.green('+')} create {label}"
    elif change.op == "purge":
        yield f"{style.red('-')} remove {label} for good"
    elif into := goes_into(change):
        yield f"{style.red('-')} merge {label} into {into}"
    elif change.after is None:
        yield f"{style.red('-')} delete {label}"
    else:
        yield label
        yield from _difference_lines(change, show, style)


def _difference_lines(change: Change, show: ShowValue, style: Style) -> Iterator[str]:
    differences = change.differences()
    for field, (old, new) in differences.items():
        if field == "stage" and new is not None:
            continue
        before, after = (_shown(change.record, field, value, show, style) for value in (old, new))
        yield f"  {style.yellow('~')} {visible(field)}: {before} -> {after}"
    if differences.get("stage", (None, None))[1] is not None:
        yield f"  {style.cyan('->')} {_shown(change.record, 'stage', differences['stage'][1], show, style)}"


def _shown(record: Record, field: str, value: Value | None, show: ShowValue, style: Style) -> str:
    if value is None:
        return EMPTY
    text = visible(show(record.type, field, value))
    return text if style.width is None else clip(text, _LONGEST_VALUE, style.ellipsis)


def _refusal_lines(error: CrmError, style: Style) -> Iterator[str]:
    yield f"{style.red('!')} refused {visible(error.message)}"
    yield from (f"  {line}" for line in detail_lines(error.details))

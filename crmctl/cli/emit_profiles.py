"""Writing import profiles: a list of them, one whole, and what one, or none, makes of a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmctl.cli.output import Output
from crmctl.importer import delimiter
from crmctl.model.table import Column
from crmctl.text import plural, shortened
from crmctl.workspace.import_troubles import REFUSED, TWO_READINGS, UNKNOWN, Trouble
from crmctl.workspace.profile_survey import Survey
from crmctl.workspace.profiles import ProfileInfo

_COLUMNS = (
    Column("name", "Name"),
    Column("title", "Title"),
    Column("record", "Record"),
    Column("origin", "Origin"),
)
_READ = (Column("column", "Column"), Column("field", "Field"))
_SHOWN = 12
_HEADINGS = {
    UNKNOWN: "not known here",
    TWO_READINGS: "with two readings",
    REFUSED: "refused",
}


def emit_profiles(output: Output, profiles: Iterable[ProfileInfo]) -> None:
    """Write a line for each profile."""
    rows = [
        {"name": each.name, "title": each.title, "record": each.record, "origin": each.origin}
        for each in profiles
    ]
    if output.shows_every_field:
        output.json(rows)
    else:
        output.rows(_COLUMNS, [{"id": row["name"], **row} for row in rows])


def emit_surveys(output: Output, surveys: Sequence[Survey]) -> None:
    """Write what an import would make of files."""
    if output.shows_every_field:
        output.json([survey_object(each) for each in surveys])
        return
    for each in surveys:
        _emit_survey(output, each)


def survey_object(found: Survey) -> dict[str, Any]:
    """Return what was found as JSON shows it."""
    summary = found.summary
    return {
        "file": found.file,
        "format": found.format,
        "encoding": found.encoding,
        "delimiter": found.delimiter or None,
        "profile": found.profile,
        "record": found.record.value,
        "guessed": found.guessed,
        "columns": [{"column": each.column, "field": each.field} for each in found.columns],
        "passed": [name for name in found.passed if name not in _unknown(found)],
        "unknown_columns": [{"column": each.column, "close": each.close} for each in found.unknown_columns],
        "values": [_value_object(each) for each in found.troubles],
        "refusals": [{"reason": reason, "rows": count} for reason, count in found.refusals],
        "rows": summary.rows,
        "created": summary.created,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "skipped": summary.skipped,
        "rejected": len(summary.rejected),
        "importable": found.importable,
        "next": found.next,
    }


def _unknown(found: Survey) -> set[str]:
    return {each.column for each in found.unknown_columns}


def _value_object(each: Trouble) -> dict[str, Any]:
    return {
        "problem": each.kind,
        "column": each.column,
        "field": each.field,
        "value": each.value,
        "count": each.count,
        "line": each.line,
        "reason": each.reason,
        "hint": each.hint or None,
    }


def _emit_survey(output: Output, found: Survey) -> None:
    output.data(_headline(found))
    if found.guessed:
        output.data("its columns do not show what the records are: --type says it")
    output.data("")
    output.rows(_READ, [{"column": shortened(each.column), "field": each.field} for each in found.columns])
    if passed := [name for name in found.passed if name not in _unknown(found)]:
        output.data("")
        output.data(f"passed over: {', '.join(map(shortened, passed))}")
    for each in found.unknown_columns:
        close = f'; close is "{each.close}"' if each.close else ""
        output.data(f'no field: "{shortened(each.column)}"{close}')
    for kind, heading in _HEADINGS.items():
        _emit_values(output, heading, [each for each in found.troubles if each.kind == kind])
    for reason, count in found.refusals:
        output.data(f"{plural(count, 'row')} rejected: {reason}")
    output.data("")
    output.data(_outcome(found))
    output.data(f"next: {found.next}")


def _headline(found: Survey) -> str:
    told = [found.format.upper(), found.encoding]
    if found.delimiter:
        told.append(f"{delimiter.NAMES.get(found.delimiter, found.delimiter)} between cells")
    by = f"read as {found.profile}" if found.profile else "read without a profile"
    return (
        f"{found.file}: {plural(found.summary.rows, 'row')} of {found.record.table}, {by} ({', '.join(told)})"
    )


def _emit_values(output: Output, heading: str, troubles: Sequence[Trouble]) -> None:
    if not troubles:
        return
    output.data("")
    output.data(f"{heading}:")
    columns: dict[tuple[str, str, str], list[Trouble]] = {}
    for each in troubles:
        # What is unknown differs by its name alone; all else says what is wrong with it.
        told = "" if each.kind == UNKNOWN else each.reason.replace(f'"{each.value}"', "").strip()
        columns.setdefault((each.column, each.field, told), []).append(each)
    for (column, field, told), found in columns.items():
        values = [
            f'"{shortened(each.value)}" ({plural(each.count, "row")}, line {each.line})'
            for each in found[:_SHOWN]
        ]
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        place = f"{shortened(column)} -> {field}" if column else field
        output.data(f"  {place}: {', '.join(values)}{more}{': ' if told else ''}{told}")
        if found[0].hint:
            output.data(f"    {found[0].hint}")


def _outcome(found: Survey) -> str:
    summary = found.summary
    counts = {
        "to create": summary.created,
        "to update": summary.updated,
        "unchanged": summary.unchanged,
        "skipped": summary.skipped,
        "rejected": len(summary.rejected),
    }
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing to do"
    if found.importable:
        return told
    if not summary.rejected:
        told = f"{told} without the columns that are no field"
    return f"{told}: the import would refuse this file as it is"

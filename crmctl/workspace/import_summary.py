"""What an import came to, and the error of one that rejected rows kept from being written."""

from collections.abc import Iterator, Mapping

import msgspec

from crmctl.errors import Refused
from crmctl.importer.rejects import Reject
from crmctl.model.change import Change
from crmctl.model.records import RecordType
from crmctl.text import plural
from crmctl.workspace.import_verdict import Differences, Link
from crmctl.workspace.putting_aside import Moved


class Planned(msgspec.Struct, frozen=True):
    """What a row would become: `create update unchanged skip reject`, its record, and why it is rejected.

    `links` are the records that it would bring along, `matched` the fields by which its record is known.
    """

    file: str
    line: int
    action: str
    id: str | None
    changes: Differences
    reasons: tuple[str, ...]
    links: tuple[Link, ...] = ()
    matched: tuple[str, ...] = ()


class Summary(msgspec.Struct, frozen=True):
    """What an import came to.

    `written` is false where rejected rows kept everything from being written; `most` is the `--max-rejects`
    that they then went beyond. `plan` has what each row would become, under `--dry-run`; `moved` where
    the files went, under `--move-to`; `linked` how many records of other types came with the rows', where the
    files have columns of such.
    """

    kind: RecordType
    run: str
    files: tuple[str, ...]
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: tuple[Reject, ...]
    rejects: str
    written: bool
    most: str = ""
    changes: tuple[Change, ...] = ()
    plan: tuple[Planned, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    moved: tuple[Moved, ...] | None = None
    linked: Mapping[RecordType, Mapping[str, int]] = {}

    def place(self, row: Reject) -> str:
        """Return where a rejected row is: its line, or lines, and its file where there are several."""
        lines = [str(row.line), *(str(line) for line, _ in row.more)]
        line = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines)}"
        return f"{row.file}: {line}" if len(self.files) > 1 else line

    def counts(self) -> dict[str, object]:
        """Return it as JSON shows it, the plan left out."""
        done = self.written or self.dry_run
        found: dict[str, object] = {
            "run": self.run or None,
            "files": self.files,
            "rows": self.rows,
            "created": self.created if done else 0,
            "updated": self.updated if done else 0,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "rejected": len(self.rejected),
            "rejects": self.rejects or None,
        }
        if self.linked:
            found["linked"] = {
                kind.value: counts if done else dict.fromkeys(counts, 0)
                for kind, counts in self.linked.items()
            }
        return found if self.moved is None else {**found, "moved": self.moved}

    def brought(self) -> list[str]:
        """Return how many records came with those of the rows, in words."""
        told = []
        for what in ("created", "updated") if self.written or self.dry_run else ():
            counts = {kind: counts[what] for kind, counts in self.linked.items() if counts[what]}
            named = [plural(count, kind.value, kind.table) for kind, count in counts.items()]
            if named:
                told.append(
                    f"{' and '.join(filter(None, (', '.join(named[:-1]), named[-1])))} {what} with them"
                )
        return told


def rolled_back(summary: Summary) -> Refused:
    """Return the error of an import that rejected rows kept from being written."""
    count = len(summary.rejected)
    details = [point for each in summary.rejected[:20] for point in _points(each, summary.place(each))]
    if count > 20:
        details.append({"message": f"and {count - 20:,} more", "line": 0})
    error = Refused(
        f"{count:,} of {plural(summary.rows, 'row')} {'is' if count == 1 else 'are'} rejected"
        f"{_more_than(summary)}, nothing was written",
        details=details,
        hint=_mending(summary),
    )
    error.code = "rejected_rows"
    return error


def _points(row: Reject, place: str) -> Iterator[dict[str, object]]:
    """Yield each thing that is wrong with a row, with its field, and its column and value where it is a cell."""
    for fault in row.faults:
        point: dict[str, object] = {"message": f"{place}: {fault.reason}", "file": row.file, "line": row.line}
        if fault.field:
            point["field"] = fault.field
        if fault.column:
            point |= {"column": fault.column, "value": fault.value}
        yield point


def _more_than(summary: Summary) -> str:
    return f", more than --max-rejects {summary.most} allows" if summary.most else ""


def _mending(summary: Summary) -> str:
    if summary.rejects:
        what = f"mend {summary.rejects} and import it"
    else:
        what = "--rejects FILE writes these to a file that can be mended"
    return what if summary.most else f"{what}; --partial imports the other rows"

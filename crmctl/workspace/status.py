"""`status`: the workspace at a glance: what is open, what is late, what came in last, whether the YAML is in order."""

from typing import Any

from crmctl.config.load import load
from crmctl.model.finding import Severity
from crmctl.model.records import RecordType
from crmctl.query.bind import bind
from crmctl.query.bound import Filter
from crmctl.query.parser import parse
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace import outbox
from crmctl.workspace.applied import is_applied
from crmctl.workspace.listing import scope_of
from crmctl.workspace.lookups import StoreLookups
from crmctl.workspace.workspace import Workspace

_COUNTED = {
    RecordType.LEAD: ("open", "unassigned and open", "untouched and open", "stale"),
    RecordType.DEAL: ("open", "unassigned and open", "overdue", "stale"),
    RecordType.TASK: ("open", "unassigned and open", "overdue"),
}
"""What is counted of records that are worked, besides their number."""


def status(workspace: Workspace) -> dict[str, Any]:
    """Return counts by record type, the last import, and how many findings the configuration has."""
    reader = workspace.read()
    loaded = load(workspace.folder)
    findings = (*loaded.findings, *loaded.tasks_findings)
    runs = [run for run in reader.runs() if run.op == "import"]
    return {
        "workspace": workspace.configuration.name,
        "database": str(workspace.database),
        "generation": reader.generation,
        "records": {
            kind.table: _counts(workspace, reader, kind)
            for kind in RecordType
            if workspace.configuration.keeps(kind)
        },
        "last_import": None
        if not runs
        else {"run": runs[-1].id, "at": runs[-1].at, "rows": runs[-1].rows, "rejected": runs[-1].rejected},
        "letters_waiting": len(outbox.waiting(reader)),
        "configuration": {
            "errors": sum(finding.severity is Severity.ERROR for finding in findings),
            "warnings": sum(finding.severity is Severity.WARNING for finding in findings),
            "applied": is_applied(reader, workspace.configuration),
        },
    }


def _counts(workspace: Workspace, reader: Reader, kind: RecordType) -> dict[str, int]:
    """Return how many records of a type there are, and of how many each flag is true, in one reading."""
    counted = {where.removesuffix(" and open"): where for where in _COUNTED.get(kind, ())}
    if kind.staged and workspace.configuration.tasks:
        counted["no_next_step"] = "idle"
    scope = scope_of(workspace, kind)
    lookups = StoreLookups(reader, workspace.configuration, workspace.present)
    filters = {name: Filter(bind(parse(where), scope), lookups) for name, where in counted.items()}
    narrows = {name: each.narrowing(column) for name, each in filters.items()}
    found = {"all": reader.count(kind), **dict.fromkeys(counted, 0)}

    def take(rows: list[Row]) -> None:
        for name, narrow in narrows.items():
            found[name] += len(narrow(rows))

    if narrows:
        fields = dict.fromkeys(name for each in filters.values() for name in each.fields)
        reader.scan_in_batches(kind, ("id", *fields), take)
    return found

"""Writing what a data file holds, in numbers."""

from crmctl.cli.output import Output
from crmctl.model.table import Column, Kind
from crmctl.storage.stats import Stats

_COLUMNS = (Column("what", ""), Column("value", "", Kind.COUNT))


def emit_stats(output: Output, stats: Stats) -> None:
    """Write the numbers and the backups; for people the paths stand below the table."""
    backups = [str(backup.path) for backup in stats.backups]
    told = {"path": stats.path, "size": stats.size, "generation": stats.generation}
    if output.shows_every_field:
        output.json({**told, "records": stats.counts, "backups": backups})
        return
    facts = {**told, **stats.counts, "backups": len(backups)}
    for_people = output.name == "table"
    rows = [{"what": name, "value": _figure(value, for_people=for_people)} for name, value in facts.items()]
    if for_people:
        output.rows(_COLUMNS, rows)
        output.text("".join(f"{path}\n" for path in backups))
    else:
        output.rows(_COLUMNS, [*rows, *({"what": "backup", "value": path} for path in backups)])


def _figure(value: object, *, for_people: bool) -> object:
    return f"{value:,}" if for_people and isinstance(value, int) else value

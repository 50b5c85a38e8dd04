"""Writing what a data file holds, in numbers."""

from crmctl.cli.output import Output
from crmctl.model.table import Column, Kind
from crmctl.storage.stats import Stats

_COLUMNS = (Column("what", ""), Column("value", "", Kind.COUNT))


def emit_stats(output: Output, stats: Stats) -> None:
    """Write the numbers; for people the paths of the backups below them."""
    backups = [str(backup.path) for backup in stats.backups]
    told = {"path": stats.path, "size": stats.size, "generation": stats.generation}
    if output.shows_every_field:
        output.json({**told, "records": stats.counts, "backups": backups})
        return
    rows = {**told, **stats.counts, "backups": len(backups)}
    output.rows(
        _COLUMNS,
        [
            {"what": name, "value": f"{value:,}" if isinstance(value, int) else value}
            for name, value in rows.items()
        ],
    )
    for path in backups:
        output.status(path)

"""A report as one document, the same in JSON and YAML."""

from collections.abc import Sequence

from crmctl.model.table import Block, Kind, Report


def document(report: Report) -> dict[str, object]:
    """Return a report under its keys: the rows of all blocks with one key together, figures unrounded."""
    blocks = keyed_blocks(report)
    main = blocks.pop("rows", [])
    return {
        "report": report.report,
        "as_of": report.as_of,
        "filters": report.filters,
        "columns": row_names(main),
        "rows": [row for block in main for row in block.rows],
        **{key: [row for block in found for row in block.rows] for key, found in blocks.items()},
        "totals": report.totals,
        "notes": report.notes,
        **report.more,
    }


def keyed_blocks(report: Report) -> dict[str, list[Block]]:
    """Return the blocks by the key under which their rows stand; those made for people alone are left out."""
    found: dict[str, list[Block]] = {}
    for block in report.blocks:
        if block.key:
            found.setdefault(block.key, []).append(block)
    return found


def row_names(blocks: Sequence[Block]) -> list[str]:
    """Return the keys of the rows; where there are none, the names of the columns, bars left out."""
    names = dict.fromkeys(name for block in blocks for row in block.rows for name in row)
    columns = (column.name for block in blocks for column in block.columns if column.kind is not Kind.BAR)
    return list(names or dict.fromkeys(columns))

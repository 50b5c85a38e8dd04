"""`--fields` of a report: only the columns that are wanted, in the order in which they are named."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.table import Block, Column, Report, Row
from crmctl.text import names_hint


def only_fields(report: Report, names: Sequence[str]) -> Report:
    """Return a report with the columns named, all of them where none is. Raises WrongUse for one it does not have.

    A table that was made for people alone is not told; the rows that it was made of are.
    """
    if not names:
        return report
    known = dict.fromkeys(name for block in report.blocks for name in _names(block))
    for name in names:
        if name not in known:
            raise WrongUse(f'--fields: unknown column "{name}"', hint=names_hint(name, known, "columns"))
    blocks = tuple(_narrowed(block, names) for block in report.blocks if block.key)
    totals = {name: value for name, value in report.totals.items() if name in names}
    return msgspec.structs.replace(report, blocks=blocks, totals=totals)


def _names(block: Block) -> list[str]:
    return list(
        dict.fromkeys([*(name for row in block.rows for name in row), *(c.name for c in block.columns)])
    )


def _narrowed(block: Block, names: Sequence[str]) -> Block:
    titled = {column.name: column for column in block.columns}
    known = _names(block)
    own = [name for name in names if name in known]
    if len(own) < len(names) and block.columns and block.columns[0].name not in own:
        # Its rows are called something else than those of the first table, and would have no name here.
        own.insert(0, block.columns[0].name)
    columns = tuple(titled.get(name) or Column(name, name.replace("_", " ").capitalize()) for name in own)
    rows = _only(block.rows, own)
    told = None if block.told is None else _only(block.told, own)
    return msgspec.structs.replace(block, columns=columns, rows=rows, told=told, shown=True)


def _only(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    return [{name: row[name] for name in names if name in row} for row in rows]

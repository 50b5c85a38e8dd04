"""`--fields` of a report: only the columns that are wanted, in the order in which they are named."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.table import Block, Column, Report
from crmctl.text import names_hint


def only_fields(report: Report, names: Sequence[str]) -> Report:
    """Return a report with the columns named, all of them where none is. Raises WrongUse for one it does not have.

    People are shown the rows as programs get them where a table that was made for people alone has other columns.
    """
    if not names:
        return report
    known = dict.fromkeys(name for block in report.blocks for name in _names(block))
    for name in names:
        if name not in known:
            raise WrongUse(f'--fields: unknown column "{name}"', hint=names_hint(name, known, "columns"))
    blocks = tuple(each for block in report.blocks if block.key for each in _told(block, report, names))
    totals = {name: value for name, value in report.totals.items() if name in names}
    return msgspec.structs.replace(report, blocks=blocks, totals=totals)


def _told(block: Block, report: Report, names: Sequence[str]) -> list[Block]:
    """Return a table narrowed; where people read other values under its columns, once more for them."""
    narrowed = _narrowed(block, names)
    for_people = [other for other in report.blocks if not other.key and _shows(other, block)]
    if not for_people:
        return [narrowed]
    shown = (_narrowed(other, names) for other in for_people)
    return [msgspec.structs.replace(narrowed, shown=False), *shown]


def _shows(other: Block, block: Block) -> bool:
    """Tell whether a table has the rows of another one as people read them."""
    same = other.heading == block.heading and other.columns == block.columns
    return same and not block.shown and len(other.rows) == len(block.rows)


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
    rows = [{name: row[name] for name in own if name in row} for row in block.rows]
    return msgspec.structs.replace(block, columns=columns, rows=rows, shown=True)

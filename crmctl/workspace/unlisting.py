"""Undoing runs that changed nothing but the blacklist: no record's history tells of them, so the ledger does.

The undo of such a run is one itself. Which run it undid is written in that one's line, as of any run.
"""

from collections.abc import Sequence

import msgspec

from crmctl.model.change import Run
from crmctl.storage.interface import Reader
from crmctl.workspace.blacklist import OPERATION, take_back
from crmctl.workspace.transaction import Transaction


def is_listing(run: Run | None) -> bool:
    """Tell whether a run changed the blacklist, and nothing else, and was not undone."""
    return run is not None and run.op == OPERATION and not run.undone


def last_listing(reader: Reader, by: str) -> int:
    """Return the generation of somebody's last change of the blacklist that is no undo and stands, 0 without one."""
    runs = reader.runs()
    undoes = {run.undone for run in runs}
    return max(
        (run.gen for run in runs if run.by == by and is_listing(run) and run.gen not in undoes), default=0
    )


def unlist(tx: Transaction, run: Run) -> int:
    """Take back what a run did to the blacklist, in one commit; returns of how many values."""
    writer = tx.writer
    first, undone = _first_done(run, writer.runs())
    values = take_back(writer, first, undone=undone)
    writer.put_run(msgspec.structs.replace(run, undone=tx.generation))
    own = Run(
        writer.new_run_id(),
        tx.generation,
        tx.context.at,
        tx.context.by,
        OPERATION,
        message=f"undo of {run.id}",
    )
    writer.put_run(own)
    if not tx.options.dry_run:
        writer.commit()
    return len(values)


def _first_done(run: Run, runs: Sequence[Run]) -> tuple[int, bool]:
    """Return the generation that an undo, of an undo perhaps, is about, and whether that is undone or done again."""
    undone = True
    while found := next((each for each in runs if each.undone == run.gen and each.op == OPERATION), None):
        run, undone = found, not undone
    return run.gen, undone

"""Undoing runs that changed no record, but the blacklist, or what other systems call records.

No record's history tells of them, so the ledger does.

The undo of such a run is one itself. Which run it undid is written in that one's line, as of any run.
"""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.model.change import Run
from crmctl.storage.interface import Reader
from crmctl.workspace.blacklist import OPERATION, take_back
from crmctl.workspace.outside_ids import found_by_runs
from crmctl.workspace.transaction import Transaction

UNDO = "undo"
"""What the undo of a run that found out ids is called in the ledger: it is no import."""


class Unlisted(msgspec.Struct, frozen=True):
    """What was taken back: values of the blacklist, or ids of other systems."""

    values: int = 0
    ids: int = 0


def is_listing(run: Run, reader: Reader) -> bool:
    """Tell whether a run changed the blacklist or found out ids, and was not undone."""
    return _is_listing(run, reader.runs(), found_by_runs(reader))


def _is_listing(run: Run, runs: Sequence[Run], found: Mapping[str, int]) -> bool:
    return not run.undone and (run.op == OPERATION or _first_done(run, runs)[0].id in found)


def last_listing(reader: Reader, by: str) -> int:
    """Return the generation of somebody's last such run that is no undo and stands, 0 without one."""
    runs = reader.runs()
    undoes, found = {run.undone for run in runs}, found_by_runs(reader)
    own = [run for run in runs if run.by == by and run.gen not in undoes]
    return max((run.gen for run in own if _is_listing(run, runs, found)), default=0)


def unlist(tx: Transaction, run: Run) -> Unlisted:
    """Take back what a run did beside the records, in one commit.

    What ids it found out stays written: they count no more, as it is undone.
    """
    writer = tx.writer
    first, undone = _first_done(run, writer.runs())
    listing = first.op == OPERATION
    values = take_back(writer, first.gen, undone=undone) if listing else []
    writer.put_run(msgspec.structs.replace(run, undone=tx.generation))
    own = Run(
        writer.new_run_id(),
        tx.generation,
        tx.context.at,
        tx.context.by,
        OPERATION if listing else UNDO,
        message=f"undo of {run.id}",
    )
    writer.put_run(own)
    if not tx.options.dry_run:
        writer.commit()
    return Unlisted(len(values), 0 if listing else found_by_runs(writer)[first.id])


def _first_done(run: Run, runs: Sequence[Run]) -> tuple[Run, bool]:
    """Return the run that an undo, of an undo perhaps, is about, and whether that is undone or done again."""
    undone = True
    while run.op in (OPERATION, UNDO):
        found = next((each for each in runs if each.undone == run.gen), None)
        if found is None:
            break
        run, undone = found, not undone
    return run, undone

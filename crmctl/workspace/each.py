"""Doing one thing to one or many records: all of them or none, unless the rest is wanted in part."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.change import Change
from crmctl.model.records import Record, parse_id
from crmctl.rules.decision import Refusal
from crmctl.workspace.outcome import Outcome, WriteOptions, refused
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Workspace

_NEED_SIGHT = ("move", "reject", "convert")
"""What is refused to whom a record is not shown; their refusals tell of its fields."""

Decide = Callable[[Record, Transaction], Change | list[Change] | Refusal]


@until_settled
def change_each(
    workspace: Workspace, ids: Sequence[str], options: WriteOptions, op: str, decide: Decide
) -> Outcome:
    """Apply a decision to every record named, in one commit; several records make a run.

    Raises Refused where a record is refused and the rest is not wanted, NotFound, WrongUse.
    """
    refusals: list[Refusal] = []
    with transaction(workspace, options) as tx:
        if len(ids) > 1:
            tx.begin_run(op)
        for text in dict.fromkeys(ids):
            record = tx.get(text)
            hidden = tx.set_off.leave.to_see(record) if op in _NEED_SIGHT else None
            answer = tx.set_off.follow(hidden or decide(record, tx))
            if isinstance(answer, Refusal):
                refusals.append(answer)
                continue
            for change in answer:
                tx.apply(change)
        if refusals and not (options.partial or options.dry_run):
            raise refused(refusals, len(ids))
        outcome = tx.commit()
        asked = {parse_id(text) for text in ids}
        given = tuple(record for record in outcome.records if record.id in asked)
        return msgspec.structs.replace(outcome, refusals=tuple(refusals), records=given or outcome.records)

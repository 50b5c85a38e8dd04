"""`item add` and `item remove`: the lines of a deal."""

from msgspec import structs

from crmctl.model.change import Change
from crmctl.model.records import Record, parse_id
from crmctl.rules.decision import Refusal
from crmctl.rules.items import NewLine, with_line, without_line
from crmctl.rules.update import update
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


def add_item(workspace: Workspace, deal: str, product: str, line: NewLine, options: WriteOptions) -> Outcome:
    """Add a line to a deal. Raises Refused, WrongUse, NotFound."""

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        return update(record, with_line(record, tx.get(product), line, tx.context), tx.context)

    return _told(change_each(workspace, [deal], options, "update", decide))


def remove_item(
    workspace: Workspace, deal: str, product: str, line: NewLine, options: WriteOptions
) -> Outcome:
    """Take lines of a product from a deal. Raises Refused, WrongUse, NotFound; the product may be gone."""
    named = parse_id(product)

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        return update(record, without_line(record, named, line, tx.context), tx.context)

    return _told(change_each(workspace, [deal], options, "update", decide))


def _told(outcome: Outcome) -> Outcome:
    """Return the outcome with a note on a deal that was closed before its lines changed."""
    late = [each.record for each in outcome.changes if each.record.get("closed_at") is not None]
    notes = (f"{each.label} is closed: its lines were changed after that" for each in late)
    return structs.replace(outcome, foretold=(*outcome.foretold, *notes))

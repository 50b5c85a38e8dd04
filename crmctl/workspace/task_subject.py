"""The lead or deal that the result of a task moves or converts."""

from collections.abc import Sequence

from crmctl.errors import WrongUse
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import Result
from crmctl.rules.actions import targets_of
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import column
from crmctl.workspace.find import gone
from crmctl.workspace.transaction import Transaction


def subject_of(tx: Transaction, task: Record, result: Result) -> Record | Refusal | None:
    """Return the record that a result moves or converts: a client, or the one open deal of a client.

    A result that wants neither has none. One that finds no record to lead anywhere is refused. Raises WrongUse
    where several could be meant.
    """
    if not result.move and not result.convert:
        return None
    clients = _clients(tx, task, result)
    if isinstance(clients, Refusal):
        return clients
    found = _to_convert(clients, result) if result.convert else _to_move(tx, clients, result)
    if isinstance(found, str):
        return cannot_end(task, result, found)
    if len(found) > 1:
        named = ", ".join(each.id for each in found)
        told = f'{task.label}: "{result.id}" could be about {named}'
        raise WrongUse(told, hint=f"crmctl update {task.id} -s for={found[0].id}")
    return found[0]


def cannot_end(task: Record, result: Result, why: str, hint: str = "") -> Refusal:
    """Return the refusal of a result that cannot do what it says."""
    told = f'{task.label} cannot end with "{result.id}": {why}'
    return Refusal(task, told, hint=hint, code="not_allowed")


def deal_of(tx: Transaction, lead: Record) -> list[Record]:
    """Return what a converted lead is worked as: the deal it became, else the open deals of whom it became."""
    became = [record for each in lead.many("converted_to") if (record := tx.writer.get(each))]
    deals = [each for each in became if each.type is RecordType.DEAL]
    found = deals or [deal for each in became for deal in _deals_of(tx, each)]
    return list({each.id: each for each in found}.values())


def is_converted(record: Record) -> bool:
    """Tell whether a record is a lead that became others, and was not opened again."""
    closed = record.get("closed_at") is not None
    return record.type is RecordType.LEAD and closed and bool(record.many("converted_to"))


def lacks_stage(tx: Transaction, record: Record, stage: str) -> str:
    """Return why a record cannot come to a stage, empty where its pipeline has it."""
    pipeline = tx.context.pipeline_of(record)
    if pipeline is not None and pipeline.stage(stage) is not None:
        return ""
    return f'{record.label} is in pipeline "{record.pipeline}", which has no stage "{stage}"'


def _clients(tx: Transaction, task: Record, result: Result) -> list[Record] | Refusal:
    """Return the clients of a task, or the refusal for one that is gone, or for there being none."""
    found: list[Record] = []
    for each in task.many("for"):
        client = tx.writer.get(each)
        if client is None:
            error = gone(tx.writer, each)
            return cannot_end(task, result, error.message, error.hint or "")
        found.append(client)
    if found:
        return found
    verb = "convert" if result.convert else "move"
    return cannot_end(task, result, f"it is for nobody whom that could {verb}")


def _to_convert(clients: Sequence[Record], result: Result) -> list[Record] | str:
    """Return the leads among the clients, else who is what a lead would become already, or why there is none."""
    leads = [each for each in clients if each.type is RecordType.LEAD]
    best = targets_of(result.convert)[-1]
    found = leads or [each for each in clients if each.type is best]
    return found or f"{clients[0].label} is no lead: only leads are converted"


def _to_move(tx: Transaction, clients: Sequence[Record], result: Result) -> list[Record] | str:
    """Return what stands for the clients in a pipeline with the result's stage, or why there is nothing."""
    worked = {each.id: each for client in clients for each in _worked(tx, client, result.move)}
    found = [each for each in worked.values() if not lacks_stage(tx, each, result.move)]
    if found:
        return found
    if worked:
        return lacks_stage(tx, next(iter(worked.values())), result.move)
    return f"{clients[0].label} has no open deal"


def _worked(tx: Transaction, client: Record, stage: str) -> list[Record]:
    """Return the leads or deals that a client is worked as.

    Of a contact or a company these are its open deals, else its only one where that is on the stage already.
    """
    if is_converted(client):
        deals = deal_of(tx, client)
        return deals or ([client] if client.stage == stage else [])
    if client.type.staged:
        return [client]
    deals = _deals_of(tx, client, closed=True)
    still = [each for each in deals if each.get("closed_at") is None]
    return still or [each for each in deals if len(deals) == 1 and each.stage == stage]


def _deals_of(tx: Transaction, client: Record, *, closed: bool = False) -> list[Record]:
    """Return the open deals of a contact or a company, or all of them."""
    if client.type not in (RecordType.CONTACT, RecordType.COMPANY):
        return []
    held = column(client.type.value)
    rows = tx.writer.scan(RecordType.DEAL, ("id", client.type.value, "closed_at"))
    ids = [row.f_id for row in rows if held(row) == client.id and (closed or row.f_closed_at is None)]
    return [record for each in ids if (record := tx.writer.get(each))]

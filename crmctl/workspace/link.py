"""`link` and `unlink`: records to records, and documents to a record."""

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, read_id
from crmctl.rules.decision import Refusal
from crmctl.rules.link import attach, detach, link, unlink
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


def link_records(workspace: Workspace, one: str, other: str, options: WriteOptions) -> Outcome:
    """Link a record to another, or attach a URL or a path to it. Raises Refused, WrongUse, NotFound."""

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if read_id(other):
            return link(record, tx.get(other), tx.context)
        return attach(record, _document(other), tx.context)

    return change_each(workspace, [one], options, "link", decide)


def unlink_records(workspace: Workspace, one: str, other: str, options: WriteOptions) -> Outcome:
    """Take a link or a document away. Raises Refused, WrongUse, NotFound."""

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if read_id(other):
            return unlink(record, tx.get(other), tx.context)
        return detach(record, other.replace(";", "%3B") if "://" in other else other, tx.context)

    return change_each(workspace, [one], options, "unlink", decide)


def _document(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise WrongUse(f'"{text}" is neither an id, a URL nor a path')
    document = text.strip()
    if "://" in document:
        return document.replace(";", "%3B")
    if ";" in document:
        raise WrongUse(f'"{document}" has a ";", which stands between documents', hint="rename the file")
    return document

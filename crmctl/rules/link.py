"""Which records can be linked, and what a link writes."""

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update

_FIELDS: dict[tuple[RecordType, RecordType], str] = {
    (RecordType.CONTACT, RecordType.COMPANY): "companies",
    (RecordType.DEAL, RecordType.CONTACT): "contact",
    (RecordType.DEAL, RecordType.COMPANY): "company",
    (RecordType.DEAL, RecordType.DEAL): "previous_deal",
}
_KNOWN = "a contact and a company, a deal and a contact, a deal and a company, a deal and an earlier deal"


def link(one: Record, other: Record, context: Context) -> Change | Refusal:
    """Decide on linking two records, in whichever order they are named."""
    holder, target, name = _ends(one, other)
    if one.id == other.id:
        raise WrongUse(f"{one.label} cannot be linked to itself")
    field = context.configuration.fields_of(holder.type)[name]
    if field.multiple:
        ids = [*(each for each in holder.many(name) if each != target.id), target.id]
        unchanged = target.id in holder.many(name)
        return update(holder, {} if unchanged else {name: ids}, context, op="link")
    held = holder.text(name)
    if holder.type is target.type and target.text(name) == holder.id:
        message = f"{target.label} is linked to {holder.id} already, as to its earlier deal"
        return Refusal(holder, message, hint=f"crmctl unlink {target.id} {holder.id}")
    if held and held != target.id:
        message = f"{holder.label} is linked to {held} already"
        return Refusal(holder, message, hint=f"crmctl unlink {holder.id} {held}")
    return update(holder, {name: target.id}, context, op="link")


def unlink(one: Record, other: Record, context: Context) -> Change | Refusal:
    """Decide on taking a link away."""
    holder, target, name = _ends(one, other)
    if holder.type is target.type and holder.text(name) != target.id:
        holder, target = target, holder
    value = holder.get(name)
    linked = target.id in value if isinstance(value, list) else value == target.id
    if not linked:
        return Refusal(holder, f"{holder.label} is not linked to {target.label}")
    rest = [each for each in value if each != target.id] if isinstance(value, list) else None
    return update(holder, {name: rest}, context, op="unlink")


def attach(record: Record, document: str, context: Context) -> Change | Refusal:
    """Decide on attaching a document's address or path."""
    held = record.many("documents")
    documents = held if document in held else [*held, document]
    return update(record, {"documents": documents}, context, op="link")


def detach(record: Record, document: str, context: Context) -> Change | Refusal:
    """Decide on taking a document off."""
    held = record.many("documents")
    if document not in held:
        return Refusal(record, f'{record.label} has no document "{document}"')
    return update(record, {"documents": [each for each in held if each != document]}, context, op="unlink")


def _ends(one: Record, other: Record) -> tuple[Record, Record, str]:
    """Return the record that keeps the link, the one it points to, and the field."""
    if (one.type, other.type) in _FIELDS:
        return one, other, _FIELDS[one.type, other.type]
    if (other.type, one.type) in _FIELDS:
        return other, one, _FIELDS[other.type, one.type]
    raise WrongUse(
        f"a {one.type.value} cannot be linked to a {other.type.value}", hint=f"what can be linked: {_KNOWN}"
    )

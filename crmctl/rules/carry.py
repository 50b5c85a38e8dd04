"""What of a lead the records it becomes take over."""

from collections.abc import Container, Mapping

from crmctl.errors import BadValue, WrongUse
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.context import Context
from crmctl.rules.create import built_title

_NOT_CARRIED = frozenset(
    {
        *("id", "record", "title", "pipeline", "stage", "external_id", "documents", "phone_typed"),
        *("created_at", "created_by", "updated_at", "updated_by", "revision"),
        *("closed_at", "reject_reason", "converted_to"),
    }
)
_SHAPE = ("kind", "multiple", "paired", "choices", "to", "pattern", "min", "max")
"""What two fields have in common where a value of one is a value of the other as it is."""


def carried(
    lead: Record,
    kind: RecordType,
    context: Context,
    pipeline: str = "",
    given: Container[str] | None = None,
) -> dict[str, Value | None]:
    """Return what a record of a type takes over: fields of the same name, those mapped, and a title.

    What is no value of the other field is left out; where it is told which fields are `given` other values,
    it raises WrongUse for the rest.
    """
    values: dict[str, Value | None] = {}
    for source, target in _pairs(kind, context.configuration, pipeline):
        try:
            values |= _copied(lead, source, target, context)
        except BadValue as error:
            if given is not None and target.name not in given:
                raise _unfit(lead, source, kind, target, error) from None
    if values.get("phone") == lead.get("phone") and (typed := lead.get("phone_typed")):
        values["phone_typed"] = typed
    return {"title": _title(lead, kind), **values, "origin_lead": lead.id}


def sources_of(kind: RecordType, configuration: Configuration) -> dict[str, str]:
    """Return by which field of a lead each field of another type is filled, where one does."""
    return {target.name: source.name for source, target in _pairs(kind, configuration, "")}


def person(values: Mapping[str, Value | None]) -> str:
    """Return a person's name, empty where there is none."""
    parts = {name: values.get(name) for name in NAME_PARTS}
    return built_title(Record({"id": "C-0", "record": "contact"}).having(parts))


def _title(lead: Record, kind: RecordType) -> str | None:
    if kind is RecordType.COMPANY:
        return lead.text("company_name") or None
    if kind is RecordType.DEAL:
        return lead.title
    return person(lead.values) or lead.text("name") or lead.title


def _pairs(kind: RecordType, configuration: Configuration, pipeline: str) -> list[tuple[Field, Field]]:
    """Return each field of leads with the field of another type that it goes to; the mapped ones last."""
    sources, targets = configuration.fields_of(RecordType.LEAD), configuration.fields_of(kind, pipeline)
    names = [(name, name) for name in sources if name not in _NOT_CARRIED]
    names += configuration.convert.get(kind.value, {}).items()
    return [
        (sources[source], targets[target])
        for source, target in names
        if source in sources and target in targets and not targets[target].computed
    ]


def _copied(lead: Record, source: Field, target: Field, context: Context) -> dict[str, Value | None]:
    """Return what a lead's value writes into another field, read anew where the two differ. Raises BadValue."""
    value = lead.get(source.name)
    if value is None:
        return {}
    if all(getattr(source, name) == getattr(target, name) for name in _SHAPE):
        return {target.name: value}
    held = source.read(lead.values)
    conventions = context.conventions
    if isinstance(held, list) and target.multiple:
        return target.assign([source.show([one], conventions) for one in held], conventions)
    return target.assign(source.show(held, conventions), conventions)


def _unfit(lead: Record, source: Field, kind: RecordType, target: Field, error: BadValue) -> WrongUse:
    return WrongUse(
        f"{lead.label}: {source.name} does not go to {kind.value} {target.label}: {error.reason}",
        hint=f"add -s {kind.value}.{target.name}=VALUE",
    )

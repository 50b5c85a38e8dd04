"""Converting a lead: it is won, and becomes a contact, a company and a deal that know each other."""

from collections.abc import Callable, Mapping

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Outcome
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.assignment import requantized
from crmctl.rules.carry import carried, person
from crmctl.rules.context import Context
from crmctl.rules.create import NewRecord, chosen_pipeline, create
from crmctl.rules.decision import Missing, Refusal, empty_fields
from crmctl.rules.move import Move, move
from crmctl.rules.stranded import stranded
from crmctl.rules.update import update

TARGETS = (RecordType.COMPANY, RecordType.CONTACT, RecordType.DEAL)
"""In the order they are made: each may refer to those before it."""


class Conversion(msgspec.Struct, frozen=True):
    """What is asked for. `known` are records to use instead of new ones; `values` what to set on each."""

    to: tuple[RecordType, ...]
    pipeline: str = ""
    stage: str = ""
    known: Mapping[RecordType, Record] = {}
    values: Mapping[RecordType, Mapping[str, Value | None]] = {}


def convert(
    lead: Record, asked: Conversion, context: Context, new_id: Callable[[RecordType], str]
) -> list[Change] | Refusal:
    """Decide on all records a lead becomes, and on the lead, or on nothing. Raises WrongUse, NotFound.

    What is set on the lead on the way is carried over like what it had.
    """
    refusal = _unfit(lead, context)
    if refusal:
        return refusal
    made: dict[RecordType, Record] = dict(asked.known)
    changes: list[Change] = []
    missing: list[Missing] = []
    for kind in (each for each in TARGETS if each in asked.to):
        new, known = _target(kind, lead, asked, made, context), asked.known.get(kind)
        given = asked.values.get(kind, {})
        answer = _filled(known, new.values, given, context) if known else create(new_id(kind), new, context)
        if isinstance(answer, Refusal):
            if not answer.missing:
                return answer
            missing += [msgspec.structs.replace(each, target=kind.value) for each in answer.missing]
        else:
            changes.append(answer)
            made[kind] = answer.record
    won = _won(lead, [change.record.id for change in changes], asked, context)
    if isinstance(won, Refusal):
        missing += [msgspec.structs.replace(each, target="lead") for each in won.missing]
        if not won.missing:
            return won
    if missing or isinstance(won, Refusal):
        return _refused(lead, missing, won.tried if isinstance(won, Refusal) else won)
    return [*changes, won]


def _unfit(lead: Record, context: Context) -> Refusal | None:
    if lead.type is not RecordType.LEAD:
        raise WrongUse(f"{lead.label} is no lead: only leads are converted")
    done = lead.many("converted_to")
    if done:
        message = f"{lead.label} was converted already, to {', '.join(done)}"
        return Refusal(lead, message, code="already_converted")
    if context.pipeline_of(lead) is None:
        message = f"{lead.label} is {stranded(lead, context.configuration)}"
        return Refusal(lead, message, hint=f"crmctl plan, or crmctl move {lead.id} --pipeline PIPELINE")
    return None


def _target(
    kind: RecordType,
    lead: Record,
    asked: Conversion,
    made: Mapping[RecordType, Record],
    context: Context,
) -> NewRecord:
    """Return what a record would hold that is made of a lead, or found for it."""
    given, lead = asked.values.get(kind, {}), lead.having(asked.values.get(RecordType.LEAD, {}))
    pipeline, stage = "", ""
    if kind is RecordType.DEAL:
        pipeline, stage = chosen_pipeline(kind, asked.pipeline, context).id, asked.stage
    brought = carried(lead, kind, context, pipeline, given) | _links(kind, made)
    return NewRecord(kind, _merged(brought, given, kind, context), pipeline, stage)


def _merged(
    brought: dict[str, Value | None],
    given: Mapping[str, Value | None],
    kind: RecordType,
    context: Context,
) -> dict[str, Value | None]:
    """Return what a record holds: what was given goes before what the lead brings. Raises WrongUse."""
    fields = context.configuration.fields_of(kind)
    values = brought | requantized(dict(given), Record({}).having(brought), fields, context)
    if kind is RecordType.CONTACT and "title" not in given and not given.keys().isdisjoint(NAME_PARTS):
        values["title"] = person(values) or values["title"]
    return values


def _filled(
    known: Record,
    values: Mapping[str, Value | None],
    given: Mapping[str, Value | None],
    context: Context,
) -> Change | Refusal:
    """Fill only the empty fields of a known record; a link to another company is added to those it has."""
    fresh = {name: value for name, value in values.items() if known.get(name) is None}
    if "phone" not in fresh:
        fresh.pop("phone_typed", None)
    companies = values.get("companies")
    if isinstance(companies, list):
        fresh["companies"] = list(dict.fromkeys([*known.many("companies"), *companies]))
    return update(known, fresh | dict(given), context)


def _links(kind: RecordType, made: Mapping[RecordType, Record]) -> dict[str, Value | None]:
    """Return how a record refers to those made before it."""
    contact, company = made.get(RecordType.CONTACT), made.get(RecordType.COMPANY)
    if kind is RecordType.DEAL:
        linked = {"contact": contact, "company": company}
        return {name: record.id for name, record in linked.items() if record is not None}
    if kind is RecordType.CONTACT and company:
        return {"companies": [company.id]}
    return {}


def _won(lead: Record, ids: list[str], asked: Conversion, context: Context) -> Change | Refusal:
    pipeline = context.pipeline_of(lead)
    assert pipeline is not None
    values = {**asked.values.get(RecordType.LEAD, {}), "converted_to": ids}
    stage = pipeline.stage(lead.stage)
    if stage is not None and stage.outcome is Outcome.WON:
        return update(lead, values, context, op="convert")
    return move(lead, Move(pipeline.won.id, values=values, op="convert"), context)


def _refused(lead: Record, missing: list[Missing], won: Change | None) -> Refusal:
    message = f"{lead.label} cannot be converted: {empty_fields(missing)}"
    return Refusal(lead, message, tuple(missing), tried=won)

"""`convert`: leads into contacts, companies and deals, in one transaction."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value, record_type
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.context import Context
from crmctl.rules.convert import TARGETS, Conversion, convert
from crmctl.rules.create import chosen_pipeline
from crmctl.rules.decision import Refusal
from crmctl.text import comma_separated
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


class ConvertRequest(msgspec.Struct, frozen=True):
    """A conversion as it was typed; `to` names the records to make."""

    to: tuple[str, ...]
    pipeline: str = ""
    stage: str = ""
    contact: str = ""
    company: str = ""
    assignments: tuple[Assignment, ...] = ()


def convert_leads(
    workspace: Workspace, ids: Sequence[str], asked: ConvertRequest, options: WriteOptions
) -> Outcome:
    """Convert every lead named, all of it or nothing. Raises Refused, WrongUse, NotFound."""
    asked = with_place(asked)
    kinds = _kinds(asked)
    if not kinds:
        raise WrongUse("into what?", hint="add --to with any of: contact, company, deal")

    def decide(lead: Record, tx: Transaction) -> list[Change] | Refusal:
        if lead.type is not RecordType.LEAD:
            raise WrongUse(f"{lead.label} is no lead: only leads are converted")
        pipeline = ""
        if RecordType.DEAL in kinds:
            pipeline = chosen_pipeline(RecordType.DEAL, asked.pipeline, tx.context, default=False).id
        known = _known(lead, kinds, asked, tx)
        values = _values(asked.assignments, kinds, known, tx, pipeline)
        step = Conversion(tuple(kinds), pipeline, asked.stage, known, values)
        return convert(lead, step, tx.context, tx.writer.new_id)

    return change_each(workspace, ids, options, "convert", decide)


def with_place(asked: ConvertRequest) -> ConvertRequest:
    """Return the request with `-s deal.pipeline=` and `-s deal.stage=` in the place of --pipeline and --stage.

    Raises WrongUse for a place that is named twice.
    """
    found: dict[str, list[str]] = {"pipeline": [asked.pipeline], "stage": [asked.stage]}
    rest: list[Assignment] = []
    for each in asked.assignments:
        target, _, name = each.field.partition(".")
        if target == RecordType.DEAL.value and name in STAGED:
            found[name] += each.texts
        else:
            rest.append(each)
    named = {name: [text for text in texts if text] for name, texts in found.items()}
    for name, texts in named.items():
        if len(texts) > 1:
            raise WrongUse(f'deal.{name}: "{"; ".join(texts)}" are {len(texts)} values: it takes one').at(
                name
            )
    pipeline, stage = ("".join(named[name]) for name in ("pipeline", "stage"))
    return msgspec.structs.replace(asked, pipeline=pipeline, stage=stage, assignments=tuple(rest))


def _kinds(asked: ConvertRequest) -> list[RecordType]:
    named = {record_type(word) for text in asked.to for word in comma_separated(text)}
    wrong = [kind.value for kind in named if kind not in TARGETS]
    if wrong:
        raise WrongUse(f"a lead does not become a {wrong[0]}", hint="one of: contact, company, deal")
    if asked.contact:
        named.add(RecordType.CONTACT)
    if asked.company:
        named.add(RecordType.COMPANY)
    return [kind for kind in TARGETS if kind in named]


def _known(
    lead: Record, kinds: Sequence[RecordType], asked: ConvertRequest, tx: Transaction
) -> dict[RecordType, Record]:
    """Return the records to use instead of new ones: those named, and those the match rules find."""
    found: dict[RecordType, Record] = {}
    for kind, named in ((RecordType.CONTACT, asked.contact), (RecordType.COMPANY, asked.company)):
        if named:
            found[kind] = tx.get(named)
            if found[kind].type is not kind:
                raise WrongUse(f"{found[kind].label} is no {kind.value}")
    open_kinds = [kind for kind in kinds if kind not in found]
    return found | tx.known.of_lead(lead, open_kinds, tx.context)


def _values(
    assignments: Sequence[Assignment],
    kinds: Sequence[RecordType],
    known: Mapping[RecordType, Record],
    tx: Transaction,
    pipeline: str,
) -> dict[RecordType, dict[str, Value | None]]:
    """Return what to set on which record: `contact.city=Киев` names it, a bare field goes to all that have it."""
    aimed: dict[RecordType, list[Assignment]] = {}
    for each in assignments:
        for kind, field in _aims(each.field, kinds, tx.context):
            aimed.setdefault(kind, []).append(Assignment(field, each.texts, each.operator))
    return {
        kind: assigned(group, kind, tx.context, known.get(kind), pipeline if kind is RecordType.DEAL else "")
        for kind, group in aimed.items()
    }


def _aims(name: str, kinds: Sequence[RecordType], context: Context) -> list[tuple[RecordType, str]]:
    target, dot, field = name.partition(".")
    if dot:
        kind = record_type(target)
        if kind not in (*kinds, RecordType.LEAD):
            raise WrongUse(f"{name}: no {kind.value} is made here", hint=f"add --to {kind.value}")
        return [(kind, field)]
    # What only the lead has is told of the lead: a company takes its title from there, for one.
    for among in (kinds, (RecordType.LEAD,)):
        aims = [(kind, name) for kind in among if name in context.configuration.fields_of(kind)]
        if aims:
            break
    else:
        made = ", ".join(kind.value for kind in kinds)
        raise WrongUse(f'no new record has a field "{name}"', hint=f"the new records are: {made}")
    return aims


def pipelines_to_ask(workspace: Workspace, asked: ConvertRequest) -> list[tuple[str, str]]:
    """Return the deal pipelines to choose from where none is named and several could be meant."""
    asked = with_place(asked)
    if asked.pipeline or RecordType.DEAL not in _kinds(asked):
        return []
    found = workspace.configuration.pipelines_of(RecordType.DEAL)
    return [(each.id, each.title) for each in found] if len(found) > 1 else []

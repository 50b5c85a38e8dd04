"""Creating a record: its defaults, its place in a pipeline, its title, and the gate it must pass."""

from collections.abc import Mapping

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.pipeline import Pipeline, Stage
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal, empty_fields
from crmctl.rules.gate import missing_fields
from crmctl.rules.lines_sum import with_sum


class NewRecord(msgspec.Struct, frozen=True, gc=False):
    """What is asked for: values as they are kept, and the pipeline and stage as they were named."""

    kind: RecordType
    values: Mapping[str, Value | None]
    pipeline: str = ""
    stage: str = ""


def create(record_id: str, new: NewRecord, context: Context) -> Change | Refusal:
    """Decide on a new record. Raises WrongUse, NotFound for names that mean nothing."""
    context.configuration.check_kind(new.kind)
    pipeline, stage = placed(new, context)
    values = _defaults(new, pipeline.id if pipeline else "", context)
    if pipeline and stage:
        values |= {"pipeline": pipeline.id, "stage": stage.id}
        given = {"probability": values["probability"]} if "probability" in values else {}
        values |= entering(stage, values, str(values.get("closed_at") or context.at)) | given
    record = Record({"id": record_id, "record": new.kind.value}).having(values)
    record = with_sum(None, record, new.values)
    if not record.title:
        record = record.having({"title": built_title(record)})
    missing = missing_fields(record, context)
    if missing:
        where = f' at "{stage.id}"' if stage and any(each.stage for each in missing) else ""
        name = f' "{record.title}"' if record.title else ""
        message = f"{new.kind.value}{name} cannot be created{where}: {empty_fields(missing)}"
        return Refusal(record, message, tuple(missing))
    return Change("create", None, record)


def placed(new: NewRecord, context: Context) -> tuple[Pipeline | None, Stage | None]:
    """Return the pipeline and stage a new record starts in; none for records without stages."""
    if not new.kind.staged:
        if new.pipeline or new.stage:
            raise WrongUse(f"{new.kind.value} records have no stages")
        return None, None
    pipeline = chosen_pipeline(new.kind, new.pipeline, context)
    return pipeline, stage_named(pipeline, new.stage) if new.stage else pipeline.first


def chosen_pipeline(kind: RecordType, name: str, context: Context, *, default: bool = True) -> Pipeline:
    """Return the pipeline named, else the `default` or only one. Raises WrongUse where several could be meant."""
    configuration = context.configuration
    if name:
        return configuration.pipeline_for(kind, name) or configuration.pipeline(name, kind)
    found = configuration.pipelines_of(kind)
    only = found[0] if len(found) == 1 else None
    pipeline = configuration.default_pipeline(kind) if default else only
    if pipeline is None:
        names = ", ".join(each.id for each in found)
        if not names:
            raise WrongUse(f"this workspace has no {kind.value} pipeline")
        told = f"which {kind.value} pipeline is meant?"
        raise WrongUse(told, hint=f"add --pipeline with one of: {names}").at("pipeline")
    return pipeline


def stage_named(pipeline: Pipeline, name: str) -> Stage:
    """Return the stage meant by id, title or alias. Raises WrongUse listing the stages."""
    known = pipeline.stage(name)
    if known:
        return known
    with wrong_use(field="stage"):
        found = pipeline.stage(pipeline.choices.find(name).id)
    assert found is not None
    return found


def entering(stage: Stage, values: Mapping[str, Value | None], at: str) -> dict[str, Value | None]:
    """Return what being on a stage writes: the probability it gives, and when the record closed."""
    written: dict[str, Value | None] = {"closed_at": None if stage.open else at}
    if values.get("record") != "lead" and stage.probability is not None:
        written["probability"] = stage.probability
    return written


def built_title(record: Record) -> str:
    """Return the title of a record that was given none.

    A person's name, else the company's, else what the record is called in the system it came from.
    """
    if record.type in (RecordType.CONTACT, RecordType.LEAD):
        person = " ".join(part for name in NAME_PARTS if (part := record.text(name)))
        named = person or record.text("name") or record.text("company_name")
        if named:
            return named
    return record.text("external_id")


def _defaults(new: NewRecord, pipeline: str, context: Context) -> dict[str, Value | None]:
    """Return the values with the fields' defaults below them, and the acting user as owner."""
    values: dict[str, Value | None] = {"record": new.kind.value}
    for name, written in context.defaults(new.kind, pipeline).items():
        if name not in new.values:
            values |= written
    if context.owner and new.kind is not RecordType.TASK and not new.values.get("owner"):
        values["owner"] = context.owner
    given = new.values
    if None in given.values():
        given = {name: value for name, value in given.items() if value is not None}
    return {**values, **given}

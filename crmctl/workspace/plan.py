"""`plan`: what the present configuration means for the records as they are stored now."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from crmctl.errors import NotFound, Refused, WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.footprint import Footprint, footprint_of
from crmctl.model.records import RecordType, type_of
from crmctl.rules.assignment import Assignment, apart, assigned
from crmctl.rules.context import Context
from crmctl.rules.difference import Difference, What, differences
from crmctl.rules.mapping import Gone, Mapped, gone_since, read_mapping
from crmctl.rules.migration import Effect, Fate, Migrated, Migration
from crmctl.storage.interface import Reader
from crmctl.text import is_blank, names_hint
from crmctl.workspace.applied import every_applied, last_applied
from crmctl.workspace.integrity import Integrity
from crmctl.workspace.stranded_tasks import StrandedTasks, stranded_tasks
from crmctl.workspace.workspace import Workspace

KINDS = tuple(kind for kind in RecordType if kind is not RecordType.TASK)
APPLIED = "applied"
"""What the present configuration is usually compared with: the one that was last applied to the data."""


class PlanRequest(msgspec.Struct, frozen=True):
    """What was said of the way: `OLD=NEW` texts, values for what records lack, a revision to compare with."""

    maps: tuple[str, ...] = ()
    fills: tuple[Assignment, ...] = ()
    against: str = ""


class Plan(msgspec.Struct, frozen=True, dict=True):
    """What changed, and what it means for each record that it means anything for.

    `against` is `applied`, a revision, or empty where nothing is known of before; `records` is how many were looked
    at, nothing where there is no database. `tasks` hold what is gone, and stay as they are.
    """

    against: str
    differences: tuple[Difference, ...]
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...] = ()
    records: int | None = None
    tasks: tuple[StrandedTasks, ...] = ()

    @cached_property
    def blocked(self) -> list[Effect]:
        """What has nowhere to go."""
        return [each for each in self.effects if each.fate is Fate.BLOCKS]

    @cached_property
    def counts(self) -> dict[Fate, int]:
        """How many records there are of each fate; one that is blocked does not migrate."""
        named = {fate: {each.id for each in self.effects if each.fate is fate} for fate in Fate}
        named[Fate.MIGRATES] -= named[Fate.BLOCKS]
        return {fate: len(ids) for fate, ids in named.items()}

    def summary(self) -> dict[str, int | None]:
        """Return how many records were looked at, and how many of each fate there are."""
        return {"records": self.records, **{fate.value: count for fate, count in self.counts.items()}}

    @property
    def means_anything(self) -> bool:
        """Whether any record is named; without a database, whether any could be."""
        if self.records is None:
            return any(each.touches_records for each in self.differences)
        return bool(self.effects)


def plan(workspace: Workspace, asked: PlanRequest) -> Plan:
    """Compare the present configuration with the former one and hold every record against it. Writes nothing.

    Raises WrongUse for `--map` and `--set` that mean nothing, NotFound for a revision or a database.
    """
    former = _revision(workspace, asked.against) if asked.against else None
    reader = _reader(workspace, asked)
    if reader is None:
        changed = differences(former or Footprint(), footprint_of(workspace.configuration))
        return Plan(asked.against, tuple(changed), ())
    return plan_on(workspace, reader, asked, former)


def plan_on(
    workspace: Workspace, reader: Reader, asked: PlanRequest, former: Footprint | None = None
) -> Plan:
    """Return the plan for a state of the store; `former` is what to compare with instead of what was applied."""
    before = former or last_applied(reader)
    context = workspace.context(reader)
    _check_fills(asked.fills, context)
    mapped = _mapped(reader, asked.maps, context, before)
    migration = Migration(context, before, mapped, asked.fills, lambda name: reader.get(name) is not None)
    present = footprint_of(workspace.configuration)
    changes, effects, count = _held_against(migration, reader, Integrity(reader, context))
    return Plan(
        asked.against or (APPLIED if before else ""),
        tuple(differences(before, present)) if before else (),
        tuple(effects),
        tuple(changes),
        count,
        tuple(stranded_tasks(workspace.configuration, reader)),
    )


def _held_against(
    migration: Migration, reader: Reader, integrity: Integrity
) -> tuple[list[Change], list[Effect], int]:
    changes: list[Change] = []
    effects: list[Effect] = []
    count = 0
    for kind in KINDS:
        for record in reader.records(kind):
            count += 1
            found = migration.of(record)
            change = Change("apply", record, found.after)
            if found.after.values != record.values:
                found = _beside_others(change, found, integrity)
                # One that is blocked does not migrate at all.
                if not any(each.fate is Fate.BLOCKS for each in found.effects):
                    changes.append(change)
            effects += found.effects
    return changes, effects, count


def _beside_others(change: Change, found: Migrated, integrity: Integrity) -> Migrated:
    """Return what becomes of a record beside the others, which may have a value that is to be one record's alone."""
    try:
        integrity.check(change, found.after)
    except (NotFound, Refused) as error:
        writing = [each for each in found.effects if each.fate is Fate.MIGRATES]
        about = next((each for each in writing if error.field in (each.field, each.new)), writing[-1])
        blocked = msgspec.structs.replace(about, fate=Fate.BLOCKS, why=error.message, mapping="")
        effects = tuple(blocked if each is about else each for each in found.effects)
        return msgspec.structs.replace(found, effects=effects)
    integrity.learn(found.after)
    return found


def _mapped(reader: Reader, maps: Sequence[str], context: Context, before: Footprint | None) -> Mapped:
    """Return what is to become of what is gone, by what records hold and what former configurations had."""
    if not maps:
        return Mapped()
    configuration = context.configuration
    _, effects, _ = _held_against(Migration(context, before, Mapped()), reader, Integrity(reader, context))
    gone = _gone(effects)
    for former in (*every_applied(reader), *([before] if before else [])):
        gone = gone.joined(gone_since(former, configuration))
    with wrong_use("--map: "):
        return read_mapping(maps, gone, configuration)


def _gone(effects: Iterable[Effect]) -> Gone:
    """Return what records hold that is gone."""
    stages, fields, values = set(), set(), set()
    for each in effects:
        kind = type_of(each.id)
        if each.what in (What.STAGE, What.PIPELINE):
            pipeline, _, stage = each.old.partition("/")
            stages.add((kind, (pipeline, stage)))
        elif each.what is What.FIELD:
            fields.add((kind, each.name))
        elif each.what in (What.VALUE, What.TYPE):
            values |= {(each.field, one) for one in (each.old, *each.old.split(f"{SEPARATOR} "))}
    return Gone(frozenset(stages), frozenset(fields), frozenset(values))


def _check_fills(fills: Sequence[Assignment], context: Context) -> None:
    """Raise WrongUse for a field that no records have, for no value, or one that it does not take."""
    for each in fills:
        _check_gives_value(each)
        having = [kind for kind in KINDS if _has(each, kind, context)]
        if not having:
            names = {name for kind in KINDS for name in context.configuration.fields_of(kind)}
            raise WrongUse(f'--set: no record has a field "{each.field}"', hint=names_hint(each.field, names))
        for kind in having:
            assigned(apart([each], kind)[0], kind, context)


def _check_gives_value(given: Assignment) -> None:
    """Raise WrongUse for what empties, adds or takes away: where nothing is, there is nothing to change."""
    if given.operator == "=" and not all(map(is_blank, given.texts)):
        return
    said = f"{given.field}{given.operator}{'; '.join(given.texts)}"
    raise WrongUse(
        f"--set {said}: a record that lacks the field needs a value", hint="give a value: --set FIELD=VALUE"
    )


def _has(given: Assignment, kind: RecordType, context: Context) -> bool:
    own, _ = apart([given], kind)
    try:
        return bool(own) and bool(context.configuration.field(kind, own[0].field))
    except ValueError:
        return False


def _reader(workspace: Workspace, asked: PlanRequest) -> Reader | None:
    """Return the stored state, or nothing where two configurations can be compared without one."""
    if asked.against and not workspace.settings.database and not workspace.database.exists():
        return None
    return workspace.whole()


def _revision(workspace: Workspace, revision: str) -> Footprint:
    from crmctl.config.revision import configuration_at

    return footprint_of(configuration_at(Path(workspace.folder), revision))

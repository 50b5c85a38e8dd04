"""A workspace's configuration as the program uses it: checked, resolved, with nothing left to look up in YAML."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from crmctl.errors import BadValue, NotConfigured, NotFound, WrongUse
from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.finding import Finding
from crmctl.model.pipeline import Permission, Pipeline, Requirement
from crmctl.model.records import RecordType
from crmctl.model.tasks import TaskBook
from crmctl.text import name_key, names_hint


class User(msgspec.Struct, frozen=True):
    """A person the configuration knows."""

    id: str
    name: str = ""
    email: str = ""
    role: str = ""
    team: str = ""
    aliases: tuple[str, ...] = ()


def choices_of(users: Sequence[User]) -> Choices | None:
    """Return users as people name them, or nothing where there are none, so that any name is a user."""
    if not users:
        return None
    called = ((user, (*user.aliases, user.email) if user.email else user.aliases) for user in users)
    return Choices("user", tuple(Choice(user.id, user.name, aliases) for user, aliases in called))


class View(msgspec.Struct, frozen=True):
    """A saved filter: which records, in which order, with which columns."""

    record: str
    where: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    title: str = ""


class MatchRules(msgspec.Struct, frozen=True):
    """When two records are one: lists of fields, tried in order; `ignored` values never match."""

    rules: dict[str, tuple[tuple[str, ...], ...]] = {}
    ignored: dict[str, tuple[str, ...]] = {}


class Configuration(msgspec.Struct, frozen=True, dict=True):
    """Everything `crmctl.yaml` and the files it names say. `fields` are standard and own ones by record type.

    `tasks` is the file of tasks, empty for none; `task_book` what it says, missing where that has errors:
    `task_errors` are the first of those.
    """

    name: str
    currency: str
    mode: str
    timezone: str
    phone_region: str
    database: str
    fields: dict[str, tuple[Field, ...]]
    pipelines: tuple[Pipeline, ...]
    users: tuple[User, ...] = ()
    lists: dict[str, Choices] = {}
    default: dict[str, str] = {}
    require: dict[str, tuple[Requirement, ...]] = {}
    convert: dict[str, dict[str, str]] = {}
    match: MatchRules = MatchRules()
    views: dict[str, View] = {}
    rates: dict[str, str] | str | None = None
    spend: str = ""
    year_starts: str = "01-01"
    week_starts: str = "monday"
    tasks: str = ""
    task_book: TaskBook | None = None
    task_errors: tuple[Finding, ...] = ()

    @cached_property
    def _field_maps(self) -> dict[tuple[str, str], dict[str, Field]]:
        return {}

    def fields_of(self, kind: RecordType, pipeline: str = "") -> dict[str, Field]:
        """Return the fields of a record type by name; of one pipeline's records, or of all."""
        key = (kind.value, pipeline)
        if key not in self._field_maps:
            self._field_maps[key] = self._collect(kind, pipeline)
        return self._field_maps[key]

    def _collect(self, kind: RecordType, pipeline: str) -> dict[str, Field]:
        found = {field.name: field for field in self.fields.get(kind.value, ())}
        pipelines = [p for p in self.pipelines if p.record is kind and pipeline in ("", p.id)]
        for each in pipelines:
            for field in each.fields:
                found.setdefault(field.name, field)
        if "stage" in found:
            found |= self._staged_fields(found, kind, pipelines)
        return found

    def _staged_fields(
        self, found: dict[str, Field], kind: RecordType, pipelines: list[Pipeline]
    ) -> dict[str, Field]:
        """Return the fields whose choices depend on the pipelines that are meant."""
        replace = msgspec.structs.replace
        stages = tuple(
            Choice(f"{stage.id} {p.id}", stage.title, (stage.id, *stage.aliases))
            for p in pipelines
            for stage in p.stages
        )
        changed = {
            "stage": replace(found["stage"], choices=Choices("stage", stages)),
            "pipeline": replace(found["pipeline"], choices=self.pipeline_choices(kind)),
        }
        reasons = {p.reasons for p in pipelines if p.reasons in self.lists}
        if reasons:
            items = {item.id: item for name in sorted(reasons) for item in self.lists[name].items}
            name = pipelines[0].reason_field
            changed[name] = replace(found[name], choices=Choices("reason", tuple(items.values())))
        return changed

    def field(self, kind: RecordType, name: str, pipeline: str = "") -> Field:
        """Return a field by its id, title or alias. Raises BadValue naming the close ones."""
        fields = self.fields_of(kind, pipeline)
        if name in fields:
            return fields[name]
        key = name_key(name)
        for field in fields.values() if key else ():
            if key in (name_key(field.name), name_key(field.title)):
                return field
        for field in fields.values() if key else ():
            if any(key == name_key(alias) for alias in field.aliases):
                return field
        raise BadValue(f'unknown field "{name}"', hint=names_hint(name, fields, "fields"))

    def pipeline_choices(self, kind: RecordType | None = None) -> Choices:
        """Return the pipelines of a record type as people name them."""
        if kind not in self._pipeline_choices:
            items = (Choice(p.id, p.title, p.aliases) for p in self.pipelines if kind in (None, p.record))
            self._pipeline_choices[kind] = Choices("pipeline", tuple(items))
        return self._pipeline_choices[kind]

    @cached_property
    def _pipeline_choices(self) -> dict[RecordType | None, Choices]:
        return {}

    def pipelines_of(self, kind: RecordType) -> list[Pipeline]:
        """Return the pipelines of a record type in the order of their files."""
        return [pipeline for pipeline in self.pipelines if pipeline.record is kind]

    def pipeline(self, text: str, kind: RecordType | None = None) -> Pipeline:
        """Return the pipeline named by id or title. Raises NotFound."""
        try:
            chosen = self.pipeline_choices(kind).find(text).id
        except BadValue as error:
            raise NotFound(error.reason, hint=error.hint).at("pipeline") from None
        return self._pipelines_by_id[chosen]

    def pipeline_by_id(self, pipeline_id: str) -> Pipeline | None:
        """Return a pipeline, or nothing for one that is no longer there."""
        return self._pipelines_by_id.get(pipeline_id)

    def pipeline_for(self, kind: RecordType, pipeline_id: str) -> Pipeline | None:
        """Return a pipeline for records of a type, or nothing where it is not there or is for others."""
        found = self._pipelines_by_id.get(pipeline_id)
        return found if found and found.record is kind else None

    @cached_property
    def _pipelines_by_id(self) -> dict[str, Pipeline]:
        return {pipeline.id: pipeline for pipeline in reversed(self.pipelines)}

    def default_pipeline(self, kind: RecordType) -> Pipeline | None:
        """Return the pipeline meant where none is named: the default, or the only one."""
        found = self.pipelines_of(kind)
        if kind.value in self.default:
            return next((p for p in found if p.id == self.default[kind.value]), None)
        return found[0] if len(found) == 1 else None

    @cached_property
    def user_choices(self) -> Choices | None:
        """The users as people name them, or nothing where any name is a user."""
        return choices_of(self.users)

    def known_user(self, text: str) -> str | None:
        """Return the id of a user by id, name or alias; nothing for one who is not known."""
        found = self.user_choices.get(text) if self.user_choices else None
        return found.id if found else None

    def role_of(self, user: str) -> str:
        """Return the role of a user by id, empty for one who has none."""
        return next((each.role for each in self.users if each.id == user), "")

    def limits_of(self, user: str) -> dict[str, tuple[Permission, ...]]:
        """Return what a user may do, by the pipelines whose `access` names their role: all that they may do there."""
        limiting = [pipeline for pipeline in self.pipelines if pipeline.access]
        role = name_key(self.role_of(user)) if limiting else ""
        if not role:
            return {}
        own = {p.id: tuple(each for each in p.access if name_key(each.role) == role) for p in limiting}
        return {pipeline: permissions for pipeline, permissions in own.items() if permissions}

    def check_kind(self, kind: RecordType) -> None:
        """Raise WrongUse for records that this workspace does not keep, NotConfigured for tasks without their rules."""
        if kind is RecordType.TASK:
            self.tasks_book()
        if kind is RecordType.LEAD and self.mode == "deals":
            raise WrongUse("this workspace has no leads (mode: deals)", hint="create a deal instead")

    def keeps(self, kind: RecordType) -> bool:
        """Tell whether this workspace keeps records of a type, and knows the rules for them."""
        if kind is RecordType.TASK:
            return self.task_book is not None
        return kind is not RecordType.LEAD or self.mode != "deals"

    @property
    def unread_tasks(self) -> str:
        """What to tell of tasks that a command had to pass over, empty where none were."""
        if self.task_book is not None:
            return ""
        return f"tasks were not looked at: {self.tasks or 'the configuration'} has errors, crmctl validate shows them"

    def tasks_book(self) -> TaskBook:
        """Return the rules for tasks. Raises NotConfigured where their file has errors."""
        if self.task_book is None:
            file = self.tasks or "the configuration"
            raise NotConfigured(
                f"{file} has errors, so that nothing can be done with tasks",
                details=[
                    {"message": f"{each.place}: {each.message}", "rule": each.rule}
                    for each in self.task_errors
                ],
                hint="crmctl validate",
            )
        return self.task_book

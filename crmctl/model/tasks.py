"""What tasks.yaml says: kinds of tasks, templates, results, and what follows from each."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

import msgspec

from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.pipeline import Requirement

FINISHED = ("done", "cancelled")
"""The statuses of a task with which nothing more is done."""
SAME = "same"
"""The next task is one like that which ended."""


WAIT = "wait"
"""The kind of task that is a pause: it waits from the beginning, and any message of the client ends it."""


class Clients(StrEnum):
    """How many clients a task is about."""

    ONE = "one"
    MANY = "many"
    NONE = "none"


class TaskType(msgspec.Struct, frozen=True):
    """A kind of task. One that `creates` another is not kept itself: each client gets a task of that kind."""

    id: str
    title: str = ""
    clients: Clients = Clients.ONE
    creates: str = ""
    require: tuple[Requirement, ...] = ()
    fields: tuple[Field, ...] = ()


class Template(msgspec.Struct, frozen=True):
    """A task to be used again and again. `due` counts from its creation, `remind` from the due time."""

    id: str
    type: str
    title: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    due: str = ""
    remind: str = ""
    assignee: str = ""
    results: tuple[str, ...] = ()
    require: tuple[Requirement, ...] = ()
    checklist: tuple[str, ...] = ()
    priority: str = ""
    text: str = ""
    help: str = ""


class NextTask(msgspec.Struct, frozen=True):
    """The task that follows: its template, or SAME; when it is due, relative or by a date field; whose it is."""

    task: str
    due: str = ""
    assignee: str = ""


class Result(msgspec.Struct, frozen=True):
    """What can come of a task: the next one, or the end of the chain, and a way for the client's record.

    `convert` is as it stands in YAML, empty for none.
    """

    id: str
    title: str = ""
    aliases: tuple[str, ...] = ()
    require: tuple[Requirement, ...] = ()
    fields: tuple[Field, ...] = ()
    next: NextTask | None = None
    ends: str = ""
    move: str = ""
    convert: dict[str, object] = {}
    help: str = ""


NOTICE = "notice"
"""The type of the tasks that are lines in somebody's agenda, put there by a stage, and nothing that is to be done."""
DONE = Result("done", "Done")
"""What comes of a task whose template has no results to choose from."""

BUILT_IN_TYPES = (
    TaskType("call", "Call"),
    TaskType("group_call", "Calls to clients", Clients.MANY, "call"),
    TaskType("client", "Task about a client"),
    TaskType("internal", "Internal task", Clients.NONE),
    TaskType("meeting", "Meeting", require=tuple(map(Requirement, ("due", "place", "reason")))),
    TaskType("message", "Message"),
    TaskType(WAIT, "Wait", require=(Requirement("due"),)),
    TaskType(NOTICE, "Notice", Clients.NONE),
)
"""The kinds that are always there; `types:` says more about them, and adds others."""


class TaskBook(msgspec.Struct, frozen=True, dict=True):
    """The kinds, templates and results by which tasks are created and ended."""

    types: tuple[TaskType, ...] = BUILT_IN_TYPES
    templates: tuple[Template, ...] = ()
    results: tuple[Result, ...] = ()
    categories: Choices | None = None

    @cached_property
    def _types(self) -> dict[str, TaskType]:
        return {each.id: each for each in self.types}

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {each.id: each for each in self.templates}

    @cached_property
    def _results(self) -> dict[str, Result]:
        return {each.id: each for each in (DONE, *self.results)}

    def type(self, type_id: str) -> TaskType | None:
        """Return a kind of task, or nothing for one that is no longer there."""
        return self._types.get(type_id)

    def template(self, template_id: str) -> Template | None:
        """Return a template, or nothing for one that is no longer there."""
        return self._templates.get(template_id)

    def result(self, result_id: str) -> Result | None:
        """Return a result, or nothing for one that is no longer there."""
        return self._results.get(result_id)

    @property
    def type_choices(self) -> Choices:
        """The kinds as people name them."""
        return Choices("type of task", tuple(Choice(each.id, each.title) for each in self.types))

    @property
    def template_choices(self) -> Choices:
        """The templates as people name them."""
        found = (Choice(each.id, each.title, each.aliases) for each in self.templates)
        return Choices("task template", tuple(found))

    @property
    def step_choices(self) -> Choices:
        """What can come next as people name it: the templates, and the kinds that no template is named like."""
        others = (each for each in self.types if each.id not in self._templates and each.id != NOTICE)
        kinds = (Choice(each.id, each.title) for each in others)
        return Choices("task template", (*self.template_choices.items, *kinds))

    @property
    def result_choices(self) -> Choices:
        """The results as people name them, that of tasks without results included."""
        return _named("result", self._results.values())

    def results_of(self, type_id: str, template_id: str) -> tuple[Result, ...]:
        """Return the results that a task can end with.

        They are its template's, else those of the template that is named like its kind, else only DONE.
        """
        for template in (self.template(template_id), self.template(type_id)):
            found = (
                [self._results[name] for name in template.results if name in self._results]
                if template
                else []
            )
            if found:
                return tuple(found)
        return (DONE,)

    def choices_of(self, type_id: str, template_id: str) -> Choices:
        """Return the results that a task can end with, as people name them."""
        return _named("result", self.results_of(type_id, template_id), "this task")

    def requirements(self, type_id: str, template_id: str) -> tuple[Requirement, ...]:
        """Return what a task must hold by its kind and its template."""
        owners = (self.type(type_id), self.template(template_id))
        return tuple(each for owner in owners if owner for each in owner.require)


def _named(noun: str, results: Iterable[Result], within: str = "") -> Choices:
    return Choices(noun, tuple(Choice(each.id, each.title, each.aliases) for each in results), within)

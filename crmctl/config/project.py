"""What the rules look at: the files of a workspace that have passed their schemas."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

import msgspec

from crmctl.config.compile import compile_configuration, vocabulary
from crmctl.config.compile_field import Vocabulary
from crmctl.config.compile_pipeline import compile_pipeline
from crmctl.config.compile_tasks import compile_tasks
from crmctl.config.document import Document, Node
from crmctl.currencies import DECIMALS
from crmctl.dates import zone
from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions, Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.model.tasks import TaskBook


class OwnField(msgspec.Struct, frozen=True):
    """A field that a file declares: for which records, where; `owner` is a pipeline, a kind of task or a result."""

    name: str
    node: Node
    record: RecordType
    owner: str = ""


class Project(msgspec.Struct, frozen=True, dict=True):
    """Sound documents. `workspace` is missing where a file is checked alone.

    `whole` tells that no file of the workspace is missing here: else a name may be declared in one that is.
    `figures` are the files of rates and of spend that are to be looked into, by their name.
    """

    folder: Path
    now: datetime
    workspace: Document | None = None
    pipelines: tuple[Document, ...] = ()
    tasks: Document | None = None
    whole: bool = True
    tests: tuple[Document, ...] = ()
    profiles: tuple[Document, ...] = ()
    figures: Mapping[str, Path] = {}

    @cached_property
    def configuration(self) -> Configuration | None:
        """What the names of the workspace mean; its references may lead nowhere."""
        if self.workspace is None:
            return None
        pipelines = [pipeline for _, pipeline in self.compiled]
        return compile_configuration(self.workspace, pipelines, self.words, self.tasks)

    @cached_property
    def task_book(self) -> TaskBook | None:
        """What the file of tasks says, or nothing where none is here."""
        return compile_tasks(self.tasks, self.words) if self.tasks else None

    @cached_property
    def compiled(self) -> tuple[tuple[Document, Pipeline], ...]:
        """The pipelines with the documents they come from."""
        return tuple((document, compile_pipeline(document, self.words)) for document in self.pipelines)

    @cached_property
    def words(self) -> Vocabulary:
        """What fields choose from."""
        return vocabulary(self.workspace) if self.workspace else Vocabulary()

    @cached_property
    def conventions(self) -> Conventions:
        """How values in the files are read."""
        found = self.configuration
        if found is None:
            return Conventions(self.now)
        me = found.users[0].id if found.users else "me"
        # An unknown currency has a rule of its own.
        currency = found.currency if found.currency in DECIMALS else "USD"
        return Conventions(self.now, _known_zone(found.timezone), currency, found.phone_region, me)

    def fields(self, kind: RecordType, pipeline: str = "") -> dict[str, Field] | None:
        """Return the fields of a record type by name, or nothing where they cannot be known here."""
        if self.configuration is None or not STANDARD_FIELDS.get(kind):
            return None
        return self.configuration.fields_of(kind, pipeline)

    def stages(self) -> Iterator[tuple[Document, Node]]:
        """Yield every stage with its document."""
        for document in self.pipelines:
            for stage in document.top.each("stages"):
                yield document, stage

    def actions(self) -> Iterator[tuple[Document, Node]]:
        """Yield every action of every stage with its document."""
        for document, stage in self.stages():
            for key in ("on_enter", "on_leave"):
                for action in stage.each(key):
                    yield document, action

    def requirements(self) -> Iterator[tuple[RecordType, str, Node]]:
        """Yield every entry of a gate with the record type and the pipeline it is for, empty for all of the type."""
        for document, stage in self.stages():
            for key in ("require", "require_to_leave"):
                for entry in stage.each(key):
                    yield *records_of(document), entry
        required = self.workspace.top.get("require") if self.workspace else None
        for kind in required.value if required else ():
            for entry in required.each(kind) if required else ():
                yield RecordType(kind), "", entry

    def own_fields(self) -> Iterator[OwnField]:
        """Yield every field that a file declares."""
        yield from self.workspace_fields()
        for document in self.pipelines:
            kind, pipeline = records_of(document)
            for name, node in document.top.pairs("fields"):
                yield OwnField(name, node, kind, pipeline)
        if self.tasks:
            for group in ("types", "results"):
                for owner, declared in self.tasks.top.pairs(group):
                    for name, node in declared.pairs("fields"):
                        yield OwnField(name, node, RecordType.TASK, owner)

    def workspace_fields(self) -> Iterator[OwnField]:
        """Yield the fields that `crmctl.yaml` declares."""
        declared = self.workspace.top.get("fields") if self.workspace else None
        for kind in declared.value if declared else ():
            for name, node in declared.pairs(kind) if declared else ():
                yield OwnField(name, node, RecordType(kind))


def records_of(pipeline: Document) -> tuple[RecordType, str]:
    """Return the type of the records that a pipeline file is for, and the pipeline's id."""
    return RecordType(pipeline.top.text("record")), pipeline.top.text("pipeline")


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except BadValue:
        return "UTC"  # the time zone has a rule of its own
    return name

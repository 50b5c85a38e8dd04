"""Files of a workspace, read and held against their schemas."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from crmctl.config import files
from crmctl.config.document import Document
from crmctl.config.project import Project
from crmctl.config.schema_check import check
from crmctl.config.yaml_reader import read_file
from crmctl.errors import BadValue
from crmctl.model.finding import Finding

_HARMLESS = frozenset({"schema-unknown-key", "syntax-duplicate-key"})
"""Faults after which a document still has the shape that the rules expect: unknown keys are dropped."""


class Reading(msgspec.Struct, frozen=True):
    """A file with everything against it so far; a `sound` one has the shape of its schema."""

    document: Document
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether the rules can look at it."""
        return self.document.data is not None and all(found.rule in _HARMLESS for found in self.findings)


class Beside(msgspec.Struct, frozen=True):
    """Files that no command needs but those that are about them, by how findings are to name them.

    With `figures` the files of rates and of spend are looked into, too.
    """

    tests: Mapping[str, Path] = {}
    profiles: Mapping[str, Path] = {}
    figures: bool = False

    @property
    def paths(self) -> dict[str, Path]:
        """All of them."""
        return {**self.tests, **self.profiles}


NOTHING_BESIDE = Beside()


class WorkspaceReading(msgspec.Struct, frozen=True):
    """A workspace's files; the ones that are sound make up the project.

    `beside` are the tests of the process and the import profiles that were asked for.
    """

    project: Project
    readings: tuple[Reading, ...]
    tasks: Reading | None
    beside: tuple[Reading, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every file that is named is there and sound: else there are rules that could not look."""
        top = self.project.workspace
        without_tasks = top is not None and top.top.get("tasks") is None
        return self.project.whole and (self.tasks.sound if self.tasks else without_tasks)

    @property
    def documents(self) -> list[Document]:
        """The documents that the rules look at."""
        project = self.project
        found = [project.workspace, *project.pipelines, project.tasks, *project.tests, *project.profiles]
        return [document for document in found if document is not None]


def read_checked(file: Path, path: str, schema: str) -> Reading:
    """Read a file and hold it against a schema; a file of another version is told nothing else."""
    document = read_file(file, path)
    return held_against(document, schema)


def held_against(document: Document, schema: str) -> Reading:
    """Hold a document against a schema."""
    if document.data is None:
        return Reading(document, document.findings)
    found = check(document, schema)
    _drop_unknown_keys(document, found)
    versions = [finding for finding in found if finding.rule == "schema-version"]
    return Reading(document, (*document.findings, *(versions or found)))


def _drop_unknown_keys(document: Document, found: list[Finding]) -> None:
    """Take what the schema does not know out of the data, so that nothing after it meets it."""
    marks = {(finding.line, finding.column) for finding in found if finding.rule == "schema-unknown-key"}
    for keys in [keys for keys, mark in document.key_marks.items() if mark in marks]:
        owner = document.data
        for key in keys[:-1]:
            owner = owner[key]
        del owner[keys[-1]]


def read_workspace(folder: Path, now: datetime, beside: Beside) -> WorkspaceReading:
    """Read `crmctl.yaml` and the files it names; what cannot be found is for the rules to tell.

    Those `beside` are read with them.
    """
    top = read_checked(folder / files.WORKSPACE_FILE, files.WORKSPACE_FILE, "crmctl")
    raw = top.document.data if isinstance(top.document.data, dict) else {}
    pipelines = [
        read_checked(path, files.relative(folder, path), "pipeline")
        for path in files.pipeline_files(folder, raw.get("pipelines"), raw.get("tasks"))
    ]
    tasks = _read_tasks(folder, raw.get("tasks"))
    tested = [read_checked(file, path, "test") for path, file in beside.tests.items()]
    profiled = [read_checked(file, path, "profile") for path, file in beside.profiles.items()]
    project = Project(
        folder,
        now,
        top.document if top.sound else None,
        tuple(reading.document for reading in pipelines if reading.sound),
        tasks.document if tasks and tasks.sound else None,
        whole=top.sound and _are_all(raw.get("pipelines"), pipelines),
        tests=tuple(reading.document for reading in tested if reading.sound),
        profiles=tuple(reading.document for reading in profiled if reading.sound),
        figures=_figures(folder, raw) if beside.figures else {},
    )
    return WorkspaceReading(project, (top, *pipelines), tasks, (*tested, *profiled))


def _figures(folder: Path, raw: Mapping[str, object]) -> dict[str, Path]:
    found = {}
    for key in ("rates", "spend"):
        name = raw.get(key)
        try:
            path = files.resolve_inside(folder, name) if isinstance(name, str) else None
        except BadValue:
            continue
        if path and isinstance(name, str):
            found[name] = path
    return found


def _are_all(named: object, pipelines: list[Reading]) -> bool:
    """Tell whether every pipeline that is named was found and is sound."""
    there = len(pipelines) == len(named) if isinstance(named, list) else bool(pipelines)
    return there and all(reading.sound for reading in pipelines)


def _read_tasks(folder: Path, name: object) -> Reading | None:
    try:
        path = files.resolve_inside(folder, name) if isinstance(name, str) else None
    except BadValue:
        return None
    return read_checked(path, files.relative(folder, path), "tasks") if path else None

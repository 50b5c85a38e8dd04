"""A workspace, or files by themselves, to findings: what `crmctl validate` and a miss of the cache run."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from crmctl import clock
from crmctl.config import files
from crmctl.config.document import Document
from crmctl.config.project import Project
from crmctl.config.reading import NOTHING_BESIDE, Beside, WorkspaceReading, held_against, read_workspace
from crmctl.config.reading_rules import READING_RULES
from crmctl.config.rule import Rule
from crmctl.config.rules import rule_modules
from crmctl.config.suppression import silence
from crmctl.config.yaml_reader import read_file
from crmctl.errors import NotFound
from crmctl.model.configuration import Configuration
from crmctl.model.finding import Finding, Severity

_MOST_TOLD = 5


class Checked(msgspec.Struct, frozen=True):
    """What a workspace's files say. `configuration` is there where only what has to do with tasks is in error.

    `digests` are of the files by the paths that findings name, tests and import profiles left out; `pipelines` is
    what crmctl.yaml says. `reading` are the files themselves, `beside_findings` what is wrong with those others.
    """

    findings: tuple[Finding, ...]
    tasks_findings: tuple[Finding, ...]
    beside_findings: tuple[Finding, ...]
    configuration: Configuration | None
    digests: dict[str, str]
    pipelines: str | list[str]
    reading: WorkspaceReading


class Report(msgspec.Struct, frozen=True):
    """Findings by place, and the files that were looked at by the paths that findings name.

    `usable` tells whether commands can work by the configuration, whatever is wrong with tasks and tests.
    """

    findings: tuple[Finding, ...]
    files: dict[str, Path]
    usable: bool = False


def check_workspace(folder: Path, now: datetime | None = None, beside: Beside = NOTHING_BESIDE) -> Checked:
    """Check every file that a workspace is made of, and those beside it."""
    reading = read_workspace(folder, now or clock.now(), beside)
    found = [finding for part in (*reading.readings, *reading.beside) for finding in part.findings]
    found += reading.tasks.findings if reading.tasks else ()
    found += _apply_rules(reading.project)
    kept = silence(found, reading.documents, _rules(), whole=reading.whole)
    figures = reading.project.figures
    apart = [finding for finding in kept if finding.path in beside.paths or finding.path in figures]
    tasks = [finding for finding in kept if _is_about_tasks(finding, reading)]
    rest = [finding for finding in kept if finding not in tasks and finding not in apart]
    failed = any(finding.severity is Severity.ERROR for finding in rest)
    every = [*reading.readings, *([reading.tasks] if reading.tasks else [])]
    return Checked(
        tuple(rest),
        tuple(tasks),
        tuple(apart),
        None if failed else _usable(reading.project.configuration, tasks, reading),
        {part.document.path: part.document.digest for part in every},
        reading.project.workspace.data["pipelines"] if reading.project.workspace else "",
        reading,
    )


def _usable(
    configuration: Configuration | None, tasks: Sequence[Finding], reading: WorkspaceReading
) -> Configuration | None:
    """Return the configuration, without the rules for tasks where something is wrong with those.

    A stage that names a template which is not there stops nothing but what would create that task.
    """
    errors = [each for each in tasks if each.severity is Severity.ERROR and not _is_of_a_stage(each, reading)]
    if configuration is None or not errors:
        return configuration
    return msgspec.structs.replace(configuration, task_book=None, task_errors=tuple(errors[:_MOST_TOLD]))


def report_workspace(folder: Path, prefix: str = "") -> Report:
    """Check a workspace with its tests and its import profiles; `prefix` stands before the paths of its files."""
    tests, profiles = (
        {files.relative(folder, path): path for path in found}
        for found in (files.test_files(folder), files.profile_files(folder))
    )
    beside = Beside(tests, profiles, figures=True)
    checked = check_workspace(folder, beside=beside)
    found = [*checked.findings, *checked.tasks_findings, *checked.beside_findings]
    named = (*checked.digests, *beside.paths, *checked.reading.project.figures)
    shown = {path: f"{prefix}{path}" for path in named}
    return Report(
        tuple(sorted(msgspec.structs.replace(one, path=f"{prefix}{one.path}") for one in found)),
        {shown[path]: folder / path for path in shown},
        usable=checked.configuration is not None,
    )


def report_profiles(folder: Path | None, named: Mapping[str, Path]) -> Report:
    """Check import profiles, wherever they lie, by how findings are to name them; in a workspace where there is one."""
    if folder is None:
        found = [
            one for path, file in named.items() for one in _check_alone(read_file(file, path), "profile")
        ]
        return Report(tuple(sorted(found)), dict(named))
    beside = {files.relative(folder, path): path for path in files.profile_files(folder)}
    others = {
        path: file for path, file in beside.items() if file.resolve() not in map(Path.resolve, named.values())
    }
    checked = check_workspace(folder, beside=Beside(profiles={**others, **named}))
    return Report(tuple(one for one in checked.beside_findings if one.path in named), dict(named))


def report_paths(targets: Sequence[Path]) -> Report:
    """Check workspaces, folders and files as they are named on the command line. Raises NotFound.

    A file that belongs to a workspace is checked with all that it refers to, any other by itself.
    """
    workspaces = _Workspaces()
    parts = [part for target in targets for part in _parts(target, workspaces)]
    found = dict.fromkeys(finding for part in parts for finding in part.findings)
    return Report(tuple(sorted(found)), {name: file for part in parts for name, file in part.files.items()})


def _parts(target: Path, workspaces: "_Workspaces") -> Iterator[Report]:
    if not target.exists():
        raise NotFound(f'"{target}" does not exist')
    folder = target.parent if target.name == files.WORKSPACE_FILE else target
    if folder.is_dir() and (folder / files.WORKSPACE_FILE).exists():
        yield report_workspace(folder, "" if folder == Path() else f"{folder.as_posix()}/")
    elif target.is_dir():
        for file in files.yaml_files(target):
            yield workspaces.report_file(file)
    else:
        yield workspaces.report_file(target)


class _Workspaces:
    """The workspaces of the files named: each is checked once, however many of its files are."""

    def __init__(self) -> None:
        self._found: dict[Path, dict[Path, tuple[str, Report]]] = {}

    def report_file(self, file: Path) -> Report:
        """Return what is found in a file, within its workspace where it has one."""
        folder = files.find_workspace(file.parent)
        known = self._members(folder).get(file.resolve()) if folder else None
        if known is None and folder and (beside := _beside(file)):
            checked = check_workspace(folder, beside=beside)
            return Report(checked.beside_findings, beside.paths)
        if known is None:
            document = read_file(file, file.as_posix())
            return Report(tuple(_check_alone(document, _kind(document))), {file.as_posix(): file})
        path, whole = known
        own = [one for one in whole.findings if one.path == path]
        renamed = tuple(msgspec.structs.replace(one, path=file.as_posix()) for one in own)
        return Report(renamed, {file.as_posix(): file})

    def _members(self, folder: Path) -> dict[Path, tuple[str, Report]]:
        """Return the path of each file of a workspace, and the report it is in."""
        if folder not in self._found:
            whole = report_workspace(folder)
            self._found[folder] = {member.resolve(): (path, whole) for path, member in whole.files.items()}
        return self._found[folder]


def _check_alone(document: Document, kind: str) -> list[Finding]:
    """Check a file without a workspace: its schema, and the rules that need nothing else."""
    reading = held_against(document, kind)
    now, sound = clock.now(), reading.sound
    project = Project(
        Path(document.path).parent,
        now,
        pipelines=(document,) if sound and kind == "pipeline" else (),
        tasks=document if sound and kind == "tasks" else None,
        tests=(document,) if sound and kind == "test" else (),
        profiles=(document,) if sound and kind == "profile" else (),
        whole=False,
    )
    documents = [document] if sound else []
    return silence([*reading.findings, *_apply_rules(project)], documents, _rules(), whole=False)


def _beside(file: Path) -> Beside | None:
    """Return a test of the process or an import profile that lies elsewhere; nothing for other files."""
    if files.is_test_file(file):
        return Beside(tests={file.as_posix(): file})
    if _kind(read_file(file, file.as_posix())) == "profile":
        return Beside(profiles={file.as_posix(): file})
    return None


def _kind(document: Document) -> str:
    """Return which schema a file is meant for, by its name, else by the keys that only one kind has."""
    name = Path(document.path).name
    keys = set(document.data) if isinstance(document.data, dict) else set()
    if name.endswith(files.TEST_SUFFIX) or "tests" in keys:
        return "test"
    if {"profile", "columns"} & keys:
        return "profile"
    if name == "tasks.yaml" or keys & {"templates", "results", "result_sets", "types"}:
        return "tasks"
    return "pipeline"


def _apply_rules(project: Project) -> list[Finding]:
    return [
        fault.finding(module.rule.id, module.rule.severity)
        for module in rule_modules()
        if module.check
        for fault in module.check(project)
    ]


def _rules() -> dict[str, Rule]:
    modules = {module.rule.id: module.rule for module in rule_modules()}
    return modules | {name: Rule(name) for name in READING_RULES}


def _is_of_a_stage(finding: Finding, reading: WorkspaceReading) -> bool:
    """Tell whether a finding is about the task that a stage creates: its template is not there."""
    pipelines = {each.document.path for each in reading.readings}
    return finding.rule == "reference-unknown-template" and finding.path in pipelines


def _is_about_tasks(finding: Finding, reading: WorkspaceReading) -> bool:
    """Tell whether a finding stops only what has to do with tasks.

    It is in their file, of its absence, or of a stage whose task is not in it.
    """
    if _is_of_a_stage(finding, reading):
        return True
    if reading.tasks and finding.path == reading.tasks.document.path:
        return True
    named = reading.project.workspace.top.get("tasks") if reading.project.workspace else None
    if named is None or finding.rule != "reference-path" or finding.path != named.document.path:
        return False
    return (finding.line, finding.column) == named.document.mark(named.keys)

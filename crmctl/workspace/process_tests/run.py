"""`test`: the tests of the process that are written in a workspace, or in the files that are named."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import Checked, check_workspace
from crmctl.config.compile_process_test import compile_process_tests
from crmctl.config.files import is_test_file, relative, test_files, yaml_files
from crmctl.config.lines import source_line
from crmctl.config.reading import Beside
from crmctl.errors import NotFound
from crmctl.model.configuration import Configuration
from crmctl.model.finding import Severity
from crmctl.model.process_result import ProcessResult, ProcessRun
from crmctl.model.process_test import ProcessTest, Verb, acted_on, task_among
from crmctl.storage.memory import MemoryStore
from crmctl.text import fold
from crmctl.workspace.process_tests.act import act
from crmctl.workspace.process_tests.compare import Aftermath, failures
from crmctl.workspace.process_tests.coverage import Coverage
from crmctl.workspace.process_tests.given import place_given
from crmctl.workspace.workspace import Settings, Workspace, invalid, locate, moment_meant


class Tested(msgspec.Struct, frozen=True):
    """What the tests came to, and the files that they are written in by the paths that name them."""

    run: ProcessRun
    files: dict[str, Path]

    def source(self, path: str, line: int) -> str | None:
        """Return a line of a file that was looked at."""
        file = self.files.get(path)
        return source_line(file, line) if file else None


def run_process_tests(settings: Settings, paths: Sequence[str], only: str = "") -> Tested:
    """Run the workspace's tests, or those in the files and folders named; `only` those with a text in their name.

    The database is neither needed nor looked at. Raises NotFound for a path or a name, NotConfigured.
    """
    folder = locate(settings)
    files = _named(paths) if paths else {relative(folder, path): path for path in test_files(folder)}
    checked = check_workspace(folder, beside=Beside(tests=files))
    found = (*checked.findings, *checked.tasks_findings)
    errors = [each for each in found if each.severity is Severity.ERROR]
    if checked.configuration is None or errors:
        raise invalid(folder, errors)
    coverage = Coverage()
    sound = list(_sound_tests(checked))
    chosen = [test for test in sound if fold(only) in fold(test.name)]
    if sound and not chosen:
        raise NotFound(f'no test has "{only}" in its name')
    results = [
        _ran(test, _workspace(test, folder, checked.configuration, settings), coverage) for test in chosen
    ]
    unreached = coverage.unreached(checked.configuration, _results(checked)) if chosen and not only else None
    return Tested(ProcessRun(tuple(results), checked.beside_findings, tuple(files), unreached), files)


def _named(paths: Sequence[str]) -> dict[str, Path]:
    """Return the files that are meant, by how findings are to name them. Raises NotFound."""
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise NotFound(f'"{path}" does not exist')
        inside = filter(is_test_file, yaml_files(path)) if path.is_dir() else [path]
        found |= {each.as_posix(): each for each in inside}
    return found


def _sound_tests(checked: Checked) -> Iterable[ProcessTest]:
    """Yield the tests of the files without errors."""
    broken = {each.path for each in checked.beside_findings if each.severity is Severity.ERROR}
    for reading in checked.reading.beside:
        if reading.document.path not in broken:
            yield from compile_process_tests(reading.document)


def _results(checked: Checked) -> list[str]:
    tasks = checked.reading.project.tasks
    return [name for name, _ in tasks.top.pairs("results")] if tasks else []


def _workspace(
    test: ProcessTest, folder: Path, configuration: Configuration, settings: Settings
) -> Workspace:
    """Return the workspace that a test has for itself: without any record, at its time."""
    own = Settings(str(folder), user=test.user or settings.user, now=test.now or settings.now)
    now = moment_meant(own, configuration.timezone)
    # Whoever runs the tests, only the user that a test names is limited by `access`.
    return Workspace(folder, configuration, own, now, MemoryStore(), unlimited=not test.user)


def _ran(test: ProcessTest, workspace: Workspace, coverage: Coverage) -> ProcessResult:
    """Place what is given, do what is done, and compare what came of it."""
    placed = place_given(workspace, test.given)
    if placed.failure:
        return ProcessResult(test.name, test.place, (placed.failure,))
    kinds = [each.kind for each in test.given]
    at = acted_on(test.when.verb, kinds)
    done_to = task_among(kinds) if test.when.verb is Verb.COMPLETE else at
    acted = act(workspace, test.when, "" if done_to is None else placed.ids[done_to])
    reader = workspace.read()
    coverage.take(acted, workspace.context(reader))
    subject = acted.subject if at is None else placed.ids[at]
    after = Aftermath(workspace, acted, reader.get(subject) if subject else None)
    return ProcessResult(test.name, test.place, tuple(failures(test, after)), placed.notes)

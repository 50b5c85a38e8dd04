"""Tests of the process for people and CI: a module for each format, loaded when it is asked for."""

from importlib import import_module
from typing import Protocol, cast

from crmctl.model.process_result import ProcessRun
from crmctl.render.colour import PLAIN, Style
from crmctl.render.findings import SourceLine, no_source
from crmctl.render.format_names import TEST_FORMATS, check_format
from crmctl.text import plural


class _Format(Protocol):
    def process_run(self, run: ProcessRun, source: SourceLine, style: Style, /) -> str: ...


def render_process_run(
    name: str, run: ProcessRun, source: SourceLine = no_source, style: Style = PLAIN
) -> str:
    """Return what the tests came to in the format of a name. Raises WrongUse for an unknown one."""
    check_format(name, TEST_FORMATS)
    module = import_module(f"crmctl.render.process_tests.{name}")
    return cast(_Format, module).process_run(run, source, style)


def summary(run: ProcessRun) -> str:
    """Return how it went in a line: `12 tests: 11 passed, 1 failed; 1 file cannot be run`."""
    broken = len(run.broken_files)
    files = f"{plural(broken, 'file')} cannot be run" if broken else ""
    if not run.results:
        return files or "no tests: write tests/NAME.test.yaml"
    passed = len(run.results) - run.failures
    counts = [f"{passed:,} passed"] if passed else []
    counts += [f"{run.failures:,} failed"] if run.failures else []
    told = f"{plural(len(run.results), 'test')}: {', '.join(counts)}"
    return f"{told}; {files}" if files else told

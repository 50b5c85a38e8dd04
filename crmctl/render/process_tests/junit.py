"""Tests of the process as JUnit test suites, one a file; what no test reached are properties of a suite of its own."""

from collections.abc import Iterator
from itertools import groupby

from crmctl.model.finding import Severity
from crmctl.model.process_result import ProcessResult, ProcessRun
from crmctl.render.colour import Style
from crmctl.render.findings import SourceLine
from crmctl.render.xml_text import attribute, content


def process_run(run: ProcessRun, _source: SourceLine, _style: Style) -> str:
    """Return the suites as a document."""
    tests, broken = len(run.results) + len(run.broken_files), len(run.broken_files)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="crmctl test" {_counts(tests, run.failures, broken)}>')
    for path, results in groupby(run.results, key=lambda each: each.place.path):
        lines += _suite(path, list(results))
    for path in run.broken_files:
        lines += _broken(path, run)
    lines += _unreached(run)
    return "".join(f"{line}\n" for line in [*lines, "</testsuites>"])


def _counts(tests: int, failures: int, errors: int) -> str:
    return f'tests="{tests}" failures="{failures}" errors="{errors}"'


def _suite(path: str, results: list[ProcessResult]) -> Iterator[str]:
    failures = sum(not each.passed for each in results)
    yield f"  <testsuite name={attribute(path)} {_counts(len(results), failures, 0)}>"
    for each in results:
        case = f"name={attribute(each.name)} classname={attribute(path)}"
        case += f" file={attribute(path)} line={attribute(str(each.place.line))}"
        yield f"    <testcase {case}{'/' if each.passed else ''}>"
        if not each.passed:
            yield f"      <failure message={attribute(_headline(each))}>{content(_details(each))}</failure>"
            yield "    </testcase>"
    yield "  </testsuite>"


def _headline(result: ProcessResult) -> str:
    return result.failures[0].message.partition("\n")[0]


def _details(result: ProcessResult) -> str:
    lines = [f"{each.place}: {each.message}" for each in result.failures]
    return "\n".join([*lines, *(f"note: {note}" for note in result.notes)])


def _broken(path: str, run: ProcessRun) -> Iterator[str]:
    findings = [each for each in run.findings if each.path == path]
    first = next(each for each in findings if each.severity is Severity.ERROR)
    told = "\n".join(f"{path}:{each.line}:{each.column}: {each.message} [{each.rule}]" for each in findings)
    yield f"  <testsuite name={attribute(path)} {_counts(1, 0, 1)}>"
    yield f'    <testcase name="the file is in order" classname={attribute(path)}>'
    yield f"      <error message={attribute(first.message)}>{content(told)}</error>"
    yield "    </testcase>"
    yield "  </testsuite>"


def _unreached(run: ProcessRun) -> Iterator[str]:
    if not run.unreached:
        return
    yield f'  <testsuite name="reached by no test" {_counts(0, 0, 0)}>'
    yield "    <properties>"
    for each in run.unreached:
        for what, names in each.lists().items():
            name, value = attribute(f"{each.part}.{what}"), attribute(", ".join(names))
            yield f"      <property name={name} value={value}/>"
    yield "    </properties>"
    yield "  </testsuite>"

"""Tests of the process as one JSON object: results, findings, and what no test reached."""

from crmctl.model.place import Place
from crmctl.model.process_result import Failure, ProcessResult, ProcessRun, Unreached
from crmctl.render.colour import Style
from crmctl.render.findings import SourceLine
from crmctl.render.findings.json import finding_object
from crmctl.render.json_text import pretty


def process_run(run: ProcessRun, _source: SourceLine, _style: Style) -> str:
    """Return the object; `unreached` is null where only some of the tests were asked for."""
    return pretty(
        {
            "passed": len(run.results) - run.failures,
            "failed": run.failures,
            "results": [_result(each) for each in run.results],
            "findings": [finding_object(each) for each in run.findings],
            "unreached": None if run.unreached is None else [_part(each) for each in run.unreached],
        }
    )


def _result(result: ProcessResult) -> dict[str, object]:
    return {
        "name": result.name,
        "passed": result.passed,
        **_place(result.place),
        "failures": [_failure(each) for each in result.failures],
        "notes": result.notes,
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "key": failure.key,
        **_place(failure.place),
        "expected": failure.expected,
        "actual": failure.actual,
    }


def _place(place: Place) -> dict[str, object]:
    return {"path": place.path, "line": place.line, "column": place.column}


def _part(part: Unreached) -> dict[str, object]:
    return {"part": part.part, **part.lists()}

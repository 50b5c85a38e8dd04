"""Tests of the process in TAP, version 14: a point for each test, one for each file that cannot be run.

https://testanything.org/tap-version-14-specification.html
"""

from collections.abc import Iterator

from crmctl.model.finding import Finding, Severity
from crmctl.model.process_result import ProcessResult, ProcessRun
from crmctl.render.colour import Style
from crmctl.render.findings import SourceLine
from crmctl.render.json_text import compact
from crmctl.text import visible


def process_run(run: ProcessRun, _source: SourceLine, _style: Style) -> str:
    """Return the stream: version, plan, points with their diagnostics, comments."""
    broken = [[each for each in run.findings if each.path == path] for path in run.broken_files]
    count = len(run.results) + len(broken)
    lines = ["TAP version 14", f"1..{count}" if count else "1..0 # SKIP no tests"]
    for number, result in enumerate(run.results, 1):
        lines += _point(number, f"{result.place.path}: {result.name}", ok=result.passed)
        lines += _diagnostics(_failures(result)) if not result.passed else ()
    for number, findings in enumerate(broken, len(run.results) + 1):
        lines += _point(number, f"{findings[0].path}: the file is in order", ok=False)
        lines += _diagnostics({"findings": [_told(each) for each in findings]})
    return "".join(f"{line}\n" for line in [*lines, *_comments(run)])


def _point(number: int, description: str, *, ok: bool) -> Iterator[str]:
    shown = visible(description).replace("\\", "\\\\").replace("#", "\\#")
    yield f"{'ok' if ok else 'not ok'} {number} - {shown}"


def _failures(result: ProcessResult) -> dict[str, list[object]]:
    found: list[object] = [
        {
            "at": str(each.place),
            "key": each.key,
            "expected": each.expected,
            "actual": each.actual,
        }
        for each in result.failures
    ]
    return {"failures": found} | ({"notes": list(result.notes)} if result.notes else {})


def _told(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    level = "" if finding.severity is Severity.ERROR else f"{finding.severity}: "
    return f"{finding.path}:{finding.line}:{finding.column}: {level}{finding.message}{hint} [{finding.rule}]"


def _diagnostics(values: dict[str, list[object]]) -> Iterator[str]:
    """Yield a YAML block: what JSON writes on one line is YAML, too."""
    yield "  ---"
    for key, entries in values.items():
        yield f"  {key}:"
        yield from (f"    - {compact(entry)}" for entry in entries)
    yield "  ..."


def _comments(run: ProcessRun) -> Iterator[str]:
    for each in run.unreached or ():
        for what, names in each.lists().items():
            yield visible(f"# reached by no test: {each.part}, {what}: {', '.join(names)}")

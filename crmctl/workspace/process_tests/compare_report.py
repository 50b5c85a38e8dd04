"""Figures of a report, held against those that a test expects; only the keys that it names count."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from math import isclose

from crmctl.errors import CrmError
from crmctl.model.process_result import Failure
from crmctl.model.process_test import ExpectReport
from crmctl.model.table import Report
from crmctl.render.document import keyed_blocks
from crmctl.render.json_text import compact
from crmctl.reports.shared_options import SHARED
from crmctl.workspace.reporting.by_name import report_by_name
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.workspace import Workspace

_TO_THREE_DECIMALS = 0.0005

Figures = Mapping[str, object]


def report_failures(expected: ExpectReport, workspace: Workspace) -> Iterator[Failure]:
    """Yield the rows that the report does not have, and the totals that are others."""
    try:
        found = _report(expected, workspace)
    except CrmError as error:
        yield Failure("report", expected.place, expected.name, error.message)
        return
    rows = [row for blocks in keyed_blocks(found).values() for block in blocks for row in block.rows]
    for wanted in expected.rows:
        if not any(_fits(wanted, row) for row in rows):
            nearest = max(rows, key=lambda row: _alike(wanted, row), default={})
            yield Failure("report.rows", expected.place, compact(wanted), _shown(wanted, nearest))
    if not _fits(expected.totals, found.totals):
        yield Failure(
            "report.totals", expected.place, compact(expected.totals), _shown(expected.totals, found.totals)
        )


def _report(expected: ExpectReport, workspace: Workspace) -> Report:
    """Return the report as it is asked for. Raises NotFound, WrongUse."""
    shared = {option.name for option in SHARED}
    own = {name.replace("-", "_"): text for name, text in expected.options.items() if name not in shared}
    return report_by_name(workspace, expected.name, ReportScope.of(expected.options), own)


def _fits(wanted: Figures, found: Figures) -> bool:
    return _alike(wanted, found) == len(wanted)


def _alike(wanted: Figures, found: Figures) -> int:
    """Return how many of the keys have the value wanted."""
    return sum(key in found and _equal(value, found[key]) for key, value in wanted.items())


def _equal(wanted: object, found: object) -> bool:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return wanted.keys() == found.keys() and all(_equal(wanted[key], found[key]) for key in wanted)
    if isinstance(found, float) and isinstance(wanted, int | float):
        return isclose(wanted, found, abs_tol=_TO_THREE_DECIMALS)
    if isinstance(found, str) and isinstance(wanted, int | float | str) and not isinstance(wanted, bool):
        number = _number(found)
        return str(wanted) == found or (number is not None and _number(wanted) == number)
    return wanted == found


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _shown(wanted: Figures, found: Figures) -> str:
    """Return the same keys of the row that comes nearest."""
    return compact({key: found[key] for key in wanted if key in found}) if found else "no rows"

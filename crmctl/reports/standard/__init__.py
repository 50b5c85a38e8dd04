"""The standard reports: a module each, found by being here.

A module has a `REPORT`, its definition, and a function `make(facts)` that answers its question. To add one, add a
module named like the report, with `_` for `-`; its definition goes into docs/reports.md too.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from crmctl.errors import NotFound
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts
from crmctl.reports.made import Made
from crmctl.text import names_hint


class StandardReport(Protocol):
    """What a report's module offers."""

    REPORT: Definition

    def make(self, facts: Facts, /) -> Made:
        """Answer the question."""


@cache
def report_names() -> tuple[str, ...]:
    """Return the names of the reports, without loading any."""
    return tuple(sorted(module.name.replace("_", "-") for module in iter_modules(__path__)))


def standard_report(name: str) -> StandardReport:
    """Return a report by its name. Raises NotFound."""
    if name not in report_names():
        raise NotFound(f'unknown report "{name}"', hint=names_hint(name, report_names()))
    return cast(StandardReport, import_module(f"{__name__}.{name.replace('-', '_')}"))

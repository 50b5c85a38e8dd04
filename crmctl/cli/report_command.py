"""A standard report as a command, made of its definition."""

from typing import Any

import click

from crmctl.cli.report_options import ReportCommand, own_options, report_options
from crmctl.cli.session import Session
from crmctl.model.table import Report
from crmctl.reports.definition import Definition
from crmctl.reports.standard import standard_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report


def report_command(name: str) -> click.Command:
    """Return the command of a report. Raises NotFound."""
    definition = standard_report(name).REPORT

    def called(session: Session, scope: ReportScope, **given: Any) -> Report:
        return report(session.workspace, name, scope, _texts(given))

    called.__doc__ = definition.question
    function = own_options(definition)(report_options(called, of_type=definition.of_type))
    return click.command(name, cls=ReportCommand, examples=_examples(definition))(function)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {
        name: ("yes" if value else "") if isinstance(value, bool) else value for name, value in given.items()
    }


def _examples(definition: Definition) -> str:
    usual = (
        f"crmctl report {definition.name} --period last-quarter",
        f"crmctl report {definition.name} --by owner --explain",
    )
    return "\n".join(definition.examples or usual)

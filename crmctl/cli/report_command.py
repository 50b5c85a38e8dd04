"""A standard report as a command, made of its definition."""

from typing import Any

import click

from crmctl.cli.report_options import ReportCommand, report_options
from crmctl.cli.session import Session
from crmctl.model.table import Report
from crmctl.reports.definition import Definition, Option
from crmctl.reports.standard import standard_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report


def report_command(name: str) -> click.Command:
    """Return the command of a report. Raises NotFound."""
    definition = standard_report(name).REPORT

    def called(session: Session, scope: ReportScope, **given: Any) -> Report:
        return report(session.workspace, name, scope, _texts(given))

    called.__doc__ = definition.question
    function = report_options(called, of_type=definition.of_type)
    for option in reversed(definition.options):
        function = _click_option(option)(function)
    return click.command(name, cls=ReportCommand, examples=_examples(definition))(function)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {
        name: ("yes" if value else "") if isinstance(value, bool) else value for name, value in given.items()
    }


def _click_option(option: Option) -> Any:
    if option.flag:
        return click.option(option.typed, option.name, is_flag=True, help=option.help)
    kind: Any = click.Choice(option.choices) if option.choices else str
    metavar = None if option.choices else option.metavar
    # An option with a default, even none, is not missed where it is required.
    usual: dict[str, Any] = {} if option.required else {"default": option.default}
    return click.option(
        option.typed,
        option.name,
        type=kind,
        metavar=metavar,
        required=option.required,
        help=option.help,
        **usual,
    )


def _examples(definition: Definition) -> str:
    usual = (
        f"crmctl report {definition.name} --period last-quarter",
        f"crmctl report {definition.name} --by owner --explain",
    )
    return "\n".join(definition.examples or usual)

"""The options that every report takes, gathered into what the report is asked for."""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from crmctl.cli.emit_picture import write_report
from crmctl.cli.options import Grouped, ReaderCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.table import Report
from crmctl.reports.definition import Definition, Option
from crmctl.reports.shared_options import SHARED, AmountAt, SharedOption
from crmctl.text import comma_separated
from crmctl.workspace.reporting.scope import ReportScope

REPORT = "Report"
"""The title of the options that all reports share."""
MORE = "more"
"""The name of the pipelines that are no arguments, but options."""


class ReportOption(click.Option):
    """An option of every report."""


class ReportCommand(ReaderCommand):
    """A command that shows a report: the options of all reports stand apart from its own."""

    def _extra(self) -> Grouped:
        shared: list[click.Parameter] = [each for each in self.params if isinstance(each, ReportOption)]
        self.params = [each for each in self.params if each not in shared]
        return [(REPORT, shared), *super()._extra()]


def own_options(definition: Definition) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what gives a command the options of one report alone."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(definition.options):
            function = _clickable(option, option.name)(function)
        return function

    return decorated


def _clickable(option: Option, name: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return an option as click has it, whose value is passed by a name."""
    if option.flag:
        return click.option(option.typed, name, is_flag=True, help=option.help, **more)
    kind: Any = click.Choice(option.choices) if option.choices else str
    metavar = None if option.choices else option.metavar
    # An option with a default, even none, is not missed where it is required.
    usual: dict[str, Any] = {} if option.required else {"default": option.default}
    return click.option(
        option.typed,
        name,
        type=kind,
        metavar=metavar,
        required=option.required,
        help=option.help,
        **usual | more,
    )


def _shared(option: SharedOption) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return an option of all reports; pipelines may be arguments too, which have the name already."""
    if option.many:
        return _clickable(option, MORE, cls=ReportOption, multiple=True, default=())
    return _clickable(option, option.field, cls=ReportOption, callback=_not_blank)


def _not_blank(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuse an empty text: a script whose variable is not set would be answered about everything."""
    if not value.strip() and ctx.get_parameter_source(str(param.name)) is not ParameterSource.DEFAULT:
        raise WrongUse(f"{param.opts[0]} is empty", hint=f"leave {param.opts[0]} out where all is meant")
    return value


_option = partial(click.option, cls=ReportOption)
_PIPELINES = click.argument("pipelines", nargs=-1, metavar="[PIPELINE...]")
_TYPE = click.argument("record", metavar="TYPE")
_SHARED = {option.name: _shared(option) for option in SHARED}
_OPTIONS = (
    *_SHARED.values(),
    _option(
        "--ids", is_flag=True, help="Also the ids of the records behind each figure; -o ids has them alone."
    ),
    _option("--explain", is_flag=True, help="Also what is counted, and what was left out."),
    _option("--chart", is_flag=True, help="Also bars below the tables."),
    _option(
        "--out",
        default="",
        metavar="FILE.html|.svg",
        help="Write a page that needs nothing else, or the picture alone; - for a page on standard output.",
    ),
    _option("--fields", default="", metavar="COLUMNS", help="Only these columns, such as stage,count,share."),
    _option(
        "--fail-if",
        metavar="EXPR",
        help="Exit with 1 where it is true of a row: 'win_rate < 20%'.",
    ),
)
_OF_PAGES = ("pipeline", "period", "where", "in")
_NAMES = (*ReportScope.__struct_fields__, MORE)


def report_options(function: Callable[..., Any], *, of_type: bool = False) -> Callable[..., Any]:
    """Give a command the options of every report; it is called with the session and what they ask for.

    It returns the report, which is shown as asked for; the exit code is 1 where `--fail-if` is true of it. Its
    argument is pipelines or, where it is `of_type`, a type of records.
    """

    @click.pass_obj
    @wraps(function)
    def called(session: Session, /, **given: Any) -> Any:
        # Ids alone are those of the rows, whatever columns were wanted otherwise.
        ids = session.output.name == "ids"
        given["fields"] = () if ids else comma_separated(given["fields"])
        given["ids"] = ids or given["ids"]
        given["amount"] = AmountAt(given["amount"])
        chart, out = given.pop("chart"), given.pop("out")
        scope = _scope(given)
        make = partial(function, session, **given)
        if out:
            made = write_report(session, scope, make, out)
        else:
            made = msgspec.structs.replace(make(scope), charted=chart)
            session.output.report(made)
        return _ends_with(made, session)

    return _with(called, (_TYPE if of_type else _PIPELINES, *_OPTIONS))


def page_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that all reports on one page have; it is called with the session and their scope."""

    @click.pass_obj
    @wraps(function)
    def called(session: Session, /, **given: Any) -> Any:
        scope = _scope(given)
        return function(session, scope, **given)

    return _with(called, (_PIPELINES, *(_SHARED[name] for name in _OF_PAGES)))


def _with(function: Callable[..., Any], options: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    for option in reversed(options):
        function = option(function)
    return function


def _scope(given: dict[str, Any]) -> ReportScope:
    """Take out of what a command was given what its reports are about."""
    asked = {name: given.pop(name) for name in _NAMES if name in given}
    return ReportScope((*asked.pop("pipelines", ()), *asked.pop(MORE)), **asked)


def _ends_with(report: Report, session: Session) -> int:
    """Return the exit code: 1 where what must be true of no row is true of some, which is told."""
    if report.alarm:
        session.output.alarm(report.alarm)
    return int(bool(report.alarm))

"""The options that every report takes, gathered into what the report is asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from crmctl.workspace.report_scope import AmountAt, ReportScope

_OPTIONS = (
    click.argument("pipelines", nargs=-1, metavar="[PIPELINE...]"),
    click.option("--pipeline", "more", multiple=True, metavar="PIPELINE", help="The same as the argument."),
    click.option(
        "--cohort",
        default="",
        metavar="EVENT",
        help="Only records created, closed or, as entered:STAGE, that came to a stage in the period.",
    ),
    click.option(
        "--period",
        default="",
        metavar="PERIOD",
        help="2026-Q4, 2026-11, this-month, last-quarter or FROM..TO; all time without it.",
    ),
    click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of."),
    click.option("--by", default="", metavar="FIELD", help="Figures side by side, one a value of the field."),
    click.option("--in", "currency", default="", metavar="CURRENCY", help="All amounts in one currency."),
    click.option(
        "--amount",
        type=click.Choice([each.value for each in AmountAt]),
        default=AmountAt.CLOSING.value,
        help="Whether a closed record counts with the amount it closed with or the one it has now.",
    ),
)


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of every report; it is called with what they ask for as `scope`."""

    @wraps(function)
    def called(*args: Any, pipelines: tuple[str, ...], more: tuple[str, ...], **given: Any) -> Any:
        names = ("cohort", "period", "where", "by", "currency")
        texts = {name: given.pop(name) for name in names}
        scope = ReportScope((*pipelines, *more), **texts, amount=AmountAt(given.pop("amount")))
        return function(*args, scope=scope, **given)

    decorated = called
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated

"""What `list` and `filter` share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crmctl.cli.emit_records import emit_listing
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import record_type
from crmctl.text import comma_separated
from crmctl.workspace.listing import ListRequest, list_records

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--view", default="", metavar="VIEW", help="A saved or built-in view."),
    click.option("--pipeline", default="", metavar="PIPELINE", help="Only this pipeline's records."),
    click.option("--sort", default="", metavar="FIELD,-FIELD", help="The order; - for falling."),
    click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N (0: all)."),
    click.option(
        "--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Pass over the first N."
    ),
    click.option("--fields", default="", metavar="LIST", help="Columns: names with commas between them."),
    click.option("--count", is_flag=True, help="Print the number of records alone."),
    click.option("--fail-if-any", is_flag=True, help="Exit 1 if there is any."),
    click.option("--fail-if-empty", is_flag=True, help="Exit 1 if there is none."),
)


def listing_options(function: Function) -> Function:
    """Add the options that choose order, columns and number."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def list_request(record: str, where: str, options: dict[str, Any]) -> ListRequest:
    """Return the request that the options make."""
    fields = comma_separated(options["fields"])
    return ListRequest(
        record_type(record),
        where,
        options["view"],
        options["pipeline"],
        options["sort"],
        fields,
        options["limit"],
        options["offset"],
    )


def run_list(session: Session, record: str, where: str, options: dict[str, Any]) -> int:
    """List records as the options say, and return the exit code."""
    if options["fail_if_any"] and options["fail_if_empty"]:
        raise WrongUse("--fail-if-any and --fail-if-empty exclude each other")
    asked = list_request(record, where, options)
    count, whole = options["count"], session.output.shows_every_field
    found = list_records(session.workspace, asked, whole=whole and not count, count=count)
    if count:
        session.output.data(str(found.total))
    else:
        emit_listing(session.output, found)
    failed = found.total > 0 if options["fail_if_any"] else options["fail_if_empty"] and found.total == 0
    return 1 if failed else 0

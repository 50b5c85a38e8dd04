"""The options that say how files to be imported are read, and what they are typed into."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crmctl.importer.table import ReadOptions

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--format",
        "file_format",
        default="",
        metavar="NAME",
        help="csv, tsv, json, jsonl, xlsx, vcard or html; found out if not named.",
    ),
    click.option(
        "--profile",
        default="",
        metavar="NAME|FILE",
        help="Read by this profile; found by the columns if not named, none for no profile.",
    ),
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="COLUMN=FIELD",
        help="Which field a column is. May be repeated.",
    ),
    click.option(
        "--encoding", default="", metavar="NAME", help="Such as cp1251, where it is not UTF-8 or UTF-16."
    ),
    click.option(
        "--delimiter", default="", metavar="CHAR", help="Such as ';'; found on the header line if not named."
    ),
    click.option("--decimal", default="", metavar="MARK", help="The decimal mark: . or ,"),
    click.option(
        "--date-format", default="", metavar="PATTERN", help="Such as %d.%m.%Y, where dates are not ISO."
    ),
    click.option(
        "--excel-serial-dates",
        is_flag=True,
        help="Take bare numbers in columns of dates as the days that spreadsheets count.",
    ),
    click.option(
        "--sheet",
        default="",
        metavar="NAME|N",
        help="Of a workbook, the first not hidden if not named; or which list of a JSON file that has several.",
    ),
    click.option(
        "--skip-rows",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Lines before the header.",
    ),
)


def reading_options(function: Function) -> Function:
    """Add the options that say how files are read."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read_options(options: dict[str, Any], **more: Any) -> ReadOptions:
    """Return what the options say of how a file's table is found; `more` is what a command has beside them."""
    return ReadOptions(
        format=options["file_format"],
        encoding=options["encoding"],
        delimiter=options["delimiter"],
        skip_rows=options["skip_rows"],
        sheet=options["sheet"],
        **more,
    )

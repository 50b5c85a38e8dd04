"""The output formats of `-o`: a module each, loaded when it is asked for.

To add one, add a module here with the three functions of `Format`, and its name to `FORMATS` in
`crmctl.render.format_names`.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.format_names import FORMATS, check_format
from crmctl.render.listing import Card, Escape, Listing

_RAW = frozenset({"json", "jsonl", "yaml", "ids"})


class Format(Protocol):
    """What a format's module offers. `escape` guards the cells of formats that spreadsheets open."""

    def records(self, listing: Listing, style: Style, escape: Escape, /) -> str:
        """Return a list of records."""

    def cards(self, cards: Sequence[Card], style: Style, escape: Escape, /) -> str:
        """Return records one by one; a single one is an object where the format knows objects."""

    def report(self, report: Report, style: Style, escape: Escape, /) -> str:
        """Return a report."""


def output_format(name: str) -> Format:
    """Return the format of a name. Raises WrongUse."""
    check_format(name, FORMATS)
    return cast(Format, import_module(f"crmctl.render.formats.{name}"))


def needs_cells(name: str) -> bool:
    """Tell whether a format shows the cells of a listing; if not, it shows the rows alone."""
    return name not in _RAW


def as_is(text: str) -> str:
    """Return a cell unguarded."""
    return text

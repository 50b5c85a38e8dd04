"""The output formats of `-o`: a module each, loaded when it is asked for.

To add one, add a module here with the three functions of `Format`, and its name to `FORMATS`.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from crmctl.errors import WrongUse
from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing
from crmctl.text import did_you_mean

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "yaml", "markdown", "html", "ids")
"""Every name that `-o` takes."""

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
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS) or "one of: " + ", ".join(FORMATS)
        raise WrongUse(f'unknown output format "{name}"', hint=hint)
    return cast(Format, import_module(f"crmctl.render.formats.{name}"))


def needs_cells(name: str) -> bool:
    """Tell whether a format shows the cells of a listing; if not, it shows the rows alone."""
    return name not in _RAW


def as_is(text: str) -> str:
    """Return a cell unguarded."""
    return text

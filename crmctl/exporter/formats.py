"""Which writer a file is written by. A new format is a module with `TYPED` and `write`, and a line here."""

from importlib import import_module

from crmctl.errors import WrongUse
from crmctl.exporter.sheet import Writer
from crmctl.file_formats import format_by_suffix
from crmctl.text import names_hint

WRITERS = {
    "csv": "crmctl.exporter.csv_writer",
    "tsv": "crmctl.exporter.tsv_writer",
    "json": "crmctl.exporter.json_writer",
    "jsonl": "crmctl.exporter.jsonl_writer",
    "xlsx": "crmctl.exporter.xlsx.writer",
    "vcard": "crmctl.exporter.vcard_writer",
}
"""The module of each format that rows are written in."""
PAGES = ("html", "markdown")
"""Formats for people alone, which records are shown in as `list` shows them."""
EXPORTS = (*WRITERS, *PAGES)
"""Every format that `-o` names."""

BINARY = frozenset({"xlsx"})
"""Formats that are no text, and have types of their own for numbers, days and moments."""


def export_format(target: str, named: str = "") -> str:
    """Return the format that is named, or that the target's suffix means; CSV for standard output.

    Raises WrongUse for one that cannot be written.
    """
    if named:
        name = named.lower()
    elif target == "-":
        name = "csv"
    else:
        name = format_by_suffix(target)
    if name in EXPORTS:
        return name
    if not name:
        raise WrongUse(f"{target} has no suffix that names a format", hint="name one with -o csv")
    raise WrongUse(f'cannot export as "{name}"', hint=names_hint(name, EXPORTS))


def writer_of(name: str) -> Writer:
    """Return the writer of a format that `export_format` returned and that is no page."""
    module: Writer = import_module(WRITERS[name])
    return module

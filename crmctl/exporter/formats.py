"""Which writer a file is written by. A new format is a module with `TYPED` and `write`, and lines here."""

from importlib import import_module

from crmctl.errors import WrongUse
from crmctl.exporter.sheet import Writer
from crmctl.text import did_you_mean

WRITERS = {
    "csv": "crmctl.exporter.csv_writer",
    "tsv": "crmctl.exporter.tsv_writer",
    "json": "crmctl.exporter.json_writer",
    "jsonl": "crmctl.exporter.jsonl_writer",
}
"""The module of each format that `-o` names."""

SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def export_format(target: str, named: str = "") -> str:
    """Return the format that is named, or that the target's suffix means; CSV for standard output.

    Raises WrongUse for one that cannot be written.
    """
    if named:
        name = named.lower()
    elif target == "-":
        name = "csv"
    else:
        name = next((SUFFIXES[suffix] for suffix in SUFFIXES if target.lower().endswith(suffix)), "")
    if name in WRITERS:
        return name
    if not name:
        raise WrongUse(f"{target} has no suffix that names a format", hint="name one with -o csv")
    allowed = "one of: " + ", ".join(WRITERS)
    raise WrongUse(f'cannot export as "{name}"', hint=did_you_mean(name, WRITERS) or allowed)


def writer_of(name: str) -> Writer:
    """Return the writer of a format that `export_format` returned."""
    module: Writer = import_module(WRITERS[name])
    return module

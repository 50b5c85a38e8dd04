"""Telling which files of schemas were written."""

from collections.abc import Sequence

from crmctl.cli.output import Output
from crmctl.config.schema_files import Written


def emit_written(output: Output, written: Sequence[Written], folder: str) -> None:
    """Tell of each file, or that there was nothing to write."""
    for file in written:
        output.status(f"{'+' if file.is_new else '~'} {file.path}")
    if not written:
        output.status(f"the schemas in {folder} are up to date")

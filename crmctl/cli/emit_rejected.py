"""Telling what `import` and `inbox` did not take, and what the run came to in a line."""

from collections.abc import Mapping, Sequence

from crmctl.cli.output import Output

MOST_TOLD = 20
"""Faults that are named one by one; more would bury the others."""


def emit_rejected(output: Output, lines: Sequence[str]) -> None:
    """Name the first of those that no file holds."""
    for line in lines[:MOST_TOLD]:
        output.warning(line)
    if len(lines) > MOST_TOLD:
        more = len(lines) - MOST_TOLD
        output.warning(
            f"and {more:,} more", hint="--rejects FILE writes them all to a file that can be mended"
        )


def run_line(
    run: str, taken: str, counts: Mapping[str, int], *more: str, rejects: str = "", dry_run: bool = False
) -> str:
    """Return `R-12: 8,000 rows: 7,901 created, ... -> FILE (undo: crmctl undo R-12)`; `taken` are the rows."""
    told = [*(f"{count:,} {what}" for what, count in counts.items() if count), *more]
    name = run or ("dry run" if dry_run else "nothing to do")
    line = ": ".join(filter(None, (name, taken, ", ".join(told))))
    if rejects:
        line += f" -> {rejects}"
    return f"{line} (undo: crmctl undo {run})" if run else line

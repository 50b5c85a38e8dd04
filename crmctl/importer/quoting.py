"""Where quotes went wrong: a second, slower look at rows that the parser gave up on."""

from collections.abc import Iterator
from itertools import islice


def opening_line(lines: Iterator[str], first: int, last: int, delimiter: str) -> tuple[int, int]:
    """Return the line where the faulty cell's quote opened, and the one where text follows its closing quote.

    The second is 0 where the quote is never closed. Looks at the row of the lines `first` to `last`.
    """
    opened = 0
    for number, line in enumerate(islice(lines, first - 1, last), first):
        at = 0
        while at < len(line):
            if opened or line[at] == '"':
                at, opened = _after_quoted(line, at if opened else at + 1), opened or number
                if at < 0:
                    break
                if line[at : at + 1] not in (delimiter, "\r", "\n", ""):
                    return opened, number
                opened = 0
            at = _next_cell(line, at, delimiter)
    return opened or first, 0


def _after_quoted(line: str, at: int) -> int:
    """Return the place after the closing quote, or -1 where the line does not hold it."""
    while (quote := line.find('"', at)) >= 0:
        if line[quote + 1 : quote + 2] != '"':
            return quote + 1
        at = quote + 2
    return -1


def _next_cell(line: str, at: int, delimiter: str) -> int:
    found = line.find(delimiter, at)
    return len(line) if found < 0 else found + 1

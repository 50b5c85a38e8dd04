"""What holds for every workbook, read or written: its limits, and how its columns are called."""

from functools import cache

MOST_ROWS = 1_048_576
MOST_UNPACKED = 200_000_000
"""Bytes that all parts of a workbook together may unpack to."""


@cache
def column_letters(number: int) -> str:
    """Return the letters of a column by its number from 0: A to Z, AA and so on."""
    letters, rest = "", number + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters

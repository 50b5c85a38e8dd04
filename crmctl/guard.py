"""The guard against cells that a spreadsheet would run as formulas: put on by exports, taken off by imports.

A cell that begins with a sign a formula can begin with gets an apostrophe before it. A cell that begins with
apostrophes and such a sign gets one more, so that taking one away there, and only there, gives back what was.
"""

from crmctl.patterns import pattern

_SIGNS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
_RISKY = pattern(f"'*[{_SIGNS}]")
_QUOTED = pattern(f"'+[{_SIGNS}]")
_NUMBER = r"[-+][0-9]+(?:[ \u00a0\u202f.,][0-9]+)*(?:[eE][-+]?[0-9]+)?"
# Digits and punctuation only: nothing in it can name a cell or a function.
_PHONE = r"\+[0-9(][0-9 \u00a0().\-]{4,}"
_HARMLESS = pattern(rf"(?:{_NUMBER}|{_PHONE})(?:(?:; |, ?| ::: )(?:{_NUMBER}|{_PHONE}))*")
_FIRST = frozenset("'=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def escape(text: str) -> str:
    """Return the cell so that no spreadsheet runs it; numbers and phones, also several, stay as they are."""
    if not text or text[0] not in _FIRST or not _RISKY.match(text) or _HARMLESS.fullmatch(text):
        return text
    return "'" + text


def escape_quoted(text: str) -> str:
    """Return the cell as an unguarded export has it: changed only where `unescape` would take from it."""
    return "'" + text if text[:1] == "'" and _QUOTED.match(text) else text


def unescape(text: str) -> str:
    """Return what was escaped; any other text is returned as it is."""
    return text[1:] if text[:1] == "'" and _QUOTED.match(text) else text

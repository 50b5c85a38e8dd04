"""Cells as XML, each of its own type: text is always text, whatever it begins with."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from crmctl.errors import BadValue
from crmctl.exporter.sheet import Cell, cell_text

LONGEST = 32_767
"""Characters of a text, counted as UTF-16 does, that a cell holds."""
TEXT, HEAD, DAY, MOMENT, WHOLE = 1, 2, 3, 4, 5
"""Styles of cells, in the order of `parts.STYLES`; an amount with decimals has the one so many after WHOLE."""
MOST_DECIMALS = 4
_DAY_ZERO = datetime(1899, 12, 30)
_SECONDS = 86_400
# An underscore that would begin an escape, controls that XML has not, and CR, which XML readers make LF.
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_MARKS = re.compile("[&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """Return text for an element, what XML cannot hold as `_xHHHH_`."""
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return _MARKS.sub(lambda match: _ENTITIES[match[0]], text) if _MARKS.search(text) else text


def cell_xml(place: str, cell: Cell) -> str:
    """Return the element of a cell, nothing for an empty one. Raises BadValue for a text that is too long."""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, Decimal):
        return f'<c r="{place}" s="{amount_style(cell)}"><v>{cell:f}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    if isinstance(cell, date):
        style = MOMENT if isinstance(cell, datetime) else DAY
        return f'<c r="{place}" s="{style}"><v>{serial(cell)!r}</v></c>'
    text = cell_text(cell)
    return text_xml(place, text, TEXT) if text else ""


def text_xml(place: str, text: str, style: int) -> str:
    """Return the element of a cell of text. Raises BadValue for one that is too long."""
    if len(text) > LONGEST // 2 and (length := len(text.encode("utf-16-le", "surrogatepass")) // 2) > LONGEST:
        raise BadValue(f"has {length:,} characters, and a cell of XLSX holds {LONGEST:,}")
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t{space}>{escaped(text)}</t></is></c>'


def serial(moment: date | datetime) -> int | float:
    """Return a day, from March 1900 on, as spreadsheets count it; its time as a part of it."""
    if not isinstance(moment, datetime):
        return moment.toordinal() - _DAY_ZERO.toordinal()
    days, seconds = moment.toordinal() - _DAY_ZERO.toordinal(), moment.hour * 3600 + moment.minute * 60
    return days + (seconds + moment.second) / _SECONDS


def amount_style(amount: Decimal) -> int:
    """Return the style that shows an amount with the decimals it has."""
    exponent = amount.as_tuple().exponent
    return WHOLE + min(-exponent if isinstance(exponent, int) else 0, MOST_DECIMALS)


def shown(cell: Cell) -> str:
    """Return about what a spreadsheet shows of a cell, for the width of its column."""
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell_text(cell)

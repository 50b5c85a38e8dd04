"""What a number of a worksheet is in a column that is meant for something else."""

from crmctl.errors import BadValue
from crmctl.importer.serial_dates import DATED
from crmctl.importer.table import SheetNumber
from crmctl.model.field import Conventions, Field

_AS_TEXT = "format the column as text"
_COUNTED = frozenset({"number", "integer", "money", "boolean"})
_EXACT = 2**53


def number_for(text: SheetNumber, field: Field, conventions: Conventions) -> str:
    """Return the number as text that its field is read from. Raises BadValue.

    In columns of text only whole numbers are: others had digits that are lost, or marks that are not known.
    """
    if field.kind in _COUNTED:
        return text.lstrip("0") or "0" if text.isdigit() else str(text)
    if field.kind in DATED:
        if not conventions.serial_dates:
            raise BadValue(
                "is a bare number, not a date",
                hint="format the column as dates; if it counts days, add --excel-serial-dates",
            )
        return str(text)
    if not text.removeprefix("-").isdigit():
        raise BadValue(f"is a number with a fraction: {_AS_TEXT}")
    if abs(int(text)) >= _EXACT:
        raise BadValue(f"is a number of which digits are lost: {_AS_TEXT}")
    return str(text)

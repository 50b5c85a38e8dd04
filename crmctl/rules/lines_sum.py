"""The amount of a deal, which follows its lines unless somebody set another. One without lines loads nothing for it."""

from collections.abc import Mapping

from crmctl.errors import BadValue, wrong_use
from crmctl.model.records import Record, Value


def with_sum(before: Record | None, after: Record, given: Mapping[str, Value | None]) -> Record:
    """Return a changed record whose amount is the sum of its lines, unless somebody set another.

    An amount that is emptied goes back to following the lines. Raises WrongUse for lines in several currencies.
    """
    items = after.get("items")
    changed = items != (before.get("items") if before else None)
    emptied = "amount" in given and given["amount"] is None and items is not None
    if not (changed or emptied) or _is_set(before, given) or not (emptied or _follows(before)):
        return after
    from crmctl.model.item_line import lines_of, total_of

    with wrong_use("items: "):
        total = total_of(lines_of(after))
    if total is None:
        return after.having({"amount": None, "currency": None})
    return after.having({"amount": str(total.amount), "currency": total.currency})


def _is_set(before: Record | None, given: Mapping[str, Value | None]) -> bool:
    """Tell whether an amount was given that is another than before: a row of an export says it once more."""
    amount = given.get("amount")
    return amount is not None and (before is None or amount != before.get("amount"))


def _follows(record: Record | None) -> bool:
    """Tell whether a record's amount is that of its lines, or none."""
    if record is None or record.get("amount") is None:
        return True
    from crmctl.model.item_line import lines_of, total_of

    try:
        total = total_of(lines_of(record))
    except BadValue:
        return False
    return total is not None and f"{record.text('amount')} {record.text('currency')}" == str(total)

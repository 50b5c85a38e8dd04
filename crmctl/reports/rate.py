"""Rates of amounts, which there are of one currency only: unlike ones are never added."""

from collections.abc import Iterable
from decimal import Decimal

from crmctl.reports.journey import Amounts, Journey, summed


def rate_of_amounts(part: Iterable[Journey], whole: Iterable[Journey]) -> float | None:
    """Return what some amounts are of all; nothing where those are of several currencies, or come to nothing."""
    return quotient(summed(part), summed(whole))


def quotient(part: Amounts, whole: Amounts) -> float | None:
    """Return one sum over another of the same, only currency; nothing where there is none or it is zero."""
    if len(whole) != 1 or not part.keys() <= whole.keys():
        return None
    (currency, total), *_ = whole.items()
    return float(Decimal(part.get(currency, "0")) / Decimal(total)) if Decimal(total) else None


def one_currency(*groups: Iterable[Journey]) -> list[str]:
    """Return a note where amounts are of several currencies, so that rates of them are not told."""
    return several_currencies(
        str(each.currency) for group in groups for each in group if each.amount is not None
    )


def several_currencies(codes: Iterable[str]) -> list[str]:
    """Return the same note for the currencies of some amounts."""
    found = set(codes)
    return (
        [f"amounts in {', '.join(sorted(found))}: rates of amounts need --in CURRENCY"]
        if len(found) > 1
        else []
    )

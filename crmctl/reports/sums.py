"""Sums of money, a currency each, reckoned with unrounded: they are rounded once, when they are told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import overload

from crmctl.money import rounded
from crmctl.reports.journey import Amounts, Journey, size

Sums = dict[str, Decimal]
"""Currency to amount: unlike currencies are never added."""


def added(parts: Iterable[tuple[str, Decimal]]) -> Sums:
    """Return the sums of some amounts, each with its currency."""
    found: Sums = {}
    for currency, amount in parts:
        found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def amounts_of(journeys: Iterable[Journey]) -> dict[str, list[Decimal]]:
    """Return the amounts of the records that have one, by their currency."""
    texts: dict[str, list[str]] = {}
    for each in journeys:
        if each.amount is not None:
            texts.setdefault(each.currency or "", []).append(each.amount)
    return {code: [*map(Decimal, found)] for code, found in texts.items()}


def sums_of(journeys: Iterable[Journey]) -> Sums:
    """Return the sums of the amounts of records."""
    return {code: sum(amounts, Decimal(0)) for code, amounts in amounts_of(journeys).items()}


def summed(journeys: Iterable[Journey]) -> Amounts:
    """Return the sums of the amounts of records as they are told."""
    return told(sums_of(journeys))


def average(journeys: Sequence[Journey]) -> Sums | None:
    """Return the average amount of each currency's records; nothing where there is no amount.

    A record without an amount counts as 0, so that the average times their number is their sum.
    """
    numbers = Counter[str]()
    for each in journeys:
        if each.amount is not None:
            numbers[each.currency or ""] += each.count
    in_others = {code: numbers.total() - number for code, number in numbers.items()}
    every = size(journeys)
    return {code: amount / (every - in_others[code]) for code, amount in sums_of(journeys).items()} or None


def minus(sums: Sums, others: Sums) -> Sums:
    """Return the difference of sums, that of each currency by itself."""
    return added([*sums.items(), *((currency, -amount) for currency, amount in others.items())])


def per(sums: Sums, number: int) -> Sums | None:
    """Return what there is of some sums for each of a number; nothing where that is none."""
    return {currency: amount / number for currency, amount in sums.items()} if number else None


def ratio(part: Sums, whole: Sums) -> float | None:
    """Return one sum over another of the same, only currency; nothing where there is none or it is zero."""
    if len(whole) != 1 or not part.keys() <= whole.keys():
        return None
    ((currency, total),) = whole.items()
    return float(part.get(currency, Decimal(0)) / total) if total else None


@overload
def told(sums: Sums) -> Amounts: ...


@overload
def told(sums: Sums | None) -> Amounts | None: ...


def told(sums: Sums | None) -> Amounts | None:
    """Return sums as they are told, rounded to the decimals of their currencies, in the order of the codes."""
    if sums is None:
        return None
    return {currency: f"{rounded(amount, currency):f}" for currency, amount in sorted(sums.items())}


def one_currency(*groups: Iterable[Journey]) -> list[str]:
    """Return a note where amounts are of several currencies, so that rates of them are not told."""
    return several_currencies(
        str(each.currency) for group in groups for each in group if each.amount is not None
    )


def several_currencies(codes: Iterable[str]) -> list[str]:
    """Return the same note for the currencies of some amounts."""
    found = sorted(set(codes))
    if len(found) <= 1:
        return []
    return [f"amounts in {', '.join(found)}: rates of amounts need --in CURRENCY"]

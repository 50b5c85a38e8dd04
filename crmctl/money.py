"""Money and numbers as text: one reading or none.

Money is a `Decimal` and an ISO 4217 code, never a float, kept with its currency's decimals. Its one-line
text form, `1200.50 UAH`, is what field types pass around.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from crmctl.currencies import DECIMALS, DOLLARS, NAMES
from crmctl.errors import BadValue, UnknownName
from crmctl.patterns import pattern
from crmctl.text import did_you_mean, name_key

MOST_DIGITS = 18
"""Digits before the mark that a number may have: more is a mistake or an attack."""
_LONGEST = 100
"""Characters that an amount may have, the name of its currency included."""

_GROUPS = " \u00a0\u202f\u2009'\u2019"
_SPACED = pattern(rf"\d{{1,3}}(?:([{_GROUPS}])\d{{3}})(?:\1\d{{3}})*")
_NUMBER = pattern(rf"([-+\u2212]?)([\d.,{_GROUPS}]*\d[.,]?)")
_NUMERALS = frozenset("0123456789.," + _GROUPS)
_PLAIN_PLACES = 2
_PLAIN = pattern(r"(?:0|[1-9][0-9]{0,14})(\.[0-9]{2})?")
_SHORTHAND = {"k": 3, "m": 6, "к": 3, "м": 6, "тыс": 3, "млн": 6}
_TWO_READINGS = pattern(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_AFFIXED = pattern(
    rf"(?P<sign>[-+\u2212]?)\s*(?P<before>[^\d.,+\u2212-]*?)\s*"
    rf"(?P<number>[-+\u2212]?[.,]?\d(?:[\d.,{_GROUPS}]*\d)?[.,]?)\s*(?P<after>[^\d]*)"
)


class TwoReadings(BadValue):
    """A number whose mark may be decimal or separate thousands: declaring the decimal mark settles it."""

    code = "two_readings"


class Money(NamedTuple):
    """An amount in a currency. Compare and add only within one currency."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """Return the text form, with the currency's decimals."""
        return f"{self.amount:f} {self.currency}"


def plain_amount(text: str, currency: str, mark: str | None = None) -> str | None:
    """Return the amount in the one-line form of money that is in plain digits; nothing proves nothing.

    It is what `read_money` comes to for `1200` and `1200.50`, as most files have it, without a `Decimal`.
    """
    places = DECIMALS.get(currency)
    match = _PLAIN.fullmatch(text)
    if not match or places is None:
        return None
    if match.end(1) < 0:
        return f"{text}.{'0' * places}" if places else text
    # Three digits after a point may be thousands, and other marks have been declared.
    return text if places == _PLAIN_PLACES and mark != "," else None


def read_money(text: str, currency: str, mark: str | None = None, *, shorthand: bool = False) -> Money:
    """Read `1 000,50`, `$22,700.00`, `10 USD`; `currency` is meant where the text names none.

    `mark` is the declared decimal mark; without one, text with two readings is refused.
    `shorthand` admits `10k` and `1.5m`. Raises BadValue.
    """
    bare = text.strip()
    match = _AFFIXED.fullmatch(bare) if len(bare) <= _LONGEST else None
    if not match:
        raise BadValue("not an amount of money", hint="write it like 1200.50 or 1200.50 USD")
    before, after = match["before"].strip(), match["after"].strip()
    power, after = _split_shorthand(after) if shorthand else (0, after)
    if before and after:
        raise BadValue("names two currencies")
    unit = before or after
    code = find_currency(unit, home=currency) if unit else currency
    try:
        number = read_decimal(match["sign"] + match["number"], mark)
    except TwoReadings as error:
        # Of the two only thousands can be meant: no more decimals than the currency has are ever taken.
        plain = match["number"].replace(".", "").replace(",", "")
        raise TwoReadings(error.reason, hint=f"write {plain} if thousands are meant") from None
    return exact(number.scaleb(power) if power else number, code)


def read_decimal(text: str, mark: str | None = None) -> Decimal:
    """Read a plain number written with either decimal mark and any thousands separator.

    `1.234` and `1,234` have two readings and are refused unless `mark` is declared. Raises BadValue.
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match or not _NUMERALS.issuperset(match[2]):
        raise BadValue("not a number")
    digits = _ungroup(match[2])
    whole, fraction = _split_at_mark(digits, mark)
    if len(whole) > MOST_DIGITS or len(fraction) > MOST_DIGITS:
        raise BadValue(f"has more than {MOST_DIGITS} digits")
    sign = "-" if match[1] in {"-", "\u2212"} else ""
    try:
        return Decimal(f"{sign}{whole or '0'}.{fraction or '0'}" if fraction else f"{sign}{whole}")
    except InvalidOperation:
        raise BadValue("not a number") from None


def read_shorthand(text: str) -> Decimal:
    """Read a number as typed in a filter: `10k`, `1.5m`, `2500.5`; the point is the mark."""
    number = text.strip()
    head = number.rstrip("kmкмтыслнKMКМ.")
    power, rest = _split_shorthand(number[len(head) :])
    if rest:
        raise BadValue("not a number", hint="write it like 2500.5, 10k or 1.5m")
    scaled = read_decimal(head, ".").scaleb(power)
    if scaled.adjusted() >= MOST_DIGITS:
        raise BadValue(f"has more than {MOST_DIGITS} digits")
    return scaled


def exact(amount: Decimal, currency: str) -> Money:
    """Return the money with its currency's decimals; more decimals than it has are refused."""
    places = DECIMALS.get(currency)
    if places is None:
        raise UnknownName(f'unknown currency "{currency}"', hint=did_you_mean(currency, DECIMALS))
    try:
        rounded = amount.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        raise BadValue(f"has more than {MOST_DIGITS} digits") from None
    if rounded != amount:
        raise BadValue(f"{currency} has {places} decimals, no more")
    if rounded.adjusted() >= MOST_DIGITS:
        raise BadValue(f"has more than {MOST_DIGITS} digits")
    # -0.00 is zero, and is written so.
    return Money(rounded or abs(rounded), currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount with its currency's decimals, halves away from zero; as it is in an unknown currency."""
    places = DECIMALS.get(currency)
    return amount if places is None else amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def unambiguous(number: str) -> str:
    """Return a plain number so that it has one reading: `1.234`, which could mean thousands, as `1.2340`."""
    return f"{number}0" if _TWO_READINGS.fullmatch(number) else number


def find_currency(text: str, home: str | None = None) -> str:
    """Return the ISO code meant by a code, a sign or a name; `home` settles what `$` is. Raises BadValue."""
    key = name_key(text)
    if key.upper() in DECIMALS:
        return key.upper()
    if key == "$" and home in DOLLARS:
        return home
    if key in NAMES:
        return NAMES[key]
    raise UnknownName(f'unknown currency "{text}"', hint=did_you_mean(text, DECIMALS))


def parse_stored(text: str) -> Money:
    """Return the money of its one-line text form, which we wrote ourselves."""
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency)


def _split_shorthand(suffix: str) -> tuple[int, str]:
    word, _, rest = suffix.partition(" ")
    power = _SHORTHAND.get(word.lower().rstrip("."))
    return (0, suffix) if power is None else (power, rest.strip())


def _ungroup(digits: str) -> str:
    """Drop white space and apostrophes between groups of three; elsewhere they are a mistake."""
    if not any(mark in digits for mark in _GROUPS):
        return digits
    cut = min((at for at in (digits.find("."), digits.find(",")) if at >= 0), default=len(digits))
    whole, fraction = digits[:cut], digits[cut:]
    if not _SPACED.fullmatch(whole) or any(mark in fraction for mark in _GROUPS):
        raise BadValue("not a number: thousands are grouped by three")
    return re.sub(f"[{_GROUPS}]", "", whole) + fraction


def _split_at_mark(digits: str, mark: str | None) -> tuple[str, str]:
    """Return the digits before and after the decimal mark."""
    if mark:
        other = "," if mark == "." else "."
        whole, _, fraction = digits.partition(mark)
        if mark in fraction or other in fraction:
            raise BadValue(f'not a number with the decimal mark "{mark}"')
        return _join_thousands(whole, other), fraction
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return _split_mixed(digits)
    if not points and not commas:
        return digits, ""
    return _split_single(digits, "." if points else ",")


def _split_mixed(digits: str) -> tuple[str, str]:
    decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    if digits.count(decimal) > 1:
        raise BadValue("not a number")
    whole, _, fraction = digits.partition(decimal)
    return _join_thousands(whole, "," if decimal == "." else "."), fraction


def _split_single(digits: str, mark: str) -> tuple[str, str]:
    if digits.count(mark) > 1:
        return _join_thousands(digits, mark), ""
    whole, _, fraction = digits.partition(mark)
    grouped = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
    if grouped:
        raise TwoReadings(
            f'"{digits}" can be read in two ways', hint=f"write {whole}{fraction} or {whole}.{fraction}0"
        )
    return whole, fraction


def _join_thousands(whole: str, separator: str) -> str:
    first, *groups = whole.split(separator)
    if groups and (not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups)):
        raise BadValue("not a number: thousands are grouped by three")
    return first + "".join(groups)

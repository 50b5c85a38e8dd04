"""Valid phone numbers, read from text with the metadata of phonenumbers.

The library looks for a number in any text and tries whatever that may mean: 30 microseconds each, most of the
time of an import. Digits with the usual marks between them have few readings, and `plain_number` goes through
these in the library's order, with the library's own patterns compiled together. It answers only where that
leads to a valid number; every other text goes to the library. A property test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from crmctl.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = pattern(r"\+?(?:[0-9]|\([0-9])(?:[ ().-]{0,2}[0-9]){4,16}")
"""Digits with the marks that people put between them: no letters, no extension, no second number."""
_DROP_MARKS = str.maketrans("", "", " ().-")
_LONGEST_CODE = 3
FEWEST_DIGITS = 5
"""Digits that a phone number has at least."""
_TYPES = (
    *("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail"),
    *("fixed_line", "mobile"),
)

Test = Callable[[str], object]


class _Region(NamedTuple):
    """How numbers are dialled within a region; `general` is what they look like, valid or not."""

    code: str
    abroad: Test
    trunk: re.Pattern[str] | None
    simple_trunk: bool
    general: Test
    lengths: frozenset[int]


class _Country(NamedTuple):
    """What is `valid` after a calling code, and what is so beyond doubt: without a prefix that some dial in error."""

    valid: Test
    plain: Test


def read_number(text: str, region: str) -> str | None:
    """Return the E.164 form of the valid number that is in some text, or nothing."""
    return plain_number(text, region) or library_number(text, region)


def library_number(text: str, region: str) -> str | None:
    """Return what the library makes of text."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def plain_number(text: str, region: str) -> str | None:
    """Return the E.164 form of a number in plain digits that is valid beyond doubt; nothing proves nothing."""
    if text[:1] == "+" and len(text) > FEWEST_DIGITS:
        # As most files have them: what is valid as it stands has nothing but digits behind the plus.
        code, plain = _calling(text[1 : _LONGEST_CODE + 1])
        if plain(text[code + 1 :]):
            return text
    if not _PLAIN.fullmatch(text):
        return None
    digits = text.translate(_DROP_MARKS)
    if digits[0] == "+":
        return _international(digits[1:])
    here = _region(region.upper()) if region else None
    return _national(digits, here) if here else None


def _international(digits: str) -> str | None:
    """Read a calling code and what follows it."""
    code, plain = _calling(digits[:_LONGEST_CODE])
    return f"+{digits}" if plain(digits[code:]) else None


@lru_cache(maxsize=1024)
def _calling(head: str) -> tuple[int, Test]:
    """Return how long the calling code is that some digits begin with, and what may follow it."""
    for size in range(1, _LONGEST_CODE + 1):
        if head[:size] in _codes():
            country = _country(head[:size])
            return size, country.plain if country else _nothing
    return 0, _nothing


def _nothing(_digits: str) -> object:
    return None


def _national(digits: str, here: _Region) -> str | None:
    """Read a number as it is dialled within a region, or with the calling code but no plus."""
    if here.abroad(digits):
        return None
    if digits.startswith(here.code):
        rest = digits[len(here.code) :]
        if here.general(digits) or not here.general(rest) or (here.trunk and here.trunk.match(rest)):
            return None
        return _international(digits)
    found = here.trunk.match(digits) if here.trunk else None
    if found:
        digits = digits[found.end() :]
        if not here.simple_trunk or len(digits) not in here.lengths or not here.general(digits):
            return None
    country = _country(here.code)
    if digits[:1] == "0" or country is None or not country.valid(digits):
        return None
    return f"+{here.code}{digits}"


@cache
def _codes() -> frozenset[str]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


@cache
def _region(name: str) -> _Region | None:
    found = _metadata(name)
    if found is None:
        return None
    trunk = re.compile(found.national_prefix_for_parsing) if found.national_prefix_for_parsing else None
    return _Region(
        code=str(found.country_code),
        abroad=re.compile(found.international_prefix or r"\Z").match,
        trunk=trunk,
        simple_trunk=trunk is not None and not trunk.groups and not found.national_prefix_transform_rule,
        general=re.compile(found.general_desc.national_number_pattern).fullmatch,
        lengths=frozenset(found.general_desc.possible_length),
    )


@cache
def _country(code: str) -> _Country | None:
    """Return what is valid after a calling code; nothing for one that belongs to no country."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    regions = [_metadata(name) for name in COUNTRY_CODE_TO_REGION_CODE[int(code)]]
    if None in regions:
        return None
    # The first region of a code is the main one, by whose habits the library reads what follows it: what begins
    # with a prefix for calls within the country may be meant without it.
    prefix = regions[0].national_prefix_for_parsing or "0"
    doubtful = f"(?!0|{prefix})"
    if len(regions) == 1:
        valid = _valid_in(regions[0])
        return _Country(_whole(valid), _whole(doubtful + valid))
    begins, valid_in_one = re.compile(doubtful).match, _validity(regions)
    return _Country(valid_in_one, lambda digits: begins(digits) and valid_in_one(digits))


def _whole(pattern: str) -> Test:
    return re.compile(pattern, re.ASCII).fullmatch


def _metadata(name: str) -> Any:
    from phonenumbers import PhoneMetadata

    return PhoneMetadata.metadata_for_region(name, None)


def _validity(regions: Iterable[Any]) -> Test:
    """Return the test of numbers that several regions share: the leading digits, or else validity, tell which."""
    tests = [
        (re.compile(each.leading_digits).match if each.leading_digits else None, _whole(_valid_in(each)))
        for each in regions
    ]

    def valid(digits: str) -> bool:
        for begins, fits in tests:
            if begins is None:
                if fits(digits):
                    return True
            elif begins(digits):
                return bool(fits(digits))
        return False

    return valid


def _valid_in(region: Any) -> str:
    """Return the pattern of a number that is like all of a region's numbers, and like those of some type."""
    same = region.same_mobile_and_fixed_line_pattern
    named = [getattr(region, name) for name in _TYPES if not (same and name == "mobile")]
    kinds = [each for each in named if each is not None and each.national_number_pattern]
    if not kinds:
        return r"\Z."
    whole = _of_length(region.general_desc)
    return f"(?={whole}\\Z)(?:{'|'.join(map(_of_length, kinds))})"


def _of_length(kind: Any) -> str:
    """Return the pattern of a type of number together with the lengths that it may have."""
    lengths = "|".join(f"[0-9]{{{size}}}" for size in kind.possible_length if size > 0)
    allowed = f"(?=(?:{lengths or '(?!)'})\\Z)" if kind.possible_length else ""
    return f"{allowed}(?:{kind.national_number_pattern})"

"""Telling from the JSON of records, before it is decoded, that a text is in none of them.

Folding all text of a hundred thousand records takes most of a second. Text of an alphabet that folding leaves alone but
for its case is looked through as it stands.
"""

from collections.abc import Callable, Sequence

from crmctl.patterns import pattern
from crmctl.text import fold

Prefilter = Callable[[bytes], bool]
"""Tells of the JSON of one record, or of several one after the other, whether any of them may be wanted."""

_CYRILLIC_LEADS = b"\xd0\xd1"
_FOLLOWING = bytes(range(0x80, 0xC0))
_ALPHABET = bytes(range(0x80)) + _CYRILLIC_LEADS + _FOLLOWING
"""The bytes of UTF-8 in which ASCII and Cyrillic letters are written (U+0400 to U+047F)."""
MARKS = "«»–—„“”’°§·"
"""Marks outside it that folding leaves as they are."""
_MARKS = tuple(mark.encode() for mark in MARKS)
_NO_DIGITS = bytes(each for each in range(256) if each not in b"0123456789")
_ESCAPED = frozenset('"\\') | frozenset(map(chr, range(0x20)))
_ESCAPE = pattern(r"\\(?:u[0-9a-f]{4}|.)")


def any_prefilter(prefilters: Sequence[Prefilter]) -> Prefilter:
    """Return the prefilter that passes what any of some does."""
    return (
        prefilters[0] if len(prefilters) == 1 else lambda raw: any(may_hold(raw) for may_hold in prefilters)
    )


def bytes_prefilter(text: str) -> Prefilter:
    """Return what tells where some JSON stands as it is."""
    needle = text.encode()
    return lambda raw: needle in raw


def digits_prefilter(*texts: str) -> Prefilter:
    """Return what tells where the digits of one of some texts follow each other, whatever stands between them."""
    needles = [text.encode().translate(None, _NO_DIGITS) for text in texts]

    def may_hold(raw: bytes) -> bool:
        digits = raw.translate(None, _NO_DIGITS)
        return any(needle in digits for needle in needles)

    return may_hold


def words_prefilter(words: Sequence[str]) -> Prefilter | None:
    """Return what tells of the JSON of some records whether all of some folded words may stand in one of them.

    Nothing is returned where a word has a character that JSON writes in another way.
    """
    if any(_ESCAPED.intersection(word) for word in words):
        return None
    plain = [word.encode() for word in words] if all(map(str.isascii, words)) else None

    def may_hold(raw: bytes) -> bool:
        if plain:
            lower = raw.lower()
            if all(word in lower for word in plain):
                return True
        unchanged = folds_by_case(raw)
        if plain and unchanged:
            return False
        text = raw.decode()
        # What stands for an escaped character may not be put together with a mark behind it.
        folded = text.lower().replace("ё", "е") if unchanged else fold(_ESCAPE.sub(" ", text))
        return all(word in folded for word in words)

    return may_hold


def folds_by_case(raw: bytes) -> bool:
    """Tell whether folding does no more to UTF-8 than to make small letters of capitals, and е of ё."""
    other = raw.translate(None, _ALPHABET)
    if not other:
        return True
    for mark in _MARKS:
        raw = raw.replace(mark, b"")
    return not raw.translate(None, _ALPHABET)

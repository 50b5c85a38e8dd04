"""How text is compared, cleaned and shown safely, whatever its language."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from crmctl.patterns import pattern

MOST_LISTED = 20
"""Names that a hint lists where none is close to what was typed; more would bury the message."""
MOST_NOTES = 5
"""Notes of one kind that are told one by one."""
_LONGEST_NAME = 200
_INVISIBLE = pattern("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# C0 without tab and newline, DEL, C1, direction marks, line separators, what has no width, lone surrogates.
_UNSAFE = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# A joiner with nothing to join would take in what stands after the text, and shift the rest of a line.
_DANGLING = pattern(r"\u200d(?=\s|$)")
_PASSWORD = pattern(r"""(\b[a-z][a-z0-9+.-]*:/+[^\s/:@"']*):[^\s/"']*@""", re.IGNORECASE)
# Joiners, fillers and variation selectors: no marks without width, yet nothing to be seen either.
_LETTERS_UNSEEN = "\u115f\u1160\u3164\uffa0"
_FILLERS = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\ufe0e\ufe0f\uffa0"))


def nfc(text: str) -> str:
    """Return the composed form in which all text is stored."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the key under which text is compared: compatibility-composed, case-folded, ё as е.

    Marks without width and joiners do not count. Idempotent, so that it may be applied to either side any
    number of times.
    """
    if text.isascii():
        return text.lower()
    if not text.isprintable():
        text = strip_invisible(text).replace("\u200c", "").replace("\u200d", "")
    folded = _folded_once(text)
    # Folding can leave a decomposed letter behind (İ), or a new ё: further rounds settle it.
    while "ё" in folded or folded.casefold() != folded:
        if (again := _folded_once(folded)) == folded:
            break
        folded = again
    return folded


def _folded_once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    if "\u0308" in folded:
        folded = re.sub("\u0308+", "\u0308", folded)
    return unicodedata.normalize("NFKC", folded)


def name_key(text: str) -> str:
    """Return the key of a name or header: folded, trimmed, any run of white space one space."""
    return " ".join(fold(text).split())


def strip_invisible(text: str) -> str:
    """Drop zero-width and direction marks, which make equal-looking names differ.

    The joiners that scripts and emoji need stay.
    """
    return text if text.isascii() or text.isprintable() else _INVISIBLE.sub("", text)


def is_plain(text: str) -> bool:
    """Tell whether text can be seen whole and begins with a letter or a figure: it is neither blank nor padded."""
    head = text[:1]
    return head.isalnum() and head not in _LETTERS_UNSEEN and text.isprintable()


def are_plain(texts: Sequence[str], longest: int) -> bool:
    """Tell whether all texts but empty ones are plain and composed, end with no space and are not too long.

    It takes a few steps for all of them together, and where one has spaces before a bar it may miss that they are.
    """
    joined, heads = "|".join(texts), "".join([text[:1] for text in texts])
    return (
        heads.isalnum()
        and joined.isprintable()
        and (len(joined) <= longest or max(map(len, texts)) <= longest)
        and not any(map(heads.__contains__, _LETTERS_UNSEEN))
        and " |" not in joined
        and joined[-1] != " "
        and (joined.isascii() or unicodedata.is_normalized("NFC", joined))
    )


def is_blank(text: str) -> bool:
    """Tell whether text shows nothing: white space and what has no width."""
    head = text[:1]
    if head.isalnum() and head not in _LETTERS_UNSEEN:
        return False
    return not (text if text.isascii() else strip_invisible(text).translate(_FILLERS)).strip()


def visible(text: str, *, multiline: bool = False) -> str:
    r"""Return text that cannot drive a terminal: controls as `^X` or `\uXXXX`.

    Tab and newline pass only where `multiline` is set; elsewhere they become a space.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _DANGLING.sub(_escape, _UNSAFE.sub(_escape, text))
    return shown if multiline else shown.replace("\n", " ").replace("\t", " ")


def shortened(text: str, most: int = _LONGEST_NAME) -> str:
    """Return text that is safe to show, cut to a readable length: of names such as any column has."""
    shown = visible(text)
    return f"{shown[:most]}..." if len(shown) > most else shown


def without_passwords(text: str) -> str:
    """Return text in which the passwords of addresses are stars: `postgresql://anna:***@host`."""
    return _PASSWORD.sub(r"\1:***@", text) if "@" in text else text


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return "^" + chr(code + 0x40)
    return "^?" if code == 0x7F else f"\\u{code:04x}"


def close_names(word: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names nearest to `word`, best first, compared without regard to case."""
    import difflib

    by_key = {name_key(name): name for name in names}
    near = difflib.get_close_matches(name_key(word), by_key, n=most, cutoff=0.6)
    return [by_key[key] for key in near]


def did_you_mean(word: str, names: Iterable[str]) -> str | None:
    """Return a hint that names the closest of `names`, or nothing where none is close."""
    near = close_names(word, names, most=1)
    return f'did you mean "{near[0]}"?' if near else None


def names_hint(word: str, names: Iterable[str], what: str = "one of") -> str | None:
    """Return a hint for a word that is none of `names`: the closest, or a short list of all; else nothing."""
    known = list(names)
    listed = f"{what}: {', '.join(known)}" if len(known) <= MOST_LISTED else None
    return did_you_mean(word, known) or listed


def comma_separated(text: str) -> tuple[str, ...]:
    """Return the parts of a list typed with commas between them, trimmed, empty ones left out."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def first_of(notes: list[str], such: str = "like these") -> list[str]:
    """Return the first few of many notes, and how many more there are."""
    more = len(notes) - MOST_NOTES
    return [*notes[:MOST_NOTES], f"and {more:,} more {such}"] if more > 0 else notes


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return `1 row`, `2 rows`, `8,000 rows`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

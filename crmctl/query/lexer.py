"""The words, texts and signs of an expression.

A text stands in '...' or "..."; the quote itself is written twice inside it. A backslash is an ordinary
character.
"""

import re
from enum import Enum, auto

import msgspec

from crmctl.query.error import Place, QueryError

SIGNS = {sign: sign for sign in ("=", "!=", "<", "<=", ">", ">=", "~", "!~")} | {"==": "=", "<>": "!="}
OPERATORS = "= != < <= > >= ~ !~, in, not in, is empty, is not empty, between .. and .., has, changed"
_MEANT = {
    "=>": ">=",
    "=<": "<=",
    "=~": "~",
    "~=": "~",
    "===": "=",
    "!==": "!=",
    "=!": "!=",
    "~!": "!~",
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
    "!": "not",
}
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_TYPOGRAPHIC = "«»‹›„“”‚‘’"
_TOKEN = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*+\"|'(?:[^']|'')*+')"
    r"|(?P<sign>[=!<>~&|]+)"
    r"|(?P<mark>[(),])"
    rf"|(?P<word>[^\s()=!<>~&|,\"'`;#*?\\\[\]{{}}^\x00-\x1f\x7f-\x9f{_INVISIBLE}{_TYPOGRAPHIC}]+)"
)
_SPACE = re.compile(r"\s*")


class Kind(Enum):
    """What a token is; `MARK` is a bracket or a comma."""

    WORD = auto()
    TEXT = auto()
    SIGN = auto()
    MARK = auto()
    END = auto()


class Token(msgspec.Struct, frozen=True):
    """A piece of an expression: a text without its quotes, a sign in its usual form."""

    kind: Kind
    text: str
    place: Place

    def says(self, *words: str) -> bool:
        """Tell whether it is one of some keywords, in whatever case."""
        return self.kind is Kind.WORD and self.text.lower() in words

    def marks(self, mark: str) -> bool:
        """Tell whether it is a bracket or comma."""
        return self.kind is Kind.MARK and self.text == mark


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression, one that marks its end last. Raises QueryError."""
    found = []
    at = _after_space(text, 0)
    while at < len(text):
        token = _token(text, at)
        found.append(token)
        at = _after_space(text, token.place.end)
    end = len(text.rstrip())
    return [*found, Token(Kind.END, "", Place(end, end + 1))]


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _token(text: str, at: int) -> Token:
    match = _TOKEN.match(text, at)
    if match is None:
        raise _unreadable(text, at)
    place, written = Place(at, match.end()), match.group()
    match match.lastgroup:
        case "text":
            quote = written[0]
            return Token(Kind.TEXT, written[1:-1].replace(quote * 2, quote), place)
        case "sign":
            return Token(Kind.SIGN, _sign(text, written, place), place)
        case "mark":
            return Token(Kind.MARK, written, place)
    return Token(Kind.WORD, written, place)


def _sign(text: str, written: str, place: Place) -> str:
    if written not in SIGNS:
        meant = _MEANT.get(written)
        hint = f"write {meant}" if meant else f"operators: {OPERATORS}"
        raise QueryError(f'unknown operator "{written}"', text, place, hint)
    return SIGNS[written]


def _unreadable(text: str, at: int) -> QueryError:
    char, place = text[at], Place(at, at + 1)
    if char in "\"'":
        other = "'" if char == '"' else '"'
        hint = f"close it; a text with {char} in it stands in {other} or has it twice"
        return QueryError("the quote is never closed", text, place, hint)
    if char in _TYPOGRAPHIC:
        return QueryError(f"{char} is no quote here", text, place, "quote text with ' or \"")
    shown = f'"{char}"' if char.isprintable() else f"U+{ord(char):04X}"
    return QueryError(
        f"unexpected character {shown}", text, place, "text with such characters goes in quotes"
    )

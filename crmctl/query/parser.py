"""The grammar: tokens to a tree, by recursive descent.

    either     = both { "or" both }
    both       = negated { "and" negated }
    negated    = "not" negated | "(" either ")" | condition
    condition  = TEXT | FLAG | FIELD comparison

Keywords count in any case. Only `and`, `or` and `not` are never a field or an unquoted value.
"""

import re
from collections.abc import Callable

from crmctl.currencies import DECIMALS, NAMES
from crmctl.query import diagnosis
from crmctl.query.error import Place, QueryError
from crmctl.query.expression import (
    FLAGS,
    And,
    Between,
    Changed,
    Comparison,
    Empty,
    Expression,
    Flag,
    Has,
    In,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Text,
)
from crmctl.query.lexer import Kind, Token, tokens
from crmctl.text import fold, nfc

LONGEST = 10_000
"""Characters an expression may have."""
DEEPEST = 64
"""Brackets and `not`s that may stand within each other."""

_JOINERS = ("and", "or")
_RESERVED = (*_JOINERS, "not")
_FIELD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?")
_NUMBER = re.compile(r"[-+]?[\d.,_]*\d[\d.,_]*[^\W\d_]{0,3}\.?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}.*")
_CODE = re.compile(r"[A-Z]{3}")


def parse(text: str) -> Expression:
    """Read an expression. Raises QueryError, which points to the part that cannot be read."""
    text = nfc(text)
    if len(text) > LONGEST:
        raise QueryError(
            f"the expression is longer than {LONGEST:,} characters", text, Place(LONGEST, len(text))
        )
    if not text.strip():
        raise QueryError("the expression is empty", text, Place(0, 0), "write one like amount >= 10k")
    return Expression(_Parser(text).whole(), text)


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        root = self._either()
        if self._here.kind is not Kind.END:
            raise diagnosis.trailing(self._text, self._before, self._here)
        return root

    # Moving along.

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    @property
    def _next(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    @property
    def _before(self) -> Token | None:
        return self._tokens[self._at - 1] if self._at else None

    def _take(self) -> Token:
        token = self._here
        self._at += 1
        return token

    def _takes(self, *words: str) -> bool:
        if not self._here.says(*words):
            return False
        self._at += 1
        return True

    # Conditions and how they are joined.

    def _either(self) -> Node:
        parts = self._joined("or", self._both)
        return parts[0] if len(parts) == 1 else Or(parts)

    def _both(self) -> Node:
        parts = self._joined("and", self._negated)
        return parts[0] if len(parts) == 1 else And(parts)

    def _joined(self, word: str, part: Callable[[], Node]) -> tuple[Node, ...]:
        parts = [part()]
        while self._takes(word):
            parts.append(part())
        return tuple(parts)

    def _negated(self) -> Node:
        if self._here.says("not"):
            opening = self._take()
            return Not(self._deeper(opening, self._negated))
        if self._here.marks("("):
            opening = self._take()
            inner = self._deeper(opening, self._either)
            if not self._here.marks(")"):
                raise diagnosis.unclosed(self._text, opening, self._before, self._here)
            self._take()
            return inner
        return self._condition()

    def _deeper(self, opening: Token, part: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            reason = f"the expression is nested deeper than {DEEPEST} levels"
            raise QueryError(reason, self._text, opening.place)
        node = part()
        self._depth -= 1
        return node

    def _condition(self) -> Node:
        token = self._here
        if token.kind is Kind.TEXT:
            if self._compares(self._next):
                raise QueryError("a field name stands without quotes", self._text, token.place)
            return Text(self._operand())
        if token.kind is not Kind.WORD or token.says(*_RESERVED):
            raise diagnosis.no_condition(self._text, self._before, token)
        if self._compares(self._next):
            return self._comparison(self._name())
        if token.says(*FLAGS):
            self._take()
            return Flag(token.text.lower(), token.place)
        raise diagnosis.bare_word(self._text, token, self._next)

    def _compares(self, token: Token) -> bool:
        if token.says("not"):
            following = self._tokens[min(self._at + 2, len(self._tokens) - 1)]
            return not self._here.says(*FLAGS) or following.says("in")
        return token.kind is Kind.SIGN or token.says("in", "is", "between", "has", "changed")

    def _name(self) -> Name:
        token = self._take()
        if not _FIELD.fullmatch(token.text):
            raise diagnosis.no_field(self._text, token)
        return Name(token.text, token.place)

    # Comparisons, once their field is read.

    def _comparison(self, field: Name) -> Node:
        token = self._take()
        if token.kind is Kind.SIGN:
            return Comparison(field, token.text, self._operand(), token.place)
        match token.text.lower():
            case "in":
                return In(field, self._operands(), negated=False, place=token.place)
            case "not":
                if not self._takes("in"):
                    raise diagnosis.stray_not(self._text, token, self._here)
                place = token.place.to(self._tokens[self._at - 1].place)
                return In(field, self._operands(), negated=True, place=place)
            case "is":
                return self._empty(field)
            case "between":
                return self._between(field, token.place)
            case "has":
                return Has(field, self._operand(), token.place)
        return self._changed(field)

    def _empty(self, field: Name) -> Empty:
        negated = self._takes("not")
        if not self._takes("empty"):
            raise diagnosis.not_empty(self._text, self._tokens[self._at - 1], self._here, field)
        return Empty(field, negated)

    def _between(self, field: Name, place: Place) -> Between:
        low = self._operand()
        if not self._takes("and"):
            raise diagnosis.half_between(self._text, place, low.place)
        return Between(field, low, self._operand(), place)

    def _changed(self, field: Name) -> Changed:
        if self._here.says("after", "before"):
            relation = self._take().text.lower()
            return Changed(field, relation, self._operand())
        if self._here.kind is Kind.WORD and not self._here.says(*_RESERVED):
            raise diagnosis.odd_change(self._text, self._here)
        return Changed(field, "", None)

    # Values.

    def _operands(self) -> tuple[Operand, ...]:
        opening = self._here
        if not opening.marks("("):
            raise diagnosis.no_list(self._text, self._tokens[self._at - 1], opening)
        self._take()
        values = [self._operand()]
        while self._here.marks(","):
            self._take()
            values.append(self._operand())
        if not self._here.marks(")"):
            raise diagnosis.unclosed(self._text, opening, self._before, self._here)
        self._take()
        return tuple(values)

    def _operand(self) -> Operand:
        token = self._here
        if token.kind is Kind.TEXT:
            self._take()
            return Operand(token.text, quoted=True, place=token.place)
        if token.kind is not Kind.WORD or token.says(*_RESERVED):
            raise diagnosis.no_value(self._text, self._before, token)
        self._take()
        if _belongs(token.text, self._here):
            last = self._take()
            return Operand(f"{token.text} {last.text}", quoted=False, place=token.place.to(last.place))
        return Operand(token.text, quoted=False, place=token.place)


def _belongs(word: str, following: Token) -> bool:
    """Tell whether the next word is the currency of an amount or the time of a day."""
    if following.kind is not Kind.WORD or following.says(*_RESERVED):
        return False
    if _DAY.fullmatch(word):
        return bool(_TIME.fullmatch(following.text))
    if not _NUMBER.fullmatch(word):
        return False
    unit = following.text
    return bool(_CODE.fullmatch(unit)) or unit.upper() in DECIMALS or fold(unit) in NAMES

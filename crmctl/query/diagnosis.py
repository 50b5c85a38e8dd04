"""What is said about an expression that does not parse: the usual slips, each with its cure."""

from crmctl.query.error import Place, QueryError
from crmctl.query.expression import FLAGS, Name
from crmctl.query.lexer import OPERATORS, Kind, Token
from crmctl.text import close_names

_SYNONYMS = {
    "like": "~",
    "ilike": "~",
    "contains": "~",
    "matches": "~",
    "equals": "=",
    "eq": "=",
    "ne": "!=",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
}
_SEARCH = "to search for text, put it in quotes"
_JOIN = "join conditions with and, or"


def trailing(text: str, before: Token | None, here: Token) -> QueryError:
    """Tell of what follows a condition that was complete."""
    if here.marks(")"):
        return QueryError("the bracket closes nothing", text, here.place)
    if here.marks(","):
        number = before is not None and before.text[-1:].isdigit()
        hint = "the decimal mark is a point: 1.5" if number else "lists stand in brackets: in (order, won)"
        return QueryError('unexpected ","', text, here.place, hint)
    if before and (before.marks(")") or before.says(*FLAGS)):
        return QueryError(f"unexpected {_shown(here)}", text, here.place, _JOIN)
    hint = f"{_JOIN}; text of several words goes in quotes"
    return QueryError(f"unexpected {_shown(here)}", text, here.place, hint)


def unclosed(text: str, opening: Token, before: Token | None, here: Token) -> QueryError:
    """Tell of a bracket that is open where the expression ends or goes wrong."""
    if here.kind is Kind.END:
        return QueryError("the bracket is never closed", text, opening.place)
    return trailing(text, before, here)


def no_condition(text: str, before: Token | None, here: Token) -> QueryError:
    """Tell of a place where a condition should stand and none does."""
    if before and before.marks("(") and here.marks(")"):
        return QueryError("nothing stands between the brackets", text, before.place.to(here.place))
    if before and (here.kind is Kind.END or here.says("and", "or") or here.marks(")")):
        return QueryError(f"no condition follows {_shown(before)}", text, before.place)
    if here.says("and", "or"):
        return QueryError(f"no condition stands before {_shown(here)}", text, here.place)
    return QueryError(f"unexpected {_shown(here)}", text, here.place, "a condition begins with a field")


def bare_word(text: str, word: Token, following: Token) -> QueryError:
    """Tell of a word that is no flag and that no operator follows."""
    if following.kind is Kind.WORD and not following.says("and", "or"):
        meant = _SYNONYMS.get(following.text.lower())
        hint = f"write {meant}" if meant else f"operators: {OPERATORS}; {_SEARCH}"
        return QueryError(f'unknown operator "{following.text}"', text, following.place, hint)
    near = close_names(word.text, FLAGS, most=1)
    hint = f'did you mean "{near[0]}"?' if near else f"compare a field, as in amount >= 10k; {_SEARCH}"
    return QueryError(f'"{word.text}" alone is no condition', text, word.place, hint)


def no_field(text: str, word: Token) -> QueryError:
    """Tell of a word that cannot name a field."""
    if word.text.count(".") > 1:
        hint = "one step to a linked record, as in company.industry, is the most"
        return QueryError(f'"{word.text}" reaches too far', text, word.place, hint)
    return QueryError(
        f'"{word.text}" is no field name', text, word.place, "the field stands first: amount >= 10k"
    )


def no_value(text: str, before: Token | None, here: Token) -> QueryError:
    """Tell of an operator without its value."""
    assert before is not None
    if here.marks("(") and not before.marks("("):
        hint = 'a value with brackets goes in quotes: phone = "(050) 123-45-67"'
        return QueryError("no value begins with a bracket", text, here.place, hint)
    if before.marks("(") and here.marks(")"):
        return QueryError("the list is empty", text, before.place.to(here.place))
    if here.kind is Kind.SIGN:
        return QueryError(f"unexpected {_shown(here)}", text, here.place, f"operators: {OPERATORS}")
    quoted = f'as a value, {here.text} goes in quotes: "{here.text}"' if here.kind is Kind.WORD else None
    return QueryError(f"no value follows {_shown(before)}", text, before.place, quoted)


def no_list(text: str, before: Token, here: Token) -> QueryError:
    """Tell of an `in` without its brackets."""
    place = before.place if here.kind is Kind.END else here.place
    return QueryError('a list in brackets follows "in"', text, place, "write it like stage in (order, won)")


def stray_not(text: str, word: Token, following: Token) -> QueryError:
    """Tell of a `not` after a field."""
    hint = "not stands before the field: not tags has vip" if following.kind is Kind.WORD else None
    return QueryError(f'only "in" follows "{word.text}" after a field', text, word.place, hint)


def not_empty(text: str, before: Token, here: Token, field: Name) -> QueryError:
    """Tell of an `is` that `empty` does not follow."""
    hint = f"write {field} is empty, {field} is not empty, or {field} = VALUE"
    place = before.place if here.kind is Kind.END else here.place
    return QueryError(f'"empty" follows "{before.text}"', text, place, hint)


def half_between(text: str, place: Place, low: Place) -> QueryError:
    """Tell of a `between` with one end."""
    hint = "write it like amount between 10k and 50k"
    return QueryError('"between" takes two values joined by "and"', text, place.to(low), hint)


def odd_change(text: str, here: Token) -> QueryError:
    """Tell of what follows `changed` and is neither `after` nor `before`."""
    hint = "write it like stage changed after 2026-11-01, or stage changed alone"
    return QueryError(f'unexpected "{here.text}" after "changed"', text, here.place, hint)


def _shown(token: Token) -> str:
    """Return how messages name a token."""
    return "a quoted text" if token.kind is Kind.TEXT else f'"{token.text}"'

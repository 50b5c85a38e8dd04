"""Searching all text of a record: its words in any order, and phones, e-mails and ids however typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from crmctl.errors import BadValue
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types.base import Test
from crmctl.model.records import Record, Value, read_id
from crmctl.patterns import pattern
from crmctl.query.prefilter import (
    Prefilter,
    any_prefilter,
    bytes_prefilter,
    digits_prefilter,
    words_prefilter,
)
from crmctl.text import fold

_UPKEEP = frozenset({"record", "created_by", "updated_by"})
_PHONE = pattern(r"[-+\d\s()./]{4,}")
_FEWEST_DIGITS = 4


def searched_fields(fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """Return the fields that a search looks into, the id among them."""
    parts = {field.paired for field in fields.values()}
    return tuple(
        field
        for field in fields.values()
        if field.name == "id" or (field.type.searched and field.name not in _UPKEEP | parts)
    )


def text_test(text: str, fields: Mapping[str, Field], conventions: Conventions) -> Callable[[Record], bool]:
    """Return the test for a text in whole records that have these fields."""
    looked_into = searched_fields(fields)
    names = [field.name for field in looked_into]
    holds = values_test(text, looked_into, conventions)

    def test(record: Record) -> bool:
        values = record.values
        return holds([values.get(name) for name in names])

    return test


def values_test(
    text: str, fields: Sequence[Field], conventions: Conventions
) -> Callable[[Sequence[Value | None]], bool]:
    """Return the test for a text in the values of searched fields, given in the fields' order.

    It holds where every word stands somewhere, or where one value is what the text means: a phone in
    another form, an id, the title of a list's entry.
    """
    words = _words(text)
    looked_into = [at for at, field in enumerate(fields) if field.type.searched]
    meant = [
        (at, passes)
        for at, field in enumerate(fields)
        for passes in _meanings(text, words, field, conventions)
    ]

    def test(values: Sequence[Value | None]) -> bool:
        folded = fold("\n".join(_texts(values[at] for at in looked_into)))
        if all(word in folded for word in words):
            return True
        return any(passes(value) for at, passes in meant for value in _texts((values[at],)))

    return test


def text_prefilter(text: str, fields: Mapping[str, Field], conventions: Conventions) -> Prefilter | None:
    """Return what tells of the JSON of records which of them `text_test` need not look at.

    Nothing is returned where the text may mean what cannot be told so, such as the title of a list's entry.
    """
    words, prefilters = _words(text), []
    for field in searched_fields(fields):
        if not _meanings(text, words, field, conventions):
            continue
        if field.name == "id":
            prefilters.append(bytes_prefilter(f'"id":"{read_id(text)}"'))
        elif field.kind == "phone" and text.isascii():
            prefilters.append(_number_prefilter(text, field, conventions))
        else:
            return None
    in_words = words_prefilter(words)
    return any_prefilter([in_words, *prefilters]) if in_words else None


def _number_prefilter(text: str, field: Field, conventions: Conventions) -> Prefilter:
    """Return what tells where the digits of a number stand, as typed or as it would be kept."""
    try:
        return digits_prefilter(text, str(field.type.parse(text, field, conventions)))
    except BadValue:  # a part of a number is none that could be kept
        return digits_prefilter(text)


def _words(text: str) -> list[str]:
    # A number set apart by spaces is one thing to look for, not several.
    whole = _PHONE.fullmatch(text.strip()) is not None
    return [fold(text.strip())] if whole else fold(text).split()


def _meanings(text: str, words: list[str], field: Field, conventions: Conventions) -> list[Test]:
    """Return the tests that find values of a field in which the words themselves do not stand."""
    found = []
    try:
        kept = fold(str(field.type.parse(text, field, conventions)))
        if not (field.type.searched and all(word in kept for word in words)):
            found.append(field.type.comparison("=", text, field, conventions))
    except BadValue:
        pass
    digits = [char for char in text if char.isdigit()]
    if field.type.searched and len(digits) >= _FEWEST_DIGITS and _PHONE.fullmatch(text):
        within = field.type.comparison("~", text, field, conventions)
        # Only a type that reads through what stands between digits finds them set apart.
        if within(" ".join(digits)):
            found.append(within)
    return found


def _texts(values: Iterable[Value | None]) -> list[str]:
    texts: list[str] = []
    for value in values:
        if isinstance(value, list):
            texts.extend(value)
        elif value is not None:
            texts.append(str(value))
    return texts

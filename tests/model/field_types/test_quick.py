"""What a type takes at once is what it reads the long way; only what takes no time differs."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.field_types import field_type
from crmctl.model.field_types.base import LONGEST_TEXT

KINDS = (
    *("text", "long_text", "list", "tags", "user", "email", "phone", "url"),
    *("money", "number", "integer", "boolean", "date", "datetime", "currency", "reference"),
)
TEXTS = (
    st.text(max_size=12)
    | st.text(alphabet="aЯё\u0308 ;.@-'\u3164\u200b\u00a0meME", max_size=10)
    | st.from_regex(r"\A[0-9]{1,7}([.,][0-9]{0,3})?\Z")
    | st.from_regex(r"\A(\+380|0|8 0|\+7)[ (]?(50|67|916)[) -]?[0-9]{6,8}\Z")
    | st.from_regex(r"\A[a-zA-Z.'-]{1,6}@[a-z-]{1,5}(\.[a-z]{1,4}){0,2}\Z")
)


PLAIN = ("Acme", "Ёлка", "b 2", "anna@example.com", "+380501234567", "12.50", "7")


def fields(kind: str) -> list[Field]:
    own = [Field("own", kind), Field("own", kind, multiple=True)]
    more = {
        "phone": [Field("phone", kind, multiple=True)],
        "money": [Field("amount", kind, paired="currency")],
    }
    return own + more.get(kind, [])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example(text="me")
@example(text="a;b")
@example(text="\u3164a")
@example(text="e\u0308")
@example(text="12.50")
@example(text="(050) 123-45-67")
def test_text_taken_at_once_is_what_is_read_the_long_way(kind: str, text: str, conventions: Any) -> None:
    for field in fields(kind):
        found = field_type(kind).quick(text, field, conventions)
        if found is not None:
            written = field.assign(text, conventions)
            assert found == {name: value for name, value in written.items() if value is not None}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(TEXTS | st.sampled_from(PLAIN), min_size=1, max_size=5))
@example(texts=["a ", "b"])
@example(texts=["a", "\u0308b"])
@example(texts=["\u1100", "\u1161", "\u11a8"])
@example(texts=["a |b", ""])
@example(texts=["", ""])
@example(texts=["+380501234567", "(050) 123-45-67", "0"])
def test_texts_taken_together_are_what_each_of_them_is(kind: str, texts: list[str], conventions: Any) -> None:
    for field in fields(kind):
        found = field_type(kind).quick_all(texts, field, conventions)
        for at, text in enumerate(texts) if found else ():
            written = {name: values[at] for name, values in found.items() if values[at] is not None}
            assert written == (field_type(kind).quick(text, field, conventions) or {})


@pytest.mark.parametrize("kind", ["text", "long_text", "list", "email", "phone", "money"])
def test_what_most_cells_hold_is_taken_together(kind: str, conventions: Any) -> None:
    texts = {"email": ["a@b.com", ""], "phone": ["0501234567", ""], "money": ["1", ""]}.get(
        kind, ["Ёлка", "b", ""]
    )
    (found,) = field_type(kind).quick_all(texts, Field("own", kind), conventions).values()
    assert [value is not None for value in found] == [bool(text) for text in texts]


def test_texts_longer_than_any_may_be_are_not_taken_together(conventions: Any) -> None:
    texts = ["a", "b" * (LONGEST_TEXT + 1)]
    assert Field("own", "text").type.quick_all(texts, Field("own", "text"), conventions) == {
        "own": ["a", None]
    }


def test_a_list_takes_nothing_at_once_that_it_may_not_have(source: Any, conventions: Any) -> None:
    declared = Field("source", "list", choices=source)
    assert declared.type.quick("radio", declared, conventions) is None
    with pytest.raises(BadValue):
        declared.parse("radio", conventions)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "ООО Ромашка (2)"),
        ("email", "anna@example.com"),
        ("money", "1200.50"),
        ("phone", "0501234567"),
    ],
)
def test_what_most_cells_hold_is_taken_at_once(kind: str, text: str, conventions: Any) -> None:
    assert field_type(kind).quick(text, Field("own", kind), conventions) is not None

"""What holds for fields of every type."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.model.choices import Choices
from crmctl.model.field import Field
from crmctl.model.field_types import field_type

KINDS = (
    *("text", "long_text", "integer", "number", "money", "date", "datetime", "boolean", "list", "tags"),
    *("phone", "email", "url", "user", "reference", "currency"),
)
_TYPED = st.text(max_size=12) | st.sampled_from(
    [
        "1.5",
        "1 000",
        "10k",
        "5 USD",
        "today",
        "2026-11-21 10:00",
        "yes",
        "+380501234567",
        "a@b.co",
        "a.b",
        "D-1",
        "eur",
    ]
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_found_by_its_name(kind: str) -> None:
    assert field_type(kind) is field_type(kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(_TYPED)
def test_what_was_read_is_shown_so_that_it_reads_back(read: Any, kind: str, typed: str) -> None:
    field = read(kind)
    try:
        value = field.parse(typed)
    except BadValue:
        return
    assert field.again(value) == value


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(st.lists(_TYPED, max_size=3))
def test_many_values_are_texts_and_read_back(read: Any, kind: str, typed: list[str]) -> None:
    field = read(kind, multiple=True)
    try:
        value = field.parse(typed)
    except BadValue:
        return
    assert value is None or all(isinstance(one, str) for one in value)
    assert field.again(value) == value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b", "\u200d\ufeff"])
def test_blank_text_is_no_value(read: Any, kind: str, blank: str) -> None:
    assert read(kind).parse(blank) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", ["\0", "a\0b", "12345\udcff", "7" * 70_000])
def test_no_type_takes_what_cannot_be_kept(read: Any, kind: str, wrong: str) -> None:
    with pytest.raises(BadValue):
        read(kind).parse(wrong)


def test_a_field_of_one_value_takes_no_more(read: Any) -> None:
    with pytest.raises(BadValue, match="takes one value, not 2"):
        read("text").parse(["a", "b"])


def test_many_values_stand_apart_by_a_semicolon(read: Any) -> None:
    assert read("text", multiple=True).show(["a", "b"]) == "a; b"


def test_an_amount_is_read_whole_with_its_currency() -> None:
    field = Field("amount", "money", paired="currency")
    assert field.read({"amount": "5.00", "currency": "USD"}) == "5.00 USD"


@pytest.mark.parametrize(
    ("title", "label"), [("ТТН", "waybill (ТТН)"), ("", "waybill"), ("waybill", "waybill")]
)
def test_messages_name_a_field_by_name_and_title(title: str, label: str) -> None:
    assert Field("waybill", "text", title).label == label


@pytest.mark.parametrize(
    ("kind", "kept", "same", "other"),
    [
        ("money", "1000.00 UAH", ["1 000"], ["1000 USD"]),
        ("datetime", "2026-11-21T10:00:00+00:00", ["2026-11-21"], ["2026-11-22"]),
        ("list", "website", ["Веб-сайт"], ["Звонок"]),
        ("text", "Acme", ["ACME"], ["Acme", "Acme"]),
        ("boolean", False, ["no"], [""]),
        ("text", None, [""], ["Acme"]),
    ],
)
def test_a_value_equals_what_the_same_text_in_a_filter_would_find(
    read, source: Choices, kind: str, kept: Any, same: list[str], other: list[str]
) -> None:
    typed = read(kind, choices=source if kind == "list" else None)
    assert typed.field.equals(kept, same, typed.conventions)
    assert not typed.field.equals(kept, other, typed.conventions)


def test_many_values_are_equal_in_any_order_and_none_may_lack(read) -> None:
    typed = read("tags", multiple=True)
    assert typed.field.equals(["a", "b"], ["b; a"], typed.conventions)
    assert not typed.field.equals(["a", "b"], ["a"], typed.conventions)
    assert not typed.field.equals(["a"], ["a", "b"], typed.conventions)

"""Text is kept composed and trimmed, and compared loosely."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def text(read: Any) -> Any:
    return read("text")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Анна  ", "Анна"),
        ("И\u0306од", "Йод"),
        ("Пётр", "Пётр"),
        ("Ан\u200bна\ufeff", "Анна"),
        ("\u202eАнна", "Анна"),
        ("e\u200b\u0301", "é"),
        ("0", "0"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_text_is_kept_composed_trimmed_and_without_what_cannot_be_seen(
    text: Any, typed: str, kept: str
) -> None:
    assert text.parse(typed) == kept


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0\t\n", "\u200b", "\u200d", "\u3164 \u2800"])
def test_text_that_shows_nothing_is_no_value(text: Any, blank: str) -> None:
    assert text.parse(blank) is None


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("a\0b", "NUL"),
        ("a\udcffb", "lone surrogate"),
        ("x" * 65_537, "longer than 65,536 characters"),
    ],
)
def test_what_no_field_takes_is_refused(text: Any, wrong: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        text.parse(wrong)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ПЁТР  Иванов", "петр иванов"), ("Straße", "STRASSE"), ("И\u0306од", "Йод"), ("a\u00a0b", "a b")],
)
def test_text_compares_folded(text: Any, one: str, other: str) -> None:
    assert text.key(one) == text.key(other)


def test_part_of_a_text_is_found_however_it_is_written(text: Any) -> None:
    assert text.holds("~", "ПЕТР", "Иванов Пётр")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_shown_text_reads_back(text: Any, typed: str) -> None:
    try:
        value = text.parse(typed)
    except BadValue:
        return
    assert text.again(value) == value

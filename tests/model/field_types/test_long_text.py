"""Long text is kept to the letter."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def long_text(read: Any) -> Any:
    return read("long_text")


def test_line_breaks_and_spaces_stay(long_text: Any) -> None:
    assert long_text.parse("  one\r\n\ttwo  \n") == "  one\r\n\ttwo  \n"


def test_long_text_is_kept_composed(long_text: Any) -> None:
    assert long_text.parse("И\u0306") == "Й"


@pytest.mark.parametrize("blank", ["", "\n\n", "\u200b\u200d"])
def test_long_text_that_shows_nothing_is_no_value(long_text: Any, blank: str) -> None:
    assert long_text.parse(blank) is None


@pytest.mark.parametrize("wrong", ["a\0b", "a\ud800", "x" * 65_537])
def test_what_no_field_takes_is_refused(long_text: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        long_text.parse(wrong)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_shown_text_reads_back(long_text: Any, typed: str) -> None:
    try:
        value = long_text.parse(typed)
    except BadValue:
        return
    assert long_text.again(value) == value

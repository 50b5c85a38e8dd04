"""Yes or no, in the words people type."""

from typing import Any

import pytest

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def boolean(read: Any) -> Any:
    return read("boolean")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("true", True),
        ("Yes", True),
        ("да", True),
        ("1", True),
        ("false", False),
        ("НЕТ", False),
        ("0", False),
    ],
)
def test_the_words_for_yes_and_no_are_read(boolean: Any, typed: str, kept: bool) -> None:
    assert boolean.parse(typed) is kept


@pytest.mark.parametrize("wrong", ["maybe", "2", "tru"])
def test_other_words_are_refused(boolean: Any, wrong: str) -> None:
    with pytest.raises(BadValue, match="neither true nor false"):
        boolean.parse(wrong)


@pytest.mark.parametrize("value", [True, False])
def test_a_shown_value_reads_back(boolean: Any, value: bool) -> None:
    assert boolean.again(value) is value


def test_false_equals_no(boolean: Any) -> None:
    assert boolean.holds("=", "no", False)
    assert not boolean.holds("=", "no", True)


def test_many_values_read_back(read: Any) -> None:
    many = read("boolean", multiple=True)
    value = many.parse("yes; no")
    assert value == ["true", "false"]
    assert many.again(value) == value

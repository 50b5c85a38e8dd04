"""Patterns hold for the whole value, and cannot hang."""

from typing import Any

import pytest

from crmctl.errors import BadValue
from crmctl.model.field_types.pattern import compiled


@pytest.fixture(scope="module")
def waybill(read: Any) -> Any:
    return read("text", "waybill", title="ТТН", pattern=r"^\d{11,14}$", example="20450123456789")


def test_a_value_that_fits_is_taken(waybill: Any) -> None:
    assert waybill.parse("20450123456789") == "20450123456789"


@pytest.mark.parametrize("wrong", ["123", "20450123456789x", "x20450123456789", "2045012345\n6789"])
def test_a_value_that_does_not_fit_is_refused_with_the_example(waybill: Any, wrong: str) -> None:
    with pytest.raises(BadValue, match="does not fit the pattern") as refused:
        waybill.parse(wrong)
    assert refused.value.hint == "write it like 20450123456789"


def test_a_pattern_without_anchors_may_hold_anywhere_as_in_json_schema(read: Any) -> None:
    assert read("text", pattern=r"\d{3}").parse("N 1234") == "N 1234"
    with pytest.raises(BadValue, match="does not fit"):
        read("text", pattern=r"^\d{3}$").parse("1234")


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|aa)+$", r"^(.*a){20}$"])
def test_no_pattern_can_hang(read: Any, pattern: str) -> None:
    with pytest.raises(BadValue, match="does not fit"):
        read("text", pattern=pattern).parse("a" * 4000 + "!")


def test_a_value_too_long_for_a_pattern_is_refused(read: Any) -> None:
    with pytest.raises(BadValue, match="longer than 4096 bytes"):
        read("text", pattern="я+").parse("я" * 2049)


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)"])
def test_a_pattern_that_needs_backtracking_or_is_wrong_is_refused(pattern: str) -> None:
    with pytest.raises(BadValue, match="not a usable pattern"):
        compiled(pattern)


def test_each_of_many_values_is_held_against_the_pattern(read: Any) -> None:
    with pytest.raises(BadValue, match="does not fit"):
        read("text", pattern="[a-z]+", multiple=True).parse("abc; 123")

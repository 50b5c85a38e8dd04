"""A value of a list is named by id, title or alias, and kept as the id."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def chosen(read: Any, source: Any) -> Any:
    return read("list", "source", choices=source)


@pytest.mark.parametrize("typed", ["website", "WEBSITE", "сайт", " Веб-сайт ", "crm-форма"])
def test_an_entry_is_named_by_id_title_or_alias(chosen: Any, typed: str) -> None:
    assert chosen.parse(typed) == "website"


def test_a_miss_lists_the_allowed_values(chosen: Any) -> None:
    with pytest.raises(BadValue, match='unknown source "sight"') as refused:
        chosen.parse("sight")
    assert refused.value.hint == "one of: instagram, website, call"


def test_an_undeclared_list_takes_any_text(read: Any) -> None:
    assert read("list").parse("  Выставка ") == "Выставка"


def test_people_see_the_title(chosen: Any) -> None:
    assert chosen.display("call") == "Звонок"


def test_a_value_that_its_list_no_longer_has_is_shown_by_its_id(chosen: Any) -> None:
    assert chosen.display("radio") == "radio"


@pytest.mark.parametrize("needle", ["web", "САЙ"])
def test_part_of_the_id_or_the_title_is_found(chosen: Any, needle: str) -> None:
    assert chosen.holds("~", needle, "website")


@pytest.mark.parametrize("value", ["website", "crm-форма", "Сайт"])
def test_a_value_from_when_an_alias_was_an_entry_is_the_entry_it_belongs_to(chosen: Any, value: str) -> None:
    assert chosen.holds("=", "website", value)
    assert not chosen.holds("=", "call", value)


def test_a_value_that_its_list_no_longer_has_is_none_of_its_entries(chosen: Any) -> None:
    assert not chosen.holds("=", "call", "radio")


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["instagram", "website", "call"]))
def test_a_shown_entry_reads_back(chosen: Any, value: str) -> None:
    assert chosen.again(value) == value

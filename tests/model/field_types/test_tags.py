"""Tags are any number of words."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def tags(read: Any) -> Any:
    return read("tags", multiple=True)


@pytest.mark.parametrize("typed", [["vip", "опт"], "vip; опт", ["vip;опт"], "; vip ;; опт;"])
def test_tags_are_given_apart_or_in_one_text(tags: Any, typed: str | list[str]) -> None:
    assert tags.parse(typed) == ["vip", "опт"]


def test_a_tag_given_twice_is_one(tags: Any) -> None:
    assert tags.parse("vip; vip") == ["vip"]


@pytest.mark.parametrize("blank", ["", ";", " ; \u200b;", []])
def test_no_tags_are_no_value(tags: Any, blank: str | list[str]) -> None:
    assert tags.parse(blank) is None


def test_tags_of_a_list_are_held_to_it(read: Any, source: Any) -> None:
    with pytest.raises(BadValue, match="unknown source"):
        read("tags", multiple=True, choices=source).parse("website; radio")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_characters=";\0", exclude_categories=("Cs",)), max_size=8)
    )
)
def test_shown_tags_read_back(tags: Any, typed: list[str]) -> None:
    value = tags.parse(typed)
    assert tags.again(value) == value

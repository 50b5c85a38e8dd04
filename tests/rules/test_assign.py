"""Records are given to one user, to several in turn, or to whoever has least."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.rules.assign import in_turn, least_loaded, people, user


@pytest.mark.parametrize("name", ["anna", "АННА КОВАЛЬ", "Anna@example.com"])
def test_a_user_is_named_by_id_name_or_address(house: Any, name: str) -> None:
    assert user(name, house.configuration) == "anna"


def test_an_unknown_user_is_refused_with_those_there_are(house: Any) -> None:
    with pytest.raises(WrongUse, match='unknown user "ivan"') as wrong:
        user("ivan", house.configuration)
    assert wrong.value.hint == "one of: anna, oleg, ira"


def test_any_name_is_a_user_where_none_are_declared(house: Any) -> None:
    assert user(" ivan ", house.like(users=()).configuration) == "ivan"


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
@pytest.mark.parametrize("users", [True, False])
def test_no_name_is_no_user(house: Any, name: str, users: bool) -> None:
    configuration = house.configuration if users else house.like(users=()).configuration
    with pytest.raises(WrongUse):
        user(name, configuration)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna,oleg", ["anna", "oleg"]),
        (" Олег Бойко , anna ", ["oleg", "anna"]),
        ("retail", ["anna", "oleg"]),
        ("RETAIL", ["anna", "oleg"]),
        ("опт", ["ira"]),
        ("ira,retail,anna", ["ira", "anna", "oleg"]),
    ],
)
def test_users_and_teams_are_named_together_each_user_once(house: Any, text: str, found: list[str]) -> None:
    assert people(text, house.configuration) == found


@pytest.mark.parametrize("text", ["", " , "])
def test_somebody_must_be_named(house: Any, text: str) -> None:
    with pytest.raises(WrongUse, match="no user is named"):
        people(text, house.configuration)


def test_an_unknown_team_is_refused(house: Any) -> None:
    with pytest.raises(WrongUse, match='unknown user "sales"'):
        people("sales", house.configuration)


def test_users_take_turns() -> None:
    following = in_turn(["anna", "oleg"])
    assert [following() for _ in range(5)] == ["anna", "oleg", "anna", "oleg", "anna"]


def test_whoever_has_least_comes_next_and_the_first_of_equals() -> None:
    following = least_loaded(["anna", "oleg", "ira"], {"anna": 2, "oleg": 1, "gone": 9})
    assert [following() for _ in range(5)] == ["ira", "oleg", "ira", "anna", "oleg"]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)), st.integers(0, 60))
def test_loads_come_closer_and_stay_close(load: dict[str, int], count: int) -> None:
    following = least_loaded("abcd", load)
    loads = {name: load.get(name, 0) for name in "abcd"}
    for _ in range(count):
        before = max(loads.values()) - min(loads.values())
        loads[following()] += 1
        assert max(loads.values()) - min(loads.values()) <= max(before, 1)

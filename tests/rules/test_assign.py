"""Records are given to one user, to several in turn, or to whoever has least."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.rules.assign import Loads, Turns, people, user


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
    with pytest.raises(WrongUse, match='unknown user or team "sales"') as wrong:
        people("sales", house.configuration)
    assert wrong.value.hint == "one of: anna, oleg, ira, retail, Опт"


@pytest.mark.parametrize(
    ("typed", "meant"), [("retial", "retail"), ("olge", "oleg"), ("Олег Бойка", "Олег Бойко")]
)
def test_a_slip_in_a_user_or_a_team_is_answered_with_what_is_meant(
    house: Any, typed: str, meant: str
) -> None:
    with pytest.raises(WrongUse) as wrong:
        people(f"anna,{typed}", house.configuration)
    assert wrong.value.hint == f'did you mean "{meant}"?'


def test_a_team_is_no_user(house: Any) -> None:
    with pytest.raises(WrongUse, match='"Retail" is a team, not a user') as wrong:
        user("Retail", house.configuration)
    assert "--round-robin" in str(wrong.value.hint)


def given_in_turn(turns: Turns, users: list[str], count: int) -> list[str]:
    found = []
    for _ in range(count):
        found.append(turns.upcoming(users))
        turns.take(users, found[-1])
    return found


def test_users_take_turns() -> None:
    assert given_in_turn(Turns(), ["anna", "oleg"], 5) == ["anna", "oleg", "anna", "oleg", "anna"]


def test_turns_go_on_where_they_stopped_whatever_order_the_users_are_named_in() -> None:
    turns = Turns()
    assert given_in_turn(turns, ["anna", "oleg", "ira"], 1) == ["anna"]
    assert given_in_turn(Turns(turns.last), ["ira", "anna", "oleg"], 2) == ["oleg", "ira"]


def test_every_group_has_turns_of_its_own() -> None:
    turns = Turns()
    assert given_in_turn(turns, ["anna", "oleg"], 1) == ["anna"]
    assert given_in_turn(turns, ["anna", "ira"], 1) == ["anna"]
    assert given_in_turn(turns, ["anna", "oleg"], 1) == ["oleg"]


def given_to_least(loads: Loads, users: str | list[str], count: int) -> list[str]:
    found = []
    for _ in range(count):
        found.append(loads.least(users))
        loads.give(found[-1])
    return found


def test_whoever_has_least_comes_next_and_the_first_of_equals() -> None:
    loads = Loads({"anna": 2, "oleg": 1, "gone": 9})
    assert given_to_least(loads, ["anna", "oleg", "ira"], 5) == ["ira", "oleg", "ira", "anna", "oleg"]


def test_what_is_taken_from_somebody_is_no_longer_their_load() -> None:
    loads = Loads({"anna": 2, "oleg": 2})
    assert loads.least(["oleg", "anna"], "anna") == "anna"
    loads.give("oleg", "anna")
    assert given_to_least(loads, ["oleg", "anna"], 3) == ["anna", "anna", "oleg"]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)), st.integers(0, 60))
def test_loads_come_closer_and_stay_close(load: dict[str, int], count: int) -> None:
    loads = {name: load.get(name, 0) for name in "abcd"}
    counted = Loads(load)
    for _ in range(count):
        before = max(loads.values()) - min(loads.values())
        loads[given_to_least(counted, "abcd", 1)[0]] += 1
        assert max(loads.values()) - min(loads.values()) <= max(before, 1)

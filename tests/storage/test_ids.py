"""Ids: given out once, whatever happens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import Refused
from crmctl.storage.ids import Ids

numbers = st.lists(st.integers(1, 40), unique=True)


def claimed(numbers: list[int]) -> Ids:
    ids = Ids()
    for number in numbers:
        ids.claim(f"L-{number}")
    return ids


@given(numbers)
def test_exactly_the_claimed_ids_count_as_given(numbers: list[int]) -> None:
    ids = claimed(numbers)
    assert [n for n in range(1, 60) if ids.was_given(f"L-{n}")] == sorted(numbers)


@given(numbers)
def test_a_new_id_is_beyond_all_claimed_ones(numbers: list[int]) -> None:
    assert claimed(numbers).new("L") == f"L-{max(numbers, default=0) + 1}"


@given(numbers, numbers)
@settings(max_examples=60)
def test_after_going_on_from_other_counters_what_either_gave_is_given(
    one: list[int], other: list[int]
) -> None:
    ids = claimed(one)
    ids.never_below(claimed(other))
    assert [n for n in range(1, 60) if ids.was_given(f"L-{n}")] == sorted({*one, *other})
    assert ids.next["L"] == max([*one, *other], default=0) + 1


@given(numbers)
def test_counters_survive_being_stored(numbers: list[int]) -> None:
    ids = claimed(numbers)
    again = Ids(ids.next, ids.holes())
    assert [again.was_given(f"L-{n}") for n in range(1, 60)] == [
        ids.was_given(f"L-{n}") for n in range(1, 60)
    ]


def test_an_id_in_a_hole_can_be_claimed_once() -> None:
    ids = claimed([10, 5])
    with pytest.raises(Refused):
        ids.claim("L-5")


def test_beyond_some_ids_every_smaller_number_counts_as_given() -> None:
    ids = Ids.beyond(["L-3", "D-7", "L-2"])
    assert (ids.next["L"], ids.next["D"], ids.next["C"], ids.was_given("L-1")) == (4, 8, 1, True)


def test_a_reserved_id_can_be_claimed_and_new_ones_lie_beyond_it() -> None:
    ids = Ids()
    ids.reserve("L-3")

    assert not ids.was_given("L-3")
    assert ids.new("L") == "L-4"
    ids.reserve("L-2")
    ids.claim("L-3")
    assert ids.was_given("L-3")
    assert ids.new("L") == "L-5"

"""Which records have which keys by the match rules, whatever is asked first."""

from typing import Any

import pytest

from crmctl.model.records import RecordType
from crmctl.rules.alike import Alike
from crmctl.rules.key_index import MOST_SHARING, KeyIndex, held_against

PHONE, EMAIL = "+380501234567", "anna@example.com"


@pytest.fixture
def alike(house: Any) -> Alike:
    return Alike(RecordType.CONTACT, house.configuration)


def key(alike: Alike, **values: str) -> tuple[int, str]:
    (found,) = alike.keys(values)
    return found


def filled(alike: Alike, count: int) -> KeyIndex:
    index = KeyIndex(alike)
    for number in range(1, count + 1):
        index.add(f"C-{number}", {"phone": [PHONE]})
    return index


def test_a_key_leads_to_its_records_in_order(alike: Alike) -> None:
    index = filled(alike, 2)
    index.add("C-9", {"email": [EMAIL]})
    assert list(index.of(key(alike, phone=[PHONE]))) == ["C-1", "C-2"]
    assert list(index.of(key(alike, email=[EMAIL]))) == ["C-9"]
    assert list(index.several.values()) == [["C-1", "C-2"]]


def test_a_number_of_too_many_is_of_nobody(alike: Alike) -> None:
    index = filled(alike, MOST_SHARING + 1)
    shared = key(alike, phone=[PHONE])
    assert (list(index.of(shared)), index.has_number(PHONE), index.several) == ([], False, {})
    assert index.shared == {shared: MOST_SHARING + 1}
    assert filled(alike, MOST_SHARING).has_number(PHONE)


def test_of_many_records_all_are_held_against_the_first() -> None:
    assert len(list(held_against([f"C-{at}" for at in range(8)]))) == 28
    assert list(held_against([f"C-{at}" for at in range(9)])) == [("C-0", f"C-{at}") for at in range(1, 9)]

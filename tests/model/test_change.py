"""Changes tell what differs, upkeep left out."""

from crmctl.model.change import Change
from crmctl.model.records import Record

BEFORE = Record({"id": "D-1", "record": "deal", "title": "Acme", "stage": "new", "revision": 1})


def test_a_change_tells_old_and_new_values() -> None:
    after = BEFORE.having({"stage": "order", "amount": "5.00", "revision": 2, "updated_by": "anna"})
    assert Change("move", BEFORE, after).differences() == {
        "stage": ("new", "order"),
        "amount": (None, "5.00"),
    }


def test_an_emptied_field_is_a_difference() -> None:
    assert Change("update", BEFORE, BEFORE.having({"title": None})).differences() == {"title": ("Acme", None)}


def test_upkeep_alone_is_no_difference() -> None:
    assert Change("update", BEFORE, BEFORE.having({"revision": 2, "updated_at": "x"})).differences() == {}


def test_nought_and_false_differ_from_nothing() -> None:
    after = BEFORE.having({"probability": 0, "do_not_contact": False})
    assert Change("update", BEFORE, after).differences() == {
        "probability": (None, 0),
        "do_not_contact": (None, False),
    }


def test_a_creation_and_a_deletion_tell_all_there_was() -> None:
    values = {"title": "Acme", "stage": "new"}
    assert Change("create", None, BEFORE).differences() == {
        name: (None, each) for name, each in values.items()
    }
    assert Change("delete", BEFORE, None).differences() == {
        name: (each, None) for name, each in values.items()
    }


def test_a_change_is_of_the_record_there_is_or_was() -> None:
    assert Change("create", None, BEFORE).record is BEFORE
    assert Change("delete", BEFORE, None).record is BEFORE

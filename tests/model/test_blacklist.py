"""Listed values are compared as the fields compare them, and a domain covers those below it."""

import pytest

from crmctl.model.blacklist import Blacklist, Listed, ListedKind, Mark, watched_fields
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

ADDED, REMOVED = (
    Mark(1, "2026-11-21T22:30:00+00:00", "anna", "спам"),
    Mark(2, "2026-11-22T08:00:00+00:00", "oleg"),
)
WATCHED = {"mail": ListedKind.EMAIL}


def found(listed: str, address: str, kind: ListedKind = ListedKind.DOMAIN) -> bool:
    return Blacklist([Listed(kind, listed, ADDED)]).find(WATCHED, {"mail": [address]}) is not None


@pytest.mark.parametrize("address", ["a@spam.example", "a@SPAM.example", "a@x.y.spam.example"])
def test_a_domain_covers_itself_and_those_below_it(address: str) -> None:
    assert found("spam.example", address)


@pytest.mark.parametrize("address", ["a@notspam.example", "spam.example@other.example", "a@spam.example.org"])
def test_a_domain_covers_no_other(address: str) -> None:
    assert not found("spam.example", address)


def test_an_address_is_no_domain() -> None:
    assert found("A@spam.example", "a@spam.example", ListedKind.EMAIL)
    assert not found("a@spam.example", "b@spam.example", ListedKind.EMAIL)


def test_what_was_taken_off_or_undone_is_not_listed_and_a_removal_undone_lists_again() -> None:
    def stands(added: Mark, removed: Mark | None = None) -> bool:
        return bool(Blacklist([Listed(ListedKind.PHONE, "+380501234567", added, removed)]))

    undone = Mark(2, ADDED.at, "oleg", undone=True)
    assert (stands(ADDED), stands(ADDED, undone)) == (True, True)
    assert (stands(ADDED, REMOVED), stands(undone), stands(undone, undone)) == (False, False, False)


def test_values_that_a_record_has_already_may_stay() -> None:
    blacklist = Blacklist([Listed(ListedKind.EMAIL, "a@b.example", ADDED)])
    assert blacklist.find(WATCHED, {"mail": ["a@b.example"]}, {"mail": ["a@b.example"]}) is None
    assert blacklist.find(WATCHED, {"mail": ["a@b.example"]}, {"mail": ["c@b.example"]}) is not None


def test_an_entry_tells_since_when_as_the_days_of_the_zone_go() -> None:
    entry = Listed(ListedKind.PHONE, "+380501234567", ADDED, lead="L-7")
    assert entry.told("Europe/Kyiv") == "since 2026-11-22 by anna, with L-7: спам"


def test_all_fields_by_which_people_are_reached_are_watched_but_not_what_is_computed() -> None:
    fields = {field.name: field for field in (*STANDARD_FIELDS[RecordType.LEAD], Field("second", "phone"))}
    assert set(watched_fields(fields)) == {"phone", "email", "messenger", "source", "second"}

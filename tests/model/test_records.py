"""Records are values by field name; ids carry their type."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.records import (
    Record,
    RecordType,
    counted,
    is_empty,
    number_of,
    parse_id,
    read_id,
    record_type,
    type_of,
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("D-42", "D-42"),
        ("d-42", "D-42"),
        ("deal/42", "D-42"),
        ("deals/42", "D-42"),
        (" O-1 ", "O-1"),
        ("companies/1", "O-1"),
        ("lead-7", "L-7"),
    ],
)
def test_an_id_is_understood_in_every_form(typed: str, found: str) -> None:
    assert read_id(typed) == found


@pytest.mark.parametrize(
    "typed",
    ["", "42", "D42", "D-0", "D-042", "D--1", "X-1", "deal", "dael/1", "D-1.5", "D-٤٢", "D-" + "9" * 19],
)
def test_what_is_no_id_is_none(typed: str) -> None:
    assert read_id(typed) is None


def test_an_id_that_is_none_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match='"Acme" is not an id'):
        parse_id("Acme")


@settings(max_examples=100)
@given(st.sampled_from(RecordType), st.integers(1, 10**18 - 1))
def test_an_id_tells_its_type_and_number(kind: RecordType, number: int) -> None:
    found = parse_id(f"{kind.value}/{number}")
    assert (type_of(found), number_of(found), parse_id(found.lower())) == (kind, number, found)


@pytest.mark.parametrize("word", ["company", "companies", "Company"])
def test_a_type_may_be_singular_or_plural(word: str) -> None:
    assert record_type(word) is RecordType.COMPANY


def test_an_unknown_type_is_refused_with_the_close_one() -> None:
    with pytest.raises(WrongUse, match='unknown record type "dael"') as refused:
        record_type("dael")
    assert refused.value.hint == 'did you mean "deal"?'


@pytest.mark.parametrize("value", [0, False, 0.0, "0", "false", ["x"]])
def test_nought_and_false_are_values(value: object) -> None:
    assert not is_empty(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, "", []])
def test_nothing_is_empty(value: object) -> None:
    assert is_empty(value)  # type: ignore[arg-type]


def test_emptied_fields_are_taken_away() -> None:
    record = Record({"id": "D-1", "record": "deal", "comment": "x", "tags": ["a"], "probability": 5})
    assert record.having({"comment": None, "tags": [], "probability": 0}).values == {
        "id": "D-1",
        "record": "deal",
        "probability": 0,
    }


def test_a_change_leaves_the_record_as_it_was() -> None:
    record = Record({"id": "D-1", "record": "deal"})
    record.having({"title": "Acme"})
    assert record.title == ""


@pytest.mark.parametrize(("title", "label"), [("Acme", 'D-1 "Acme"'), ("", "D-1")])
def test_messages_name_a_record_by_id_and_title(title: str, label: str) -> None:
    assert Record({"id": "D-1", "record": "deal"}).having({"title": title}).label == label


def test_a_count_begins_with_one_and_of_nothing_there_is_none() -> None:
    lead = Record({"id": "L-1", "record": "lead"})
    twice = counted(counted(lead, "note_count"), "note_count")
    assert twice.get("note_count") == 2
    assert counted(twice, "note_count", -2) == lead

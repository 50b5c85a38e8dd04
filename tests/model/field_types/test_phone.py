"""Phone numbers are kept in E.164 where they are valid, and as typed where they are not."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue

NUMBERS = Path(__file__).parents[4] / "shared" / "data" / "ru" / "phones.csv"


@pytest.fixture(scope="module")
def phone(read: Any) -> Any:
    return read("phone", "phone", multiple=True)


@pytest.fixture(scope="module")
def single(read: Any) -> Any:
    return read("phone", "fax")


@pytest.mark.parametrize(
    "typed",
    [
        *("(050) 123-45-67", "+380 50 123 45 67", "380501234567", "8 050 123 45 67", "80501234567"),
        *(
            "tel:+380-50-123-45-67",
            "'+380501234567",
            "☎ 050 123 45 67",
            "٠٥٠١٢٣٤٥٦٧",
            "050\u00a0123\u2011\u206045-67",
        ),
    ],
)
def test_a_valid_number_is_kept_in_one_form_however_typed(single: Any, typed: str) -> None:
    assert single.parse(typed) == "+380501234567"


@pytest.mark.parametrize(
    ("region", "typed", "kept"),
    [
        ("RU", "8-900-123-45-67", "+79001234567"),
        ("RU", "+7 (900) 123-45-67", "+79001234567"),
        ("RU", "8-916-123-45-67 доб. 12", "+79161234567"),
        ("BY", "8 029 123-45-67", "+375291234567"),
        ("", "+44 20 7946 0958", "+442079460958"),
        ("", "020 7946 0958", "020 7946 0958"),
    ],
)
def test_the_region_is_meant_where_a_number_names_no_country(
    read: Any, conventions: Any, region: str, typed: str, kept: str
) -> None:
    there = read("phone", conventions=msgspec.structs.replace(conventions, phone_region=region))
    assert there.parse(typed) == kept


def test_what_was_typed_stays_beside_the_number(phone: Any) -> None:
    assert phone.assign(["(050) 123-45-67", "+380671234567"]) == {
        "phone": ["+380501234567", "+380671234567"],
        "phone_typed": ["(050) 123-45-67", "+380671234567"],
    }


def test_nothing_stays_beside_numbers_typed_as_they_are_kept(phone: Any) -> None:
    assert phone.assign("+380501234567") == {"phone": ["+380501234567"], "phone_typed": None}


def test_emptying_the_phones_empties_what_was_typed(phone: Any) -> None:
    assert phone.assign("") == {"phone": None, "phone_typed": None}


def test_a_number_given_twice_in_two_forms_is_one(phone: Any) -> None:
    assert phone.assign("050 123 45 67; +380501234567") == {
        "phone": ["+380501234567"],
        "phone_typed": ["050 123 45 67"],
    }


@pytest.mark.parametrize("typed", ["12345", "+7 999 12", "555-1234 после обеда", "00 00 000"])
def test_five_digits_that_are_no_valid_number_are_kept_as_typed(single: Any, typed: str) -> None:
    assert single.parse(typed) == typed


@pytest.mark.parametrize("typed", ["12345", "555-1234", "+7999123456789"])
def test_an_invalid_number_never_makes_two_records_one(single: Any, typed: str) -> None:
    assert single.match_key(typed) is None


def test_a_valid_number_finds_duplicates(single: Any) -> None:
    assert single.match_key("050 123 45 67") == "+380501234567"


@pytest.mark.parametrize("wrong", ["1234", "нет", "-", "1" * 251, "12345\0", "12345\udcff"])
def test_what_is_no_number_is_refused(single: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        single.parse(wrong)


@pytest.mark.parametrize(("operator", "text"), [("=", "(050) 123-45-67"), ("~", "123-45"), ("~", "050")])
def test_numbers_are_found_however_typed(single: Any, operator: str, text: str) -> None:
    assert single.holds(operator, text, "+380501234567")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="+0123456789 ()-.доб'", min_size=5, max_size=20))
def test_a_shown_number_reads_back(single: Any, typed: str) -> None:
    try:
        value = single.parse(typed)
    except BadValue:
        return
    assert single.again(value) == value


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(r"\A(\+380|0|8 0)(50|67|44)[0-9]{5,8}\Z"), max_size=4))
def test_what_was_typed_stands_at_the_place_of_its_number(phone: Any, typed: list[str]) -> None:
    written = phone.assign(typed)
    numbers, forms = written["phone"] or [], written["phone_typed"] or written["phone"] or []
    assert [phone.parse([form]) for form in forms] == [[number] for number in numbers]


@pytest.mark.skipif(not NUMBERS.is_file(), reason=f"{NUMBERS} is not there")
def test_numbers_as_people_type_them_are_read_as_libphonenumber_reads_them(
    read: Any, conventions: Any
) -> None:
    with NUMBERS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = {}
    for row in rows:
        there = read(
            "phone", conventions=msgspec.structs.replace(conventions, phone_region=row["default_region"])
        )
        expected = row["libphonenumber_e164"] or row["raw"]
        if there.parse(row["raw"]) != expected:
            wrong[row["raw"]] = there.parse(row["raw"])
    assert rows
    assert wrong == {}

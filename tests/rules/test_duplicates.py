"""Match rules, tried in order, tell when two records are one."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.model.configuration import MatchRules
from crmctl.model.records import RecordType
from crmctl.rules.duplicates import Match, Matcher

ANNA = {
    "first_name": "Анна",
    "last_name": "Коваль",
    "email": ["Anna@example.com"],
    "phone": ["+380501234567"],
}
OLEG = {"first_name": "Олег", "last_name": "Бойко", "email": ["oleg@example.com"], "phone": ["+380671234567"]}


@pytest.fixture
def matcher(house: Any) -> Matcher:
    found = Matcher(RecordType.CONTACT, house.configuration)
    found.add("C-1", ANNA)
    found.add("C-2", OLEG)
    return found


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"email": ["ANNA@EXAMPLE.com"]}, ("email",)),
        ({"phone": ["+380501234567"]}, ("phone",)),
        ({"first_name": "АННА", "last_name": " коваль"}, ("last_name", "first_name")),
        ({"email": ["other@example.com", "anna@example.com"]}, ("email",)),
    ],
)
def test_a_record_is_found_by_the_first_rule_that_finds_one(
    matcher: Matcher, values: Mapping[str, Any], fields: tuple[str, ...]
) -> None:
    assert matcher.find(values) == Match(("C-1",), fields)


def test_an_earlier_rule_goes_before_a_later_one(matcher: Matcher) -> None:
    found = matcher.find({"email": ["oleg@example.com"], "phone": ["+380501234567"]})
    assert found == Match(("C-2",), ("email",))


@pytest.mark.parametrize(
    "values", [{}, {"first_name": "Анна"}, {"email": ["x@example.com"]}, {"email": None, "phone": []}]
)
def test_a_rule_needs_all_its_fields(matcher: Matcher, values: Mapping[str, Any]) -> None:
    assert matcher.find(values) == Match()


def test_several_records_found_by_one_rule_are_ambiguous(matcher: Matcher) -> None:
    matcher.add("C-3", {"email": ["anna@example.com"]})
    found = matcher.find({"email": ["anna@example.com"]})
    assert (found.ambiguous, found.ids) == (True, ("C-1", "C-3"))


def test_several_values_that_find_several_records_are_ambiguous(matcher: Matcher) -> None:
    assert matcher.find({"email": ["anna@example.com", "oleg@example.com"]}).ambiguous


def test_a_record_told_of_twice_is_one(matcher: Matcher) -> None:
    matcher.add("C-1", {**ANNA, "email": ["anna@example.com", "a.koval@example.com"]})
    assert matcher.find({"email": ["anna@example.com"]}).ids == ("C-1",)


@pytest.mark.parametrize("phone", ["+380999999999", "12345", "+7999123456789"])
def test_ignored_and_invalid_numbers_never_match(matcher: Matcher, phone: str) -> None:
    matcher.add("C-3", {"phone": [phone]})
    assert matcher.find({"phone": [phone]}) == Match()


def test_names_match_whether_with_dots_or_without(house: Any) -> None:
    matcher = Matcher(RecordType.CONTACT, house.configuration, (("last_name",),))
    matcher.add("C-1", {"last_name": "Королёв"})
    assert matcher.find({"last_name": "КОРОЛЕВ"}).ids == ("C-1",)


def test_ignored_numbers_are_compared_as_numbers(house: Any) -> None:
    ignoring = house.like(match=MatchRules({"company": (("employees",),)}, {"employees": ("1",)}))
    matcher = Matcher(RecordType.COMPANY, ignoring.configuration)
    for number, employees in enumerate((0, 1, 5), 1):
        matcher.add(f"O-{number}", {"employees": employees})
    assert [matcher.find({"employees": count}).ids for count in (0, 1, 5)] == [("O-1",), (), ("O-3",)]


@pytest.mark.parametrize(
    ("name", "old"), [("annual_revenue", "lots"), ("employees", "many"), ("origin_lead", "x")]
)
def test_values_from_before_a_field_changed_its_type_match_nothing(house: Any, name: str, old: str) -> None:
    matcher = Matcher(RecordType.COMPANY, house.configuration, ((name,),))
    matcher.add("O-1", {name: old})
    assert matcher.find({name: old}) == Match()


def test_without_rules_nothing_matches(house: Any) -> None:
    matcher = Matcher(RecordType.PRODUCT, house.configuration)
    matcher.add("P-1", {"title": "Acme"})
    assert matcher.find({"title": "Acme"}) == Match()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a@x.co", "b@x.co", "C@x.co", "c@x.co"]), max_size=3), max_size=6))
def test_a_record_finds_exactly_those_that_share_a_value(house: Any, known: list[list[str]]) -> None:
    matcher = Matcher(RecordType.CONTACT, house.configuration)
    for number, emails in enumerate(known, 1):
        matcher.add(f"C-{number}", {"email": emails})
    for emails in known:
        wanted = {email.lower() for email in emails}
        sharing = {
            f"C-{at}" for at, other in enumerate(known, 1) if wanted & {email.lower() for email in other}
        }
        assert set(matcher.find({"email": emails}).ids) == sharing


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["ё@x.co", "Е@x.co", "a@x.co", " A@x.co", "b@x.co"]), max_size=3),
    st.lists(st.sampled_from(["ё@x.co", "Е@x.co", "a@x.co", " A@x.co", "b@x.co"]), max_size=3),
)
def test_what_matches_is_alike(house: Any, known: list[str], sought: list[str]) -> None:
    matcher = Matcher(RecordType.CONTACT, house.configuration)
    matcher.add("C-1", {"email": known})
    matches = bool(matcher.find({"email": sought}).ids)
    assert matcher.alike("email", [sought])(known) == matches


def test_a_value_that_cannot_be_compared_may_be_alike_and_still_matches_nothing(house: Any) -> None:
    matcher = Matcher(RecordType.COMPANY, house.configuration, (("annual_revenue",),))
    assert matcher.alike("annual_revenue", ["lots", "5 UAH"])("many")

"""E-mail addresses are kept as written with an ASCII domain, and compared without regard to case."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def email(read: Any) -> Any:
    return read("email")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("anna@example.com", "anna@example.com"),
        (" Anna.Koval+shop@Example.COM ", "Anna.Koval+shop@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("<anna@example.com>", "anna@example.com"),
        ("'anna@example.com", "anna@example.com"),
        ("анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"),
        ("an\u200bna@exam\u00adple.com", "anna@example.com"),
        ("o'brien@example.co.uk", "o'brien@example.co.uk"),
    ],
)
def test_an_address_is_read(email: Any, typed: str, kept: str) -> None:
    assert email.parse(typed) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        *("anna", "anna@", "@example.com", "anna@example", "a b@example.com", "anna@@example.com"),
        *(".anna@example.com", "anna.@example.com", "an..na@example.com", "anna@-example.com"),
        *("anna@exa_mple.com", "anna@example..com", "anna@example.com, oleg@example.com"),
        *("Anna <anna@example.com>", "a" * 65 + "@example.com", "anna@" + "x" * 64 + ".com"),
        *("anna@" + "я" * 50_000 + ".рф", "an\x1bna@example.com", "an\x9bna@example.com", "a\0@example.com"),
        *("an\u200dna@example.com", "an\udcffna@example.com"),
    ],
)
def test_what_is_no_address_is_refused(email: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        email.parse(wrong)


@pytest.mark.parametrize(
    ("one", "other"), [("Anna@Example.com", "anna@example.COM"), ("а@ПРИМЕР.рф", "А@пример.рф")]
)
def test_addresses_compare_without_regard_to_case(email: Any, one: str, other: str) -> None:
    assert email.match_key(one) == email.match_key(other)


def test_look_alike_addresses_are_not_one(email: Any) -> None:
    assert email.match_key("anna@example.com") != email.match_key("аnna@example.com")


@settings(max_examples=200, deadline=None)
@given(st.emails() | st.text(alphabet="aя.@-'<+ß", max_size=15))
def test_a_shown_address_reads_back(email: Any, typed: str) -> None:
    try:
        value = email.parse(typed)
    except BadValue:
        return
    assert email.again(value) == value


@pytest.mark.parametrize(
    "typed", ["a" * 65 + "@example.com", "anna@" + "b" * 64 + ".com", "anna.@example.com"]
)
def test_plain_letters_do_not_make_an_address(email: Any, typed: str) -> None:
    with pytest.raises(BadValue):
        email.parse(typed)

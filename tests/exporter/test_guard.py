import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.guard import escape, escape_quoted, unescape

SIGNS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
NASTY = st.text(alphabet="'" + SIGNS + "1 (.,;)\nA", max_size=8) | st.text(max_size=20)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert escape(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "-1000.50",
        "+1 000,5",
        "-1e5",
        "+380501234567",
        "+7 (900) 123-45-67",
        "+380501234567; +380671234567",
        "+380501234567 ::: +380671234567",
        "+380501234567,+380671234567",
        "+7 (900) 123-45-67, +1 212-555-0142, -5",
    ],
)
def test_numbers_and_phones_stay_as_they_are(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    "text", ["-5+A1", "+1+cmd|x", "-", "+A1", "-2; =1", "@sum", "+380501234567; =1", "+38050 ::: =1", "+1,A1"]
)
def test_what_only_begins_like_a_number_is_guarded(text: str) -> None:
    assert escape(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Acme", "'quoted'", "it's", " =1", "5", "''", "'"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert escape(text) == escape_quoted(text) == unescape(text) == text


def test_a_cell_that_looks_guarded_gets_one_apostrophe_more() -> None:
    assert escape("'=1") == escape_quoted("'=1") == "''=1"
    assert escape("''=1") == "'''=1"


@given(NASTY)
def test_taking_the_guard_off_gives_back_every_string(text: str) -> None:
    assert unescape(escape(text)) == text


@given(NASTY)
def test_an_unguarded_cell_is_read_back_as_it_was(text: str) -> None:
    assert unescape(escape_quoted(text)) == text


@given(NASTY)
def test_a_guarded_cell_is_never_a_formula(text: str) -> None:
    guarded = escape(text)

    assert not guarded.startswith(tuple(SIGNS)) or set(guarded) <= set("+-0123456789 .,:();eE\u00a0\u202f")

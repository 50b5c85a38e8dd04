"""Text is compared without regard to case, composition, ё and what cannot be seen; and shown safely."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.text import (
    close_names,
    did_you_mean,
    fold,
    is_blank,
    name_key,
    nfc,
    plural,
    strip_invisible,
    visible,
)

_ANY = st.text(max_size=30)
_MARKED = st.text(alphabet="еёЁеИи ПSsßΣςİı\u0308\u0301\u0323\u0345\u200d\u200b\u00ad", max_size=12)


@settings(max_examples=200)
@given(_ANY | _MARKED)
@example("ё\u0308")
@example("İ")
@example("ё\u200d\u0308\u0308")
def test_folding_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=200)
@given(_ANY | _MARKED)
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@settings(max_examples=100)
@given(_ANY | _MARKED)
def test_composition_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Пётр", "ПЕТР"),
        ("Пе\u0308тр", "петр"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("И\u0306ОД", "йод"),
        ("ﬁrma", "firma"),
        ("Анна\u200b", "анна"),
        ("ан\u200dна", "анна"),
        ("ан\u00adна", "анна"),
        ("\u202eанна", "анна"),
    ],
)
def test_what_looks_the_same_compares_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("И", "Й"), ("Анна", "Aнна"), ("е", "э")])
def test_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_stack_of_marks_is_folded_in_no_time() -> None:
    assert fold("ё" + "\u0308" * 50_000) == "е"


@pytest.mark.parametrize("header", ["  Название  сделки ", "название\u00a0сделки", "НАЗВАНИЕ\tСДЕЛКИ"])
def test_headers_are_compared_without_regard_to_white_space(header: str) -> None:
    assert name_key(header) == "название сделки"


def test_text_is_stored_composed() -> None:
    assert nfc("И\u0306од") == "Йод"


def test_stored_text_keeps_its_letters() -> None:
    assert nfc("Пётр") == "Пётр"


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u061c", "\u2060"])
def test_marks_that_cannot_be_seen_are_stripped(mark: str) -> None:
    assert strip_invisible(f"ан{mark}на") == "анна"


def test_joiners_that_emoji_need_stay() -> None:
    assert strip_invisible("👩\u200d💻") == "👩\u200d💻"


@pytest.mark.parametrize("text", ["", " \t\n", "\u00a0", "\u200b", " \u200d\ufeff ", "\u3164", "\u2800"])
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", " x ", "ё", "👩\u200d💻", "\u0000"])
def test_text_that_shows_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "^[[31mred"),
        ("bell\x07", "bell^G"),
        ("del\x7f", "del^?"),
        ("c1\x9b", "c1\\u009b"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\ufefftext", "\\ufefftext"),
        ("one\rtwo", "one^Mtwo"),
        ("Пётр — 5 ₴", "Пётр — 5 ₴"),
    ],
)
def test_controls_are_shown_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_tabs_and_newlines_become_spaces_in_a_cell() -> None:
    assert visible("one\ntwo\tthree") == "one two three"


def test_tabs_and_newlines_stay_in_detail_views() -> None:
    assert visible("one\ntwo\tthree", multiline=True) == "one\ntwo\tthree"


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=20))
def test_shown_text_never_holds_a_control(text: str) -> None:
    assert not [char for char in visible(text) if unicodedata.category(char) in {"Cc", "Cs"}]


def test_close_names_come_best_first() -> None:
    assert close_names("ammount", ["amount", "account", "title"])[0] == "amount"


def test_names_are_close_whatever_their_case() -> None:
    assert did_you_mean("NOVAYA", ["novaya"]) == 'did you mean "novaya"?'


def test_nothing_is_suggested_where_nothing_is_close() -> None:
    assert did_you_mean("xyz", ["amount"]) is None


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 row"), (2, "2 rows"), (0, "0 rows"), (8000, "8,000 rows")]
)
def test_counts_are_told_with_their_noun(count: int, told: str) -> None:
    assert plural(count, "row") == told


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert plural(2, "company", "companies") == "2 companies"


@pytest.mark.parametrize("unseen", ["\u115f", "\u3164", "\uffa0", "\u200b", "\u00ad", "\u2800"])
def test_letters_that_show_nothing_are_blank_like_white_space(unseen: str) -> None:
    assert is_blank(unseen)
    assert is_blank(f" {unseen} ")
    assert not is_blank(f"{unseen}a")


def test_any_white_space_in_a_name_is_one_space() -> None:
    assert name_key("  Deal\u00a0\t\n\x1c stage\u2003") == "deal stage"


@pytest.mark.parametrize("code", [0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x202E, 0x2060, 0x2066, 0xFEFF])
def test_marks_without_width_are_dropped_among_any_letters(code: int) -> None:
    assert strip_invisible(f"Ан{chr(code)}на") == "Анна"

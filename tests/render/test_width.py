import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcwidth

from crmctl.render.width import _NARROW, clip, display_width, head, pad, wrap
from crmctl.text import visible

FAMILY = "👨‍👩‍👧"
TEXT = st.text(st.one_of(st.characters(), st.sampled_from("абв 日本👨‍👩‍👧🇺🇦é\u0301\u200d")), max_size=60).map(
    visible
)


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("Сделка №5 — «Утро»", 18), ("日本", 4), (FAMILY, 2), ("🇺🇦", 2), ("e\u0301", 1), ("", 0)],
)
def test_width_is_counted_in_columns(text, width):
    assert display_width(text) == width


def test_every_character_taken_for_narrow_is_one_column_wide():
    assert [chr(c) for c in range(sys.maxunicode) if _NARROW.fullmatch(chr(c)) and wcwidth(chr(c)) != 1] == []


def test_text_that_fits_is_not_clipped():
    assert clip("Отправка", 8) == "Отправка"


def test_clipped_text_ends_in_an_ellipsis_at_the_width():
    assert clip("Передан на отправку", 8) == "Передан…"


def test_a_wide_character_is_never_halved():
    assert clip("日本語", 4) == "日…"


def test_a_family_of_joined_characters_stays_together():
    assert clip(FAMILY * 3, 5) == FAMILY * 2 + "…"


def test_a_width_below_the_ellipsis_leaves_a_part_of_it():
    assert clip("abcdef", 2, "...") == ".."


@given(TEXT, st.integers(1, 30), st.sampled_from(["…", "..."]))
def test_clipped_text_is_never_wider_than_asked(text, width, ellipsis):
    assert display_width(clip(text, width, ellipsis)) <= width


def test_a_mark_that_stands_apart_is_measured_with_what_is_before_it():
    text = "000\\u0080\u1087"
    assert display_width(head(text, 9)) <= 9
    assert all(display_width(line) <= 9 for line in wrap(text, 9))


@given(TEXT, st.integers(0, 30))
def test_a_head_is_the_beginning_and_fits(text, width):
    taken = head(text, width)
    assert text.startswith(taken)
    assert display_width(taken) <= width


def test_padding_counts_columns_not_characters():
    assert pad("日本", 6) == "日本  "


def test_wrapping_breaks_between_words():
    assert wrap("Связаться с клиентом завтра", 12) == ["Связаться с", "клиентом", "завтра"]


def test_wrapping_keeps_the_lines_there_are():
    assert wrap("one\r\n\ntwo", 20) == ["one", "", "two"]


def test_a_word_longer_than_the_line_is_broken():
    assert wrap("см. http://example.com/long", 10) == ["см.", "http://exa", "mple.com/l", "ong"]


def test_without_a_width_nothing_is_wrapped():
    assert wrap("x" * 500, None) == ["x" * 500]


@settings(max_examples=60)
@given(TEXT, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_space(text, width):
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())

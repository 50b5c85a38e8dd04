"""What a search passes over undecoded holds nothing of what is searched for."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.model.records import Record, Value
from crmctl.query.prefilter import MARKS, folds_by_case, words_prefilter
from crmctl.query.text import text_prefilter, text_test
from crmctl.text import fold

Ask = Any

WORDS = "Коваль КОВАЛЬ алёна Алена Ё ﬁne fine №5 no5 «Чай» чай ² 2 é İ i K k … ... website Сайт title L-7 l-7 lead/7"
PIECES = st.sampled_from(
    [
        *WORDS.split(),
        *("a\u200bb", "ab", "e\u0301", '"', "\\", "\u00a0", " "),
        *("+380501234567", "050 123 45 67", "(050) 123-45-67", "12-34-56", "12345", "12 34", "٣٤"),
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=3).map("".join) | st.text(max_size=6)
RECORDS = st.fixed_dictionaries(
    {"id": st.integers(1, 99).map("L-{}".format)},
    optional={
        "title": TEXTS,
        "comment": TEXTS,
        "company_name": TEXTS,
        "phone": st.lists(TEXTS, min_size=1, max_size=2),
        "source": st.sampled_from(["website", "call", "Веб-сайт"]),
        "tags": st.lists(TEXTS, min_size=1, max_size=2),
    },
)


def encoded(values: dict[str, Value]) -> bytes:
    return msgspec.json.encode(values)


@settings(max_examples=600, deadline=None)
@given(values=RECORDS, other=RECORDS, text=TEXTS.filter(str.strip))
@example(values={"id": "L-7"}, other={"id": "L-8"}, text="lead/7")
@example(values={"id": "L-1", "phone": ["+380501234567"]}, other={"id": "L-8"}, text="050 123 45 67")
@example(values={"id": "L-1", "phone": ["+380501234567"]}, other={"id": "L-8"}, text="23 45")
@example(values={"id": "L-1", "phone": ["+380501234567"]}, other={"id": "L-8"}, text="123-4")
@example(values={"id": "L-1", "title": "ﬁne"}, other={"id": "L-8"}, text="fine")
@example(values={"id": "L-1", "title": "a\u200bb"}, other={"id": "L-8"}, text="ab")
@example(values={"id": "L-1", "title": "a\t\u0308b"}, other={"id": "L-8"}, text="\u0308b")
@example(values={"id": "L-1", "title": "a\x1f\u0307b"}, other={"id": "L-8"}, text="\u0307b")
@example(values={"id": "L-1", "title": "é C:\\tail"}, other={"id": "L-8"}, text="tail é")
@example(values={"id": "L-1", "title": 'a"b'}, other={"id": "L-8"}, text='a"b')
@example(values={"id": "L-1", "title": "Алёна"}, other={"id": "L-8"}, text="алена")
def test_no_record_that_holds_a_text_is_passed_over(
    leads: Ask, values: dict[str, Value], other: dict[str, Value], text: str
) -> None:
    fields, conventions = leads.scope.fields, leads.scope.conventions
    if not text_test(text, fields, conventions)(Record(values)):
        return
    may_hold = text_prefilter(text, fields, conventions)
    if may_hold:
        assert may_hold(encoded(values))
        assert may_hold(encoded(other) + b"\n" + encoded(values))
        assert may_hold(encoded(values) + b"\n" + encoded(other))


@pytest.mark.parametrize(
    ("text", "passed_over"),
    [
        ("L-7", {"id": "L-17", "title": "Коваль"}),
        ("коваль", {"id": "L-7", "title": "Иванов «Чай»"}),
        ("fine", {"id": "L-7", "title": "nefi"}),
        ("050 123 45 67", {"id": "L-7", "phone": ["+380507654321"]}),
        ("23-45", {"id": "L-7", "phone": ["+380507654321"]}),
    ],
)
def test_a_record_that_holds_nothing_of_a_text_is_passed_over(
    leads: Ask, text: str, passed_over: dict[str, Value]
) -> None:
    may_hold = text_prefilter(text, leads.scope.fields, leads.scope.conventions)
    assert may_hold
    assert not may_hold(encoded(passed_over))


def test_what_may_mean_the_entry_of_a_list_is_looked_for_everywhere(leads: Ask) -> None:
    assert text_prefilter("Сайт", leads.scope.fields, leads.scope.conventions) is None


def test_words_that_json_writes_in_another_way_are_looked_for_everywhere() -> None:
    assert words_prefilter(['a"b']) is None
    assert words_prefilter(["a\\b"]) is None
    assert words_prefilter(["a\x08b"]) is None


def test_folding_does_no_more_to_this_alphabet_than_its_case() -> None:
    letters = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0x400, 0x480)), *MARKS]
    assert [each for each in letters if not folds_by_case(each.encode())] == []
    assert [each for each in letters if fold(each) != each.lower().replace("ё", "е")] == []
    assert folds_by_case("".join(letters).encode())


@pytest.mark.parametrize("other", ["é", "ﬁ", "№", "\u200b", "\u0301", "²", "ß", "А\u0306"])
def test_of_other_letters_and_marks_it_does_more(other: str) -> None:
    assert not folds_by_case(f"Чай «{other}»".encode())

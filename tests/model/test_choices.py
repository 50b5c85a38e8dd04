"""What people name by id, title or alias."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices

CHOICES = Choices(
    "source",
    (Choice("website", "Сайт", ("CRM-форма", "")), Choice("call"), Choice("сайт", "Call")),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WebSite", "website"),
        ("crm-ФОРМА", "website"),
        ("call", "call"),
        ("Сайт", "сайт"),
        ("\u200bcall", "call"),
    ],
)
def test_ids_go_before_titles_and_titles_before_aliases(text: str, found: str) -> None:
    assert CHOICES.find(text).id == found


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b"])
def test_blank_text_names_nothing_though_some_have_no_title(blank: str) -> None:
    assert CHOICES.get(blank) is None


def test_a_miss_lists_every_value_where_there_are_twenty() -> None:
    twenty = Choices("stage", tuple(Choice(f"s{number}") for number in range(20)))
    with pytest.raises(BadValue) as refused:
        twenty.find("x")
    assert refused.value.hint == "one of: " + ", ".join(f"s{number}" for number in range(20))


def test_a_miss_in_another_script_lists_the_titles() -> None:
    few = Choices("reason", (Choice("spam", "Спам"), Choice("garbage", "Мусор"), Choice("x1")))
    with pytest.raises(BadValue) as refused:
        few.find("спамм")
    assert refused.value.hint == "one of: Спам, Мусор, x1"


def test_a_miss_names_the_close_values_where_there_are_more() -> None:
    many = Choices("stage", (*(Choice(f"s{number}") for number in range(20)), Choice("shipping", "Отправка")))
    with pytest.raises(BadValue) as refused:
        many.find("отправко")
    assert refused.value.hint == 'did you mean "Отправка"?'


def test_a_miss_where_there_is_nothing_to_choose_has_no_hint() -> None:
    with pytest.raises(BadValue) as refused:
        Choices("stage", ()).find("x")
    assert refused.value.hint is None


@settings(max_examples=50)
@given(st.lists(st.text(min_size=1, max_size=6), unique=True, min_size=1, max_size=6))
def test_every_id_finds_some_choice_of_its_key(names: list[str]) -> None:
    choices = Choices("value", tuple(Choice(name) for name in names))
    for name in names:
        found = choices.get(name)
        assert found is None or choices.find(found.id) == found


def test_places_follow_the_order_of_declaration() -> None:
    assert CHOICES.places == {"website": 0, "call": 1, "сайт": 2}

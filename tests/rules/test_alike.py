"""Names of one person and of one company, however they are written; and of two, however alike they look."""

import pytest

from crmctl.model.records import Record
from crmctl.rules.alike import company_key, name_words, names_agree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иван Петров", "ПЕТРОВ ИВАН"),
        ("Пётр Ёлкин", "Петр Елкин"),
        ("Петров И.", "Иван Петров"),
        ("Петров И. С.", "Иван Сергеевич Петров"),
        ("Иван", "Иван Петров"),
        ("", "Иван Петров"),
        ("Анна  Терентьева-Харитонова", "терентьева харитонова анна"),
    ],
)
def test_names_of_one_agree(one: str, other: str) -> None:
    assert names_agree(words(one), words(other))
    assert names_agree(words(other), words(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иван Петров", "Ivan Petrov"),
        ("Иван Петров", "Пётр Петров"),
        ("Иван Петров", "Анна Сидорова"),
        ("Иван Иван", "Иван Петров"),
        ("Петров И.", "Петров Олег"),
    ],
)
def test_names_of_two_differ(one: str, other: str) -> None:
    assert not names_agree(words(one), words(other))
    assert not names_agree(words(other), words(one))


@pytest.mark.parametrize(
    "title", ["ООО «Ромашка»", 'ооо "РОМАШКА"', "Ромашка, ООО", "Ромашка", "ромашка  ltd.", "Ромашка GmbH"]
)
def test_a_company_is_known_without_its_legal_form(title: str) -> None:
    assert company_key(title) == "ромашка"


@pytest.mark.parametrize("title", ["Ромашка Плюс", "Romashka", "Рома шка"])
def test_another_name_is_another_company(title: str) -> None:
    assert company_key(title) != "ромашка"


def test_a_name_of_nothing_but_legal_forms_is_one() -> None:
    assert company_key("АО") == "ао"


def words(name: str) -> list[str]:
    return name_words(Record({"id": "C-1", "record": "contact", "title": name}))

from typing import Any

import pytest

from crmctl.model.records import Record, Value
from crmctl.query.text import text_test

Ask = Any

LEAD: dict[str, Value] = {
    "id": "L-42",
    "record": "lead",
    "pipeline": "leads",
    "stage": "contact",
    "title": "Пётр Иванов",
    "company_name": "ООО «Чай»",
    "comment": "перезвонить\nв среду",
    "phone": ["+380501234567", "12-34-56"],
    "phone_typed": ["8 (050) 123-45-67", "12-34-56"],
    "email": ["anna@xn--80a1acny.com"],
    "source": "website",
    "tags": ["vip"],
    "owner": "anna",
    "created_by": "cron",
}

FOUND = [
    "иванов",
    "ИВАНОВ петр",
    "  чай   среду ",
    "vip иванов",
    "+380501234567",
    "(050) 123-45-67",
    "050 1234567",
    "8-050-123-45-67",
    "123-45",
    "123456",
    "12 34 56",
    "anna@почта.com",
    "mailto:ANNA@почта.com",
    "Сайт",
    "website",
    "L-42",
    "l-42",
    "lead/42",
]
NOT_FOUND = ["петров", "иванов сидоров", "L-4", "(067) 765-43-21", "99-99", "cron", "contact", "deal", "oleg"]


@pytest.mark.parametrize("text", FOUND)
def test_a_text_is_found_wherever_and_however_it_stands(leads: Ask, text: str) -> None:
    fields = leads.scope.fields
    assert text_test(text, fields, leads.scope.conventions)(Record(LEAD))
    assert leads.holds('"' + text + '"', LEAD)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_is_not_there_is_not_found(leads: Ask, text: str) -> None:
    assert not leads.holds('"' + text + '"', LEAD)


def test_words_do_not_run_on_from_one_field_to_the_next(leads: Ask) -> None:
    assert not leads.holds('"АБ"', {"id": "L-1", "title": "А", "name": "Б"})


def test_digits_do_not_run_on_from_one_phone_to_the_next(leads: Ask) -> None:
    assert not leads.holds('"11-22"', {"id": "L-1", "phone": ["+380501234511", "+22050123456"]})


def test_an_empty_record_holds_no_text(leads: Ask) -> None:
    assert not leads.holds('"x"', {"id": "L-1"})


def test_a_search_is_a_condition_like_any_other(leads: Ask) -> None:
    assert leads.holds('"иванов" and source = website and not "петров"', LEAD)

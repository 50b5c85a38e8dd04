from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.records import Value

Ask = Any
Row = dict[str, Value]

DEAL: Row = {
    "id": "D-42",
    "record": "deal",
    "title": "Поставка  чая в «Ёлку»",
    "pipeline": "wholesale",
    "stage": "order",
    "amount": "1200.50",
    "currency": "UAH",
    "cost": "300.00 USD",
    "owner": "anna",
    "tags": ["vip", "Север"],
    "source": "website",
    "units": 0,
    "discount": 2.5,
    "urgent": False,
    "close_date": "2026-11-30",
    "visit_date": "2026-11-21",
    "created_at": "2026-11-20T22:30:00+00:00",
    "created_by": "anna",
    "updated_by": "cron",
    "contact": "C-7",
    "revision": 3,
}
LEAD: Row = {
    "id": "L-1",
    "record": "lead",
    "title": "Звонок",
    "phone": ["+380501234567", "12-34-56"],
    "email": ["Anna@example.com"],
}

HOLDS = [
    # Text is compared without regard to case, ё or runs of white space.
    "title = 'поставка чая в «елку»'",
    "title ~ ЧАЯ",
    "title !~ кофе",
    "title != чай",
    # Lists by id, title or alias; users too.
    "source = website",
    "source = Сайт",
    "source = веб-сайт",
    "source != call",
    "source in (call, Сайт)",
    "source not in (call, instagram)",
    "source ~ сай",
    "source ~ web",
    "owner = me",
    "owner = 'Анна Коваль'",
    "owner != oleg",
    # Stages by id, title or alias, in any pipeline.
    "stage = order",
    "stage = 'формирование заказа'",
    "stage in (order, 'Передано на отправку')",
    "stage != new",
    "stage ~ заказ",
    "stage ~ ord",
    "pipeline = Опт",
    # Many values: any of them.
    "tags has vip",
    "tags = VIP",
    "tags has север",
    "tags in (a, vip)",
    "tags ~ сев",
    # Amounts.
    "amount = 1200.50",
    "amount >= 1.2k",
    "amount < 10k",
    "amount < 10k UAH",
    "amount between 1k and 1200.50",
    "amount != 5",
    "amount in (1, 1200.50)",
    "cost > 200 USD",
    "cost = '$300'",
    # Numbers, dates, flags of yes and no: 0 and false are values.
    "units = 0",
    "units is not empty",
    "units <= 0",
    "discount between 2 and 2.5",
    "urgent = false",
    "urgent = нет",
    "urgent is not empty",
    # Dates: a day without a time is the whole local day; months and quarters are whole too.
    "close_date = 2026-11",
    "close_date = 2026-Q4",
    "close_date > today",
    "close_date <= eom",
    "close_date between today and +2w",
    "visit_date = today",
    "visit_date >= today",
    "visit_date in (yesterday, today)",
    "created_at = 2026-11-21",
    "created_at = today",
    "created_at >= -7d",
    "created_at > 2026-11-20",
    "created_at > '2026-11-21 00:15'",
    "created_at < 2026-11-21 00:31",
    "created_at = 2026-11-21 00:30",
    # References and ids.
    "contact = c-7",
    "id = D-42",
    "id in (D-1, D-42)",
    "id < D-100",
    # Who did it may be nobody the configuration knows.
    "created_by = me",
    "updated_by = cron",
    # Nothing there.
    "comment is empty",
    "company is empty",
    "title is not empty",
]


@pytest.mark.parametrize("text", HOLDS)
def test_a_condition_holds_and_its_negation_does_not(deals: Ask, text: str) -> None:
    assert deals.holds(text, DEAL)
    assert not deals.holds(f"not ({text})", DEAL)


FAILS = [
    "title = поставка",
    "source = call",
    "source != website",
    "owner != me",
    "stage = new",
    "stage not in (order, won)",
    "pipeline = retail",
    "tags has ви",
    "tags != vip",
    "tags not in (vip)",
    "tags !~ vip",
    "amount > 1200.50",
    "amount = 1200.50 USD",
    "amount != 1200.50",
    "amount between 2k and 1k",
    "cost > 200",
    "units is empty",
    "urgent = true",
    "close_date < today",
    "close_date > 2026-11",
    "created_at = yesterday",
    "created_at < today",
    "updated_by = me",
    "created_by = 'me'",
]


@pytest.mark.parametrize("text", FAILS)
def test_a_condition_does_not_hold(deals: Ask, text: str) -> None:
    assert not deals.holds(text, DEAL)


@pytest.mark.parametrize(
    "text",
    [
        'phone = "(050) 123-45-67"',
        "phone = +380501234567",
        "phone = 80501234567",
        "phone ~ 123-45",
        "phone ~ 3456",
        "phone in ('050 1234567')",
        "phone != 0671234567",
        "email = ANNA@EXAMPLE.COM",
        "email ~ example",
    ],
)
def test_phones_and_e_mails_compare_however_typed(leads: Ask, text: str) -> None:
    assert leads.holds(text, LEAD)


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">=", "~", "!~"])
def test_an_empty_field_matches_no_comparison(deals: Ask, operator: str) -> None:
    assert not deals.holds(f"comment {operator} x", DEAL)


@pytest.mark.parametrize(
    "text", ["tags has x", "tags != x", "source not in (call)", "amount between 1 and 2"]
)
def test_an_empty_field_matches_only_is_empty(deals: Ask, text: str) -> None:
    assert not deals.holds(text, {"id": "D-1"})
    assert deals.holds("tags is empty", {"id": "D-1", "tags": []})


def test_one_title_may_name_stages_of_several_pipelines(deals: Ask) -> None:
    rows: list[Row] = [
        {"id": "D-1", "pipeline": "wholesale", "stage": "new"},
        {"id": "D-2", "pipeline": "retail", "stage": "new"},
        {"id": "D-3", "pipeline": "retail", "stage": "paid"},
    ]
    assert deals.found("stage = new", rows) == ["D-1", "D-2"]
    assert deals.found("stage = 'Новый заказ'", rows) == ["D-2"]


def test_records_still_on_an_archived_stage_are_found(deals: Ask) -> None:
    bound = deals.bound("stage = visit", archived=(("wholesale", "visit"),))
    passes = bound.predicate(lambda name: lambda row: row.get(name), None)
    assert passes({"pipeline": "wholesale", "stage": "visit"})
    assert not passes({"pipeline": "wholesale", "stage": "order"})


def test_a_many_valued_field_between_needs_one_value_within(leads: Ask) -> None:
    lead: Row = {"id": "L-1", "messenger": ["a", "z"]}
    assert not leads.holds("messenger between b and y", lead)
    assert leads.holds("messenger between b and zz", lead)


_CONDITIONS = st.sampled_from(
    [
        "open",
        "won",
        "unassigned",
        "title ~ a",
        "title != b",
        "amount >= 10",
        "amount != 10",
        "tags has a",
        "tags != a",
        "tags is empty",
        "units in (0, 1)",
        "close_date < today",
        "close_date is not empty",
    ]
)
_ROWS = st.fixed_dictionaries(
    {"id": st.just("D-1"), "pipeline": st.just("wholesale")},
    optional={
        "stage": st.sampled_from(["new", "won", "gone"]),
        "owner": st.just("anna"),
        "title": st.sampled_from(["a", "b", "ab"]),
        "amount": st.sampled_from(["5.00", "10.00", "20.00"]),
        "currency": st.sampled_from(["UAH", "USD"]),
        "tags": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
        "units": st.integers(0, 2),
        "close_date": st.dates().map(str),
    },
)


@given(_CONDITIONS, _CONDITIONS, _ROWS)
def test_not_spreads_over_and_and_or_as_de_morgan_says(deals: Ask, first: str, second: str, row: Row) -> None:
    def holds(text: str) -> bool:
        return bool(deals.holds(text, row))

    assert holds(f"not ({first} and {second})") is holds(f"not {first} or not {second}")
    assert holds(f"not ({first} or {second})") is holds(f"not {first} and not {second}")
    assert holds(f"not not {first}") is holds(first)
    assert holds(f"{first} and {second}") is (holds(first) and holds(second))
    assert holds(f"{first} or {second}") is (holds(first) or holds(second))


@given(_ROWS, st.sampled_from(["title", "tags", "amount", "units", "close_date"]))
def test_a_value_is_equal_or_unequal_unless_there_is_none(deals: Ask, row: Row, field: str) -> None:
    value = {"title": "a", "tags": "a", "amount": "10", "units": "1", "close_date": "today"}[field]
    row = {**row, "currency": "UAH"}
    answers = [deals.holds(f"{field} {rest}", row) for rest in (f"= {value}", f"!= {value}", "is empty")]
    assert answers.count(True) == 1


def test_a_long_chain_of_conditions_is_no_deep_one(deals: Ask) -> None:
    chain = " or ".join(["title = x"] * 700)
    assert deals.holds(f"{chain} or stage = order", DEAL)
    assert not deals.holds(chain, DEAL)

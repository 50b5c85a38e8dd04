"""What advertising brought back, of deals and spend with known answers."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from crmctl.reports.facts import Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.spend import NOT_STATED, Spend
from crmctl.reports.standard.romi import REPORT, make

NOVEMBER = Window("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")
ADS = Spend("ads", date(2026, 11, 1), date(2026, 11, 30), Decimal(600), "EUR")


def won(
    number: int, source: str | None, amount: str | None, month: int = 11, currency: str = "EUR"
) -> Journey:
    closed = f"2026-{month}-05T10:00:00+00:00"
    values = {"source": source, "origin_lead": None}
    return Journey(f"D-{number}", "sales", "won", amount, currency, closed=closed, values=values)


@pytest.fixture
def told(facts):
    def make_told(*deals: Journey, spend=(ADS,), **options: str) -> Made:
        found = facts(facts.sales(list(deals)), window=NOVEMBER, **options)
        found.spent = spend
        return make(found)

    return make_told


def rows(made: Made) -> list[dict]:
    return [dict(line.row) for line in made.sections[0].lines]


def test_what_was_won_in_the_period_stands_beside_what_was_spent(told) -> None:
    made = told(won(1, "ads", "900"), won(2, "ads", "50", month=10), won(3, None, "10"))
    assert rows(made) == [
        {
            "source": None,
            "revenue": {"EUR": "10.00"},
            "spend": {},
            "difference": {"EUR": "10.00"},
            "romi": None,
        },
        {
            "source": "ads",
            "revenue": {"EUR": "900.00"},
            "spend": {"EUR": "600.00"},
            "difference": {"EUR": "300.00"},
            "romi": 0.5,
        },
    ]
    assert list(rows(made)[0]) == [column.name for column in REPORT.columns]
    assert (made.totals["difference"], made.totals["romi"]) == ({"EUR": "310.00"}, 310 / 600)
    assert made.sections[0].lines[1].behind == {"revenue": ["D-1"]}


def test_a_source_that_brought_nothing_back_has_lost_it_all(told) -> None:
    assert [(row["revenue"], row["romi"]) for row in rows(told())] == [({}, -1.0)]


def test_unlike_currencies_are_never_held_against_one_another(told) -> None:
    made = told(won(1, "ads", "900", currency="USD"))
    (row,) = rows(made)
    assert (row["difference"], row["romi"]) == ({"EUR": "-600.00", "USD": "900.00"}, None)
    assert list(made.notes) == ["amounts in EUR, USD: rates of amounts need --in CURRENCY"]


def test_without_a_file_there_is_no_return(told) -> None:
    made = told(won(1, "ads", "900"), spend=None)
    (row,) = rows(made)
    assert (row["spend"], row["difference"], row["romi"]) == (None, None, None)
    assert list(made.notes) == [NOT_STATED]


def test_the_margin_may_count_for_the_amount(told) -> None:
    deal = won(1, "ads", "900")
    made = told(msgspec.structs.replace(deal, values={**deal.values, "margin": "750 EUR"}), margin="margin")
    assert (made.totals["revenue"], made.totals["romi"]) == ({"EUR": "750.00"}, 0.25)


def test_deals_without_the_margin_are_told_of(told) -> None:
    made = told(won(1, "ads", None), margin="margin")
    assert list(made.notes) == ["1 deal won without margin, which brought in nothing here"]

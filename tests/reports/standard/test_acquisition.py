from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.spend import NOT_STATED, Spend
from crmctl.reports.standard.acquisition import make

LEADS = Pipeline("leads", "Leads", RecordType.LEAD, (Stage("new", "New"), Stage("good", "Good", Outcome.WON)))
NOVEMBER = Window("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")


def day(number: int, month: int = 11) -> str:
    return f"2026-{month:02d}-{number:02d}T10:00:00+00:00"


def lead(number: int, created: str, person: str, source: str | None, group: str | None = None) -> Journey:
    values = {"person": person, "source": source}
    return Journey(f"L-{number}", "leads", "new", created=created, group=group, values=values)


def deal(number: int, lead: int | None, closed: str | None, source: str | None = None) -> Journey:
    origin = f"L-{lead}" if lead else None
    return Journey(
        f"D-{number}",
        "sales",
        "won" if closed else "call",
        created=day(1),
        closed=closed,
        values={"source": source, "origin_lead": origin},
    )


def spent(source: str, amount: int, currency: str = "EUR", campaign: str = "") -> Spend:
    return Spend(source, date(2026, 11, 1), date(2026, 11, 30), Decimal(amount), currency, campaign)


ENQUIRIES = [
    lead(1, day(2), "ann", "site"),
    lead(2, day(3), "bob", "site"),
    lead(3, day(4), "eve", None),
    lead(4, day(5, 10), "joe", "fair"),
]
DEALS = [
    deal(1, 1, day(9), "site"),
    deal(2, 1, day(12), "site"),
    deal(3, 4, day(9)),
    deal(4, 2, None, "site"),
    deal(5, 3, day(9, 10), "site"),
    deal(6, 3, day(9), "site"),
]


@pytest.fixture(scope="session")
def told(facts):
    def make_told(leads, deals, spend, window: Window = NOVEMBER, **options: str):
        found = facts(Population(LEADS, leads), facts.sales(deals), window=window, **options)
        found.spent = spend
        return found

    return make_told


def rows(made) -> list[dict]:
    return [dict(line.row) for line in made.sections[0].lines]


def test_what_was_spent_is_shared_out_among_leads_and_first_won_deals(told) -> None:
    made = make(told(ENQUIRIES, DEALS, [spent("site", 100), spent("radio", 50), spent("fair", 10)]))
    site = {"EUR": "100.00"}
    assert rows(made) == [
        {
            "source": "site",
            "leads": 2,
            "new_customers": 1,
            "spend": site,
            "cpl": {"EUR": "50.00"},
            "cac": site,
        },
        {
            "source": None,
            "leads": 1,
            "new_customers": 0,
            "spend": {},
            "cpl": {},
            "cac": None,
        },
        {
            "source": "fair",
            "leads": 0,
            "new_customers": 1,
            "spend": {"EUR": "10.00"},
            "cpl": None,
            "cac": {"EUR": "10.00"},
        },
        {
            "source": "radio",
            "leads": 0,
            "new_customers": 0,
            "spend": {"EUR": "50.00"},
            "cpl": None,
            "cac": None,
        },
    ]
    assert made.totals == {
        "source": None,
        "leads": 3,
        "new_customers": 2,
        "spend": {"EUR": "160.00"},
        "cpl": {"EUR": "53.33"},
        "cac": {"EUR": "80.00"},
    }


def test_a_customer_is_new_once_with_the_first_deal_won(told) -> None:
    made = make(told(ENQUIRIES, DEALS, []))
    behind = {line.row["source"]: line.behind["new_customers"] for line in made.sections[0].lines}
    assert behind == {"site": ["D-1"], "fair": ["D-3"], None: []}


def test_a_customer_whose_first_win_was_before_the_period_is_not_new_in_it(told) -> None:
    october = Window("2026-10-01T00:00:00+00:00", NOVEMBER.start)
    made = make(told(ENQUIRIES, DEALS, [], october))
    assert made.totals["new_customers"] == 1
    assert [
        line.behind["new_customers"] for line in made.sections[0].lines if line.row["source"] == "site"
    ] == [["D-5"]]


def test_unlike_currencies_cost_each_by_itself(told) -> None:
    made = make(told(ENQUIRIES, DEALS, [spent("site", 90), spent("site", 30, "UAH")]))
    assert made.totals["cpl"] == {"EUR": "30.00", "UAH": "10.00"}


def test_where_no_file_tells_what_was_spent_a_note_says_so(told) -> None:
    made = make(told(ENQUIRIES, DEALS, None))
    assert (made.totals["cpl"], made.totals["cac"]) == (None, None)
    assert list(made.notes) == [NOT_STATED]


def test_a_deal_may_be_put_down_to_the_source_of_its_clients_first_enquiry(told) -> None:
    found = told(ENQUIRIES, DEALS, [], attribution="first")
    found.firsts = {"D-1": "friend"}
    behind = {line.row["source"]: line.behind["new_customers"] for line in make(found).sections[0].lines}
    assert behind["friend"] == ["D-1"]


def test_where_there_are_no_leads_deals_are_the_enquiries(facts) -> None:
    deals = [
        Journey(
            "D-1", "sales", "won", created=day(1), closed=day(2), values={"person": "ann", "source": "site"}
        ),
        Journey(
            "D-2", "sales", "won", created=day(3), closed=day(4), values={"person": "ann", "source": "site"}
        ),
    ]
    found = facts(facts.sales(deals), window=NOVEMBER)
    found.mode = "deals"
    assert (make(found).totals["leads"], make(found).totals["new_customers"]) == (2, 1)


def test_groups_are_told_apart_and_spend_only_in_all(facts) -> None:
    by = Division("owner", lambda value: value or "(none)", title="Owner")
    leads = [lead(1, day(2), "ann", "site", "anna"), lead(2, day(3), "bob", "site", "oleg")]
    found = facts(Population(LEADS, leads, by), facts.sales([], by), window=NOVEMBER)
    found.spent = [spent("site", 100)]
    made = make(found)
    assert [(row["owner"], row["leads"], row["spend"], row["cpl"]) for row in rows(made)] == [
        ("anna", 1, None, None),
        ("oleg", 1, None, None),
    ]
    assert made.totals["cpl"] == {"EUR": "50.00"}


SOURCES = st.sampled_from(["site", "Site", "fair", None])


@given(
    st.lists(st.tuples(st.integers(1, 28), st.sampled_from("abc"), SOURCES), max_size=8).map(
        lambda drawn: [lead(at, day(on), *more) for at, (on, *more) in enumerate(drawn, start=1)]
    ),
    st.lists(
        st.tuples(st.none() | st.integers(1, 9), st.none() | st.integers(1, 28), SOURCES), max_size=8
    ).map(
        lambda drawn: [
            deal(at, lead, day(on) if on else None, source)
            for at, (lead, on, source) in enumerate(drawn, start=1)
        ]
    ),
    st.lists(st.tuples(st.sampled_from(["site", "radio"]), st.integers(0, 99))),
)
def test_rows_sum_to_the_totals_and_no_customer_is_won_twice(told, leads, deals, spend) -> None:
    made = make(told(leads, deals, [spent(*each) for each in spend]))
    for name in ("leads", "new_customers"):
        behind = [one for line in made.sections[0].lines for one in line.behind[name]]
        assert len(behind) == len(set(behind)) == sum(row[name] for row in rows(made)) == made.totals[name]
    assert sum(Decimal(row["spend"].get("EUR", 0)) for row in rows(made)) == sum(
        amount for _, amount in spend
    )
    # All closed in the period: whoever won is new in it, a person once, and a deal without a lead is of nobody else.
    person = {each.id: each.values["person"] for each in leads}
    winners = {person.get(each.values["origin_lead"], each.id) for each in deals if each.closed}
    assert made.totals["new_customers"] == len(winners)

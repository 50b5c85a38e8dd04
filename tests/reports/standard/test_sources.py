"""What came of each source, of records and spend with known answers."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.spend import NOT_STATED, Spend
from crmctl.reports.standard.sources import REPORT, make

OUTCOMES = (Stage("won", "Won", Outcome.WON), Stage("lost", "Lost", Outcome.LOST))
LEADS = Pipeline("leads", "Leads", RecordType.LEAD, (Stage("new", "New"), *OUTCOMES))
NOVEMBER = Window("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")
ADS = Spend("ads", date(2026, 11, 1), date(2026, 11, 30), Decimal(600), "EUR", "autumn")


def at(day: int, month: int = 11) -> str:
    return f"2026-{month:02d}-{day:02d}T10:00:00+00:00"


def lead(number: int, source: str | None, stage: str = "new", created: str = at(1), **more: str) -> Journey:
    values = {"source": source, "person": more.get("person", f"L-{number}")}
    return Journey(
        f"L-{number}", "leads", stage, created=created, closed=None if stage == "new" else created,
        group=more.get("group"), values=values,
    )  # fmt: skip


def deal(number: int, source: str | None, stage: str = "call", **more: str | None) -> Journey:
    created = more.get("created") or at(1)
    return Journey(
        f"D-{number}", "sales", stage, more.get("amount"), more.get("currency", "EUR"),
        created=created, closed=more.get("closed") or (None if stage == "call" else at(11)),
        group=more.get("group"), values={"source": source, "origin_lead": more.get("origin")},
    )  # fmt: skip


LEADS_OF_TWO = [
    lead(1, "ads", "won"),
    lead(2, "ads", "lost"),
    lead(3, "ads"),
    lead(4, None),
    lead(5, "fair", created=at(30, 10)),
]
DEALS = [
    deal(1, "ads", "won", amount="900", origin="L-1"),
    deal(2, None, "won", amount="100", origin="L-5", created=at(1, 10), closed=at(10)),
    deal(3, "fair", "lost", amount="50"),
    deal(4, "Fair"),
]


@pytest.fixture(scope="session")
def told(facts):
    def make_told(
        leads=tuple(LEADS_OF_TWO), deals=tuple(DEALS), spend=(ADS,), window=NOVEMBER, by=None, **options
    ):
        found = facts(Population(LEADS, leads, by), facts.sales(deals, by), window=window, **options)
        found.spent = spend
        return found

    return make_told


def row(made: Made, source: str | None) -> dict:
    (found,) = [line.row for line in made.sections[0].lines if line.row["source"] == source]
    return dict(found)


def test_each_figure_is_of_the_period_by_its_own_event(told) -> None:
    made = make(told())
    assert row(made, "ads") == {
        "source": "ads",
        "leads": 3,
        "junk": 1,
        "junk_rate": 1 / 3,
        "converted": 1,
        "conversion": 1 / 3,
        "deals": 1,
        "won": 1,
        "win_rate": 1.0,
        "revenue": {"EUR": "900.00"},
        "average_won": {"EUR": "900.00"},
        "spend": {"EUR": "600.00"},
        "cpl": {"EUR": "200.00"},
        "cac": {"EUR": "600.00"},
        "romi": 0.5,
        "median_days": 10.0,
    }
    assert list(row(made, "ads")) == [column.name for column in REPORT.columns]


def test_a_deal_without_a_source_has_that_of_its_lead_and_case_makes_no_other(told) -> None:
    fair = row(make(told()), "fair")
    assert (fair["leads"], fair["deals"], fair["won"], fair["win_rate"]) == (0, 2, 1, 0.5)
    assert (fair["revenue"], fair["median_days"]) == ({"EUR": "100.00"}, 40.0)


def test_records_without_a_source_are_a_row_and_sources_with_spend_alone_are(told) -> None:
    radio = msgspec.structs.replace(ADS, source="radio")
    made = make(told(spend=(ADS, radio)))
    assert [line.row["source"] for line in made.sections[0].lines] == ["ads", None, "fair", "radio"]
    assert row(made, None)["leads"] == 1
    only_spent = row(made, "radio")
    assert (only_spent["spend"], only_spent["romi"]) == ({"EUR": "600.00"}, -1.0)
    assert (only_spent["cpl"], only_spent["cac"], only_spent["average_won"]) == (None, None, None)


def test_totals_are_over_every_source(told) -> None:
    totals = make(told()).totals
    assert (totals["leads"], totals["deals"], totals["won"], totals["revenue"]) == (
        4,
        3,
        2,
        {"EUR": "1000.00"},
    )
    assert (totals["cpl"], totals["cac"]) == ({"EUR": "150.00"}, {"EUR": "300.00"})
    assert totals["win_rate"] == 2 / 3


def test_the_ids_behind_are_those_that_were_counted(told) -> None:
    (ads,) = [line.behind for line in make(told()).sections[0].lines if line.row["source"] == "ads"]
    assert ads == {
        "leads": ["L-1", "L-2", "L-3"],
        "junk": ["L-2"],
        "converted": ["L-1"],
        "deals": ["D-1"],
        "won": ["D-1"],
        "win_rate": ["D-1"],
        "cac": ["D-1"],
    }


def test_a_customer_is_new_once(told) -> None:
    people = [lead(1, "ads", person="x"), lead(2, "ads", person="x", created=at(2))]
    won = [
        deal(1, "ads", "won", amount="10", origin="L-1"),
        deal(2, "ads", "won", amount="10", origin="L-2", closed=at(12)),
    ]
    assert row(make(told(people, won)), "ads")["cac"] == {"EUR": "600.00"}


def test_without_a_file_nothing_is_known_of_the_cost(told) -> None:
    made = make(told(spend=None))
    ads = row(made, "ads")
    assert (ads["spend"], ads["cpl"], ads["cac"], ads["romi"]) == (None, None, None, None)
    assert NOT_STATED in made.notes


def test_unlike_currencies_have_no_return(told) -> None:
    made = make(told(spend=(msgspec.structs.replace(ADS, currency="USD"),)))
    assert (row(made, "ads")["romi"], row(made, "ads")["cpl"]) == (None, {"USD": "200.00"})
    assert list(made.notes) == ["amounts in EUR, USD: rates of amounts need --in CURRENCY"]


def test_the_first_enquiry_may_have_the_merit(told) -> None:
    found = told(attribution="first")
    found.firsts = {"D-1": "fair", "D-2": None, "D-3": "ads", "D-4": "ads"}
    made = make(found)
    assert row(made, "fair")["revenue"] == {"EUR": "900.00"}
    assert row(made, None)["revenue"] == {"EUR": "100.00"}
    assert row(made, "ads")["leads"] == 3


def test_where_enquiries_are_deals_leads_are_deals(facts) -> None:
    values = {"source": "ads", "person": "D-1"}
    found = facts(facts.sales([Journey("D-1", "sales", "call", created=at(2), values=values)]))
    found.mode = "deals"
    ads = row(make(found), "ads")
    assert (ads["leads"], ads["deals"]) == (1, 1)
    assert [ads[name] for name in ("junk", "junk_rate", "converted", "conversion")] == [None] * 4


def test_what_closed_before_it_was_created_is_left_out_of_the_days(told) -> None:
    backwards = deal(1, "ads", "won", amount="10", created=at(20), closed=at(5))
    made = make(told([], [backwards]))
    assert (row(made, "ads")["won"], row(made, "ads")["median_days"]) == (1, None)
    assert made.left_out["days"] == 1


def by(name: str) -> Division:
    return Division(name, lambda value: value or "(none)", title=name.title())


def test_a_source_is_called_alike_in_every_group_however_it_is_spelt_there(told) -> None:
    leads = [lead(1, "Fair", group="anna"), lead(2, "FAIR", group="oleg"), lead(3, "Fair", group="zoe")]
    made = make(told(leads, [], by=by("owner")))
    assert {line.row["source"] for line in made.sections[0].lines} == {"Fair"}


def test_groups_have_their_own_sources_and_no_cost(told) -> None:
    leads = [lead(1, "ads", group="anna"), lead(2, "ads", group="oleg"), lead(3, "fair", group="oleg")]
    made = make(told(leads, [], by=by("owner")))
    rows = [line.row for line in made.sections[0].lines]
    assert [(each["owner"], each["source"], each["leads"]) for each in rows] == [
        ("oleg", "ads", 1),
        ("oleg", "fair", 1),
        ("anna", "ads", 1),
    ]
    assert {(each["spend"], each["cpl"]) for each in rows} == {(None, None)}
    assert made.totals["spend"] == {"EUR": "600.00"}
    assert list(made.notes) == ["what was spent is not known by Owner: only the totals tell it"]


def test_by_campaign_the_cost_is_known(told) -> None:
    winter = msgspec.structs.replace(ADS, campaign="winter", amount=Decimal(9))
    made = make(told([lead(1, "ads", group="Autumn")], [], (ADS, winter), by=by("campaign")))
    rows = [line.row for line in made.sections[0].lines]
    assert [(each["campaign"], each["leads"], each["spend"]) for each in rows] == [
        ("Autumn", 1, {"EUR": "600.00"}),
        ("winter", 0, {"EUR": "9.00"}),
    ]


SOURCES = st.sampled_from([None, "ads", "Ads", "fair"])


@given(
    st.lists(st.tuples(SOURCES, st.sampled_from(["new", "won", "lost"]), st.integers(1, 30)), max_size=8),
    st.lists(st.tuples(SOURCES, st.sampled_from(["call", "won", "lost"]), st.integers(1, 30)), max_size=8),
    st.lists(st.tuples(SOURCES, st.integers(0, 40), st.integers(0, 999)), max_size=4),
)
def test_the_rows_sum_to_the_totals(told, drawn_leads, drawn_deals, drawn_spend) -> None:
    leads = [lead(at_, source, stage, at(day)) for at_, (source, stage, day) in enumerate(drawn_leads, 1)]
    deals = [
        deal(number, source, stage, amount=str(day), closed=at(day) if stage != "call" else None)
        for number, (source, stage, day) in enumerate(drawn_deals, 1)
    ]
    spend = [
        Spend(
            source or "radio",
            date(2026, 11, 1),
            date(2026, 11, 1) + timedelta(days=days),
            Decimal(amount),
            "EUR",
        )
        for source, days, amount in drawn_spend
    ]
    made = make(told(leads, deals, spend))
    rows = [line.row for line in made.sections[0].lines]
    for name in ("leads", "junk", "converted", "deals", "won"):
        assert sum(each[name] for each in rows) == made.totals[name]
    for name in ("revenue", "spend"):
        total = sum((Decimal(each[name].get("EUR", "0")) for each in rows), Decimal(0))
        assert total == Decimal(made.totals[name].get("EUR", "0"))
    assert len({(each["source"] or "").lower() for each in rows}) == len(rows)

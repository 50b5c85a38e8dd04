import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.customers import make

LEADS = Pipeline("leads", "Leads", RecordType.LEAD, (Stage("new", "New"), Stage("good", "Good", Outcome.WON)))


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def lead(number: int, created: int, person: str, group: str | None = None) -> Journey:
    return Journey(
        f"L-{number}", "leads", "new", created=day(created), group=group, values={"person": person}
    )


def deal(
    number: int, lead: int, closed: int | None = None, stage: str = "won", amount: str = "100"
) -> Journey:
    return Journey(
        f"D-{number}",
        "sales",
        stage if closed else "call",
        amount,
        "EUR",
        created=day(lead),
        closed=day(closed) if closed else None,
        values={"origin_lead": f"L-{lead}"},
    )


ENQUIRIES = [lead(1, 1, "ann"), lead(2, 2, "ann"), lead(3, 9, "ann"), lead(4, 9, "bob")]
DEALS = [deal(1, 1, 5), deal(2, 3), deal(3, 3, 12, amount="30"), deal(4, 4, 12, stage="lost")]


def rows(made) -> dict:
    return {line.row["class"]: line.row for line in made.sections[0].lines}


def test_enquiries_are_counted_with_what_came_of_them_by_what_their_clients_were(facts) -> None:
    made = make(facts(Population(LEADS, ENQUIRIES), facts.sales(DEALS)))
    assert rows(made) == {
        "new": {"class": "new", "leads": 2, "deals": 2, "won": 1, "revenue": {"EUR": "100.00"}},
        "repeated": {"class": "repeated", "leads": 1, "deals": 0, "won": 0, "revenue": {}},
        "returning": {"class": "returning", "leads": 1, "deals": 2, "won": 1, "revenue": {"EUR": "30.00"}},
    }
    assert made.totals == {"class": None, "leads": 4, "deals": 4, "won": 2, "revenue": {"EUR": "130.00"}}
    returning = made.sections[0].lines[2]
    assert returning.behind == {"leads": ["L-3"], "deals": ["D-2", "D-3"], "won": ["D-3"]}


def test_a_period_narrows_the_enquiries_and_neither_their_past_nor_what_came_of_them(facts) -> None:
    made = make(facts(Population(LEADS, ENQUIRIES), facts.sales(DEALS), window=Window(day(9), day(10))))
    found = rows(made)
    assert [found[name]["leads"] for name in ("new", "repeated", "returning")] == [1, 0, 1]
    assert found["returning"]["revenue"] == {"EUR": "30.00"}


def test_all_three_classes_are_there_without_any_enquiry(facts) -> None:
    made = make(facts(Population(LEADS, [])))
    assert [line.row["class"] for line in made.sections[0].lines] == ["new", "repeated", "returning"]
    assert made.totals == {"class": None, "leads": 0, "deals": 0, "won": 0, "revenue": {}}


def test_unlike_currencies_are_never_added(facts) -> None:
    other = Journey("D-2", "sales", "won", "5", "UAH", closed=day(6), values={"origin_lead": "L-1"})
    made = make(facts(Population(LEADS, ENQUIRIES), facts.sales([DEALS[0], other])))
    assert made.totals["revenue"] == {"EUR": "100.00", "UAH": "5.00"}


def test_where_there_are_no_leads_deals_are_enquiries_that_became_themselves(facts) -> None:
    deals = [
        Journey("D-1", "sales", "won", "7", "EUR", created=day(1), closed=day(2), values={"person": "ann"}),
        Journey("D-2", "sales", "call", created=day(3), values={"person": "ann", "origin_lead": "L-7"}),
        Journey("D-3", "sales", "call", created=day(3), values={"person": "bob"}),
    ]
    told = facts(facts.sales(deals))
    told.mode = "deals"
    found = rows(make(told))
    assert [found[name]["leads"] for name in ("new", "repeated", "returning")] == [2, 0, 1]
    assert found["new"] == {"class": "new", "leads": 2, "deals": 2, "won": 1, "revenue": {"EUR": "7.00"}}


def test_each_group_has_the_three_classes(facts) -> None:
    by = Division("source", lambda value: value or "(none)", title="Source")
    leads = [lead(1, 1, "ann", "site"), lead(2, 2, "ann"), lead(3, 3, "bob", "Site")]
    (section,) = make(facts(Population(LEADS, leads, by))).sections
    assert [(line.row["source"], line.row["class"], line.row["leads"]) for line in section.lines] == [
        ("site", "new", 2),
        ("site", "repeated", 0),
        ("site", "returning", 0),
        (None, "new", 0),
        (None, "repeated", 1),
        (None, "returning", 0),
    ]


@pytest.mark.parametrize("count", ["leads", "deals", "won"])
@given(
    st.lists(st.tuples(st.integers(1, 28), st.sampled_from("abc")), max_size=8).map(
        lambda drawn: [lead(at, *each) for at, each in enumerate(drawn, start=1)]
    ),
    st.lists(st.tuples(st.integers(1, 9), st.none() | st.integers(1, 28)), max_size=8).map(
        lambda drawn: [deal(at, *each) for at, each in enumerate(drawn, start=1)]
    ),
)
def test_the_classes_sum_to_the_whole_and_figures_have_their_records(facts, count, leads, deals) -> None:
    made = make(facts(Population(LEADS, leads), facts.sales(deals)))
    lines = made.sections[0].lines
    assert sum(line.row[count] for line in lines) == made.totals[count]
    assert [line.row[count] for line in lines] == [len(set(line.behind[count])) for line in lines]

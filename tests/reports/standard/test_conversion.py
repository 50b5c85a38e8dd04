from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.conversion import NO_LEADS, make

STAGES = (Stage("new", "New"), Stage("good", "Good", Outcome.WON), Stage("junk", "Junk", Outcome.LOST))
LEADS = Pipeline("leads", "Leads", RecordType.LEAD, STAGES)
CALLS = Pipeline("calls", "Calls", RecordType.LEAD, STAGES)


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def lead(number: int, stage: str, created: int = 1) -> Journey:
    return Journey(f"L-{number}", "leads", stage, created=day(created))


def deal(number: int, lead: int | None) -> Journey:
    values = {"origin_lead": f"L-{lead}"} if lead else {}
    return Journey(f"D-{number}", "sales", "call", created=day(9), values=values)


def row(facts, leads: list[Journey], deals: list[Journey], **more: object) -> dict:
    made = make(facts(Population(LEADS, leads), facts.sales(deals), **more))
    (line,) = made.sections[0].lines
    assert line.row == made.totals
    return line.row


FOUR = [lead(1, "good"), lead(2, "good"), lead(3, "junk"), lead(4, "new", created=20)]


def test_a_lead_is_converted_if_a_deal_came_of_it(facts) -> None:
    made = make(facts(Population(LEADS, FOUR), facts.sales([deal(1, 1), deal(2, 1), deal(3, None)])))
    (line,) = made.sections[0].lines
    assert line.row == {
        "leads": 4,
        "junk": 1,
        "converted": 1,
        "conversion": 0.25,
        "conversion_without_junk": 1 / 3,
    }
    assert line.behind == {"leads": ["L-1", "L-2", "L-3", "L-4"], "junk": ["L-3"], "converted": ["L-1"]}


def test_the_period_is_that_in_which_leads_were_created_whenever_they_were_converted(facts) -> None:
    found = row(facts, FOUR, [deal(1, 4), deal(2, 1)], window=Window(day(15), day(28)))
    assert (found["leads"], found["converted"]) == (1, 1)


def test_of_no_leads_there_is_no_rate(facts) -> None:
    found = row(facts, [], [])
    assert (found["conversion"], found["conversion_without_junk"]) == (None, None)
    assert row(facts, [lead(1, "junk")], [])["conversion_without_junk"] is None


def test_a_lead_rejected_after_it_became_a_deal_is_converted_without_junk_too_and_told_of(facts) -> None:
    leads = [lead(1, "junk"), lead(2, "good"), lead(3, "new"), lead(4, "new")]
    made = make(facts(Population(LEADS, leads), facts.sales([deal(1, 1), deal(2, 2)])))
    assert (made.totals["conversion"], made.totals["conversion_without_junk"]) == (0.5, 2 / 3)
    assert list(made.notes) == ["1 lead on a lost stage has a deal: counted as converted, without junk, too"]


def test_each_pipeline_has_its_own_rate_and_the_totals_are_of_all(facts) -> None:
    other = [Journey("L-9", "calls", "good", created=day(1))]
    made = make(facts(Population(LEADS, FOUR), Population(CALLS, other), facts.sales([deal(1, 9)])))
    assert [line.row["conversion"] for section in made.sections for line in section.lines] == [0.0, 1.0]
    assert made.totals["conversion"] == 0.2


def test_a_workspace_without_leads_is_told_so(facts) -> None:
    made = make(facts(facts.sales([deal(1, None)])))
    assert made.totals == {
        "leads": 0,
        "junk": 0,
        "converted": 0,
        "conversion": None,
        "conversion_without_junk": None,
    }
    assert list(made.notes) == [NO_LEADS]


@given(
    st.lists(st.sampled_from(["new", "good", "junk"]), max_size=8).map(
        lambda stages: [lead(at, stage) for at, stage in enumerate(stages, start=1)]
    ),
    st.lists(st.none() | st.integers(1, 9), max_size=8).map(
        lambda leads: [deal(at, lead) for at, lead in enumerate(leads, start=1)]
    ),
)
def test_rates_are_of_the_counts_and_these_are_within_the_leads(facts, leads, deals) -> None:
    found = row(facts, leads, deals)
    assert found["leads"] == len(leads) >= max(found["junk"], found["converted"])
    assert found["conversion"] is None or 0 <= found["conversion"] <= 1
    without = found["leads"] - found["junk"]
    assert found["conversion_without_junk"] == (found["converted"] / without if without else None)

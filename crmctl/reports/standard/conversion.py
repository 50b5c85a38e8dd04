"""`conversion`: how many enquiries became deals."""

from collections.abc import Collection, Iterable, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, share
from crmctl.reports.made import Line, Made, Section, by_pipeline

REPORT = Definition(
    name="conversion",
    question="How many enquiries became deals?",
    columns=(
        Column("leads", "Leads", Kind.COUNT),
        Column("junk", "Junk", Kind.COUNT),
        Column("converted", "Converted", Kind.COUNT),
        Column("conversion", "Conversion", Kind.SHARE),
        Column("conversion_without_junk", "Without junk", Kind.SHARE),
    ),
    meanings={
        "leads": "leads of the cohort, each in the pipeline it is in now",
        "junk": "those that are on a lost stage now",
        "converted": "those that a deal came of by conversion, in whatever pipeline, whenever",
        "conversion": "converted / leads",
        "conversion_without_junk": "the same of the leads that are no junk: converted / (leads - junk)",
    },
    kinds=(RecordType.LEAD,),
    event=Event.CREATED,
    examples=(
        "crmctl report conversion --period last-quarter",
        "crmctl report conversion --by source --explain",
    ),
    chart="conversion",
)
NO_LEADS = "this workspace has no leads (mode: deals): its enquiries are deals from the first"


def make(facts: Facts) -> Made:
    """Return how many leads of the cohort have a deal that came of them."""
    populations = facts.populations(REPORT.event, kinds=REPORT.kinds, history=False)
    became = facts.deals_of_leads()

    def lines(pipeline: Pipeline, leads: Sequence[Journey]) -> Iterable[Line]:
        converted = _ids(each for each in leads if each.id in became)
        junk = _ids(each for each in leads if pipeline.outcome_of(each.stage) is Outcome.LOST)
        behind = {"leads": _ids(leads), "junk": junk, "converted": converted}
        yield Line(_figures(behind), behind)

    every = [line for each in populations for line in lines(each.pipeline, each.journeys)]
    behind = {
        name: [one for line in every for one in line.behind[name]] for name in ("leads", "junk", "converted")
    }
    totals = _figures(behind)
    sections = by_pipeline(populations, lines) or [Section([Line(totals, behind)])]
    return Made(sections, totals, [] if populations else [NO_LEADS])


def _ids(leads: Iterable[Journey]) -> list[str]:
    return [each.id for each in leads]


def _figures(behind: dict[str, list[str]]) -> Row:
    leads, junk, converted = (behind[name] for name in ("leads", "junk", "converted"))
    return {
        "leads": len(leads),
        "junk": len(junk),
        "converted": len(converted),
        "conversion": share(len(converted), len(leads)),
        "conversion_without_junk": share(_outside(converted, junk), len(leads) - len(junk)),
    }


def _outside(converted: Iterable[str], junk: Collection[str]) -> int:
    # A lead may have become a deal and have been rejected none the less: it is not of those that are no junk.
    rejected = set(junk)
    return sum(each not in rejected for each in converted)

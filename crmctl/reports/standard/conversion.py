"""`conversion`: how many enquiries became deals."""

from collections.abc import Iterable, Mapping, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.closing import ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, share
from crmctl.reports.made import Line, Made, Section, by_pipeline
from crmctl.text import plural

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
        "conversion_without_junk": "converted / (leads - junk): one that is junk and has a deal counts as converted",
    },
    kinds=(RecordType.LEAD,),
    event=Event.CREATED,
    examples=(
        "crmctl report conversion --period last-quarter",
        "crmctl report conversion --by source --explain",
    ),
    chart="conversion",
)
_COUNTED = ("leads", "junk", "converted")
NO_LEADS = "this workspace has no leads (mode: deals): its enquiries are deals from the first"


def make(facts: Facts) -> Made:
    """Return how many leads of the cohort have a deal that came of them."""
    populations = facts.populations(REPORT.event, kinds=REPORT.kinds, history=False)
    became = facts.deals_of_leads()

    def lines(pipeline: Pipeline, leads: Sequence[Journey]) -> Iterable[Line]:
        converted = _ids(each for each in leads if each.id in became)
        junk = _ids(ended(pipeline, leads, Outcome.LOST))
        behind = {"leads": _ids(leads), "junk": junk, "converted": converted}
        yield Line(_figures(behind), behind)

    every = [line for each in populations for line in lines(each.pipeline, each.journeys)]
    behind = {name: [one for line in every for one in line.behind[name]] for name in _COUNTED}
    totals = _figures(behind)
    sections = by_pipeline(populations, lines) or [Section([Line(totals)])]
    return Made(sections, totals, _notes(behind) if populations else [NO_LEADS])


def _notes(behind: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a note where a lead is of both, so that the rate without junk is of more than are no junk."""
    both = len({*behind["junk"]} & {*behind["converted"]})
    told = f"{plural(both, 'lead')} on a lost stage {'has' if both == 1 else 'have'} a deal"
    return [f"{told}: counted as converted, without junk, too"] if both else []


def _ids(leads: Iterable[Journey]) -> list[str]:
    return [each.id for each in leads]


def _figures(behind: Mapping[str, Sequence[str]]) -> Row:
    leads, junk, converted = (behind[name] for name in _COUNTED)
    return {
        "leads": len(leads),
        "junk": len(junk),
        "converted": len(converted),
        "conversion": share(len(converted), len(leads)),
        "conversion_without_junk": share(len(converted), len(leads) - len(junk)),
    }

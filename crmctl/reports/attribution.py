"""Whose merit a deal is: the source it is put down to."""

from collections.abc import Callable, Iterable, Mapping

from crmctl.model.records import RecordType
from crmctl.reports.definition import Option
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, text_of

FIELDS = ("source", "origin_lead")
"""What must be read of a deal."""
FIRST = "first"
OPTION = Option(
    "attribution",
    "Whether a deal is put down to its own source, or to that of its client's first enquiry.",
    choices=("deal", FIRST),
    default="deal",
)


def attributed(facts: Facts, records: Iterable[Journey]) -> Callable[[Journey], str | None]:
    """Return what tells the source of any of some records, read with `FIELDS`.

    Of a deal that is its own, else its lead's; or that of the first enquiry of its client, where this is asked for.
    """
    first: Mapping[str, str | None] = {}
    if facts.option(OPTION.name) == FIRST:
        first = facts.first_sources()
    unsaid = _unsaid(records)
    of_leads = facts.values(RecordType.LEAD, unsaid, "source") if unsaid else {}

    def source(record: Journey) -> str | None:
        if record.id in first:
            return first[record.id]
        value = record.values.get("source") or of_leads.get(str(record.values.get("origin_lead")))
        return text_of(value)

    return source


def _unsaid(records: Iterable[Journey]) -> set[str]:
    """Return the leads that alone tell the source of their deals."""
    return {
        str(origin)
        for each in records
        if not each.values.get("source") and (origin := each.values.get("origin_lead"))
    }

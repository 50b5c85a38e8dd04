"""Who enquired and who bought, in a state of the store."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from crmctl.model.configuration import Configuration
from crmctl.model.pipeline import Outcome
from crmctl.reports.people import Circles, Enquiry, People, Win, people_among
from crmctl.storage.interface import Row
from crmctl.workspace.reporting.clients import Clients
from crmctl.workspace.reporting.ways import Ways


def people_of(
    clients: Clients, became: Mapping[str, Sequence[str]], configuration: Configuration, ways: Ways
) -> People:
    """Return who enquired and who bought, as the records of a state of the store are linked and alike.

    `became` has the deals that came of each lead.
    """
    won = _Won(clients, configuration, ways)
    enquiries = clients.deals if configuration.mode == "deals" else clients.leads
    return people_among(
        [Enquiry(row.f_id, row.f_created_at or "", clients.person(row.f_id)) for row in enquiries],
        [win for row in clients.deals for win in won.times(row)],
        Circles(clients.companies, became),
        shared=clients.shared,
    )


class _Won:
    """When deals were won, and until when."""

    def __init__(self, clients: Clients, configuration: Configuration, ways: Ways) -> None:
        self._clients = clients
        self._ways = ways
        self._stages = {
            (pipeline.id, stage.id)
            for pipeline in configuration.pipelines
            for stage in pipeline.stages
            if stage.outcome is Outcome.WON
        }

    def times(self, row: Row) -> Iterable[Win]:
        """Yield each time that a deal was won: those that are over, and one from its closing date if it is now."""
        now = (row.f_pipeline, row.f_stage) in self._stages
        closed = row.f_closed_at or "" if now else ""
        for at, until in self._before(row, closed):
            if at and at < until:
                yield self._win(row, at, until)
        if now:
            yield self._win(row, row.f_closed_at)

    def _before(self, row: Row, closed: str) -> Iterable[tuple[str, str]]:
        """Yield from when until when a deal was on won stages, until its present closing."""
        stays = self._ways.of(row)
        for stay, later in zip_longest(stays, stays[1:]):
            if (stay.pipeline, stay.stage) in self._stages:
                at = self._began(row) if stay is stays[0] else stay.entered
                yield at, later.entered if later else closed

    def _began(self, row: Row) -> str:
        """Return when a deal that was won from the first on was; empty where that is not known."""
        known = self._ways.known(row)
        began = known[0].entered if len(known) == len(self._ways.of(row)) else ""
        return self._ways.closed_first(row) or began

    def _win(self, row: Row, at: str | None, until: str = "") -> Win:
        person, company = self._clients.person(row.f_id), self._clients.company(row.f_company)
        return Win(row.f_id, at, person, company, until)

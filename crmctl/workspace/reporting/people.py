"""Who enquired and who bought, in a state of the store."""

from collections.abc import Mapping, Sequence

from crmctl.model.configuration import Configuration
from crmctl.model.pipeline import Outcome
from crmctl.reports.people import Circles, Enquiry, People, Win, people_among
from crmctl.storage.interface import Row
from crmctl.workspace.reporting.clients import Clients


def people_of(clients: Clients, became: Mapping[str, Sequence[str]], configuration: Configuration) -> People:
    """Return who enquired and who bought, as the records of a state of the store are linked and alike.

    `became` has the deals that came of each lead.
    """
    won = [row for row in clients.deals if _is_won(row, configuration)]
    enquiries = clients.deals if configuration.mode == "deals" else clients.leads
    return people_among(
        [Enquiry(row.f_id, row.f_created_at or "", clients.person(row.f_id)) for row in enquiries],
        [
            Win(row.f_id, row.f_closed_at, clients.person(row.f_id), clients.company(row.f_company))
            for row in won
        ],
        Circles(clients.companies, became),
        shared=clients.shared,
    )


def _is_won(row: Row, configuration: Configuration) -> bool:
    pipeline = configuration.pipeline_by_id(row.f_pipeline)
    return pipeline is not None and pipeline.outcome_of(row.f_stage) is Outcome.WON

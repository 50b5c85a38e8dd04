"""Which deals came of which lead."""

from crmctl.model.records import RecordType
from crmctl.rules.duplicates import scalars
from crmctl.storage.interface import Reader, column


def deals_of_leads(reader: Reader) -> dict[str, list[str]]:
    """Return the deals that came of each lead by conversion, those that are there.

    A deal names the lead it was made of; of one that others were merged into, their leads know.
    """
    found: dict[str, list[str]] = {}
    there: set[str] = set()
    for row in reader.scan(RecordType.DEAL, ("id", "origin_lead")):
        there.add(row.f_id)
        if row.f_origin_lead:
            found.setdefault(row.f_origin_lead, []).append(row.f_id)
    became = column("converted_to")
    for row in reader.scan(RecordType.LEAD, ("id", "converted_to")) if there else ():
        for deal in map(str, scalars(became(row))):
            if deal in there and deal not in found.setdefault(row.f_id, []):
                found[row.f_id].append(deal)
    return found

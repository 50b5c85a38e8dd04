"""`report list`: the reports and what they answer."""

from crmctl.model.table import Row
from crmctl.reports.asked import definition_of, reports


def questions() -> list[Row]:
    """Return every report with the question it answers."""
    return [{"report": name, "question": definition_of(name).question} for name in reports()]

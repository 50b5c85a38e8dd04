"""`report list`: the reports and what they answer."""

from crmctl.model.table import Row
from crmctl.reports.funnel import QUESTION
from crmctl.reports.standard import report_names, standard_report


def questions() -> list[Row]:
    """Return every report with the question it answers."""
    rows: list[Row] = [{"report": "funnel", "question": QUESTION}]
    return rows + [
        {"report": name, "question": standard_report(name).REPORT.question} for name in report_names()
    ]

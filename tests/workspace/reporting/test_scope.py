"""What a report is asked for."""

from crmctl.reports.shared_options import SHARED
from crmctl.workspace.reporting.scope import ReportScope


def test_a_report_tells_what_narrows_it_by_the_names_it_was_asked_by() -> None:
    asked = {each.name: each.choices[-1] if each.choices else f"some {each.name}" for each in SHARED}
    scope = ReportScope.of({**asked, "pipeline": "retail, wholesale", "mode": "reached"})
    assert scope.pipelines == ("retail", "wholesale")
    assert {"pipeline": asked["pipeline"], **scope.filters()} == asked


def test_what_is_as_usual_is_not_told() -> None:
    assert ReportScope.of({"amount": "closing"}) == ReportScope()
    assert ReportScope().filters() == {}

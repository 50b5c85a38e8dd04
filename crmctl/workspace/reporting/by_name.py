"""Any report by its name: the funnel or a standard one."""

from collections.abc import Mapping

from crmctl.model.table import Report
from crmctl.reports.asked import definition_of
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import REPORT as FUNNEL
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report
from crmctl.workspace.workspace import Workspace


def report_by_name(workspace: Workspace, name: str, scope: ReportScope, options: Mapping[str, str]) -> Report:
    """Return a report; of its own `options`, those not given are as usual. Raises NotFound, WrongUse."""
    asked = {option.name: option.default for option in definition_of(name).options}
    asked.update(options)
    if name == FUNNEL.name:
        return funnel_report(workspace, scope, Mode(asked["mode"]))
    return report(workspace, name, scope, asked)

"""Findings as annotations of GitHub."""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.model.place import Place
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.workflow_command import workflow_command


def findings(findings: Sequence[Finding], _background: Background, _style: Style) -> str:
    """Return a command for each finding."""
    return "".join(_command(each) for each in findings)


def _command(finding: Finding) -> str:
    message = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    place = Place(finding.path, finding.line, finding.column)
    return workflow_command(finding.severity.value, finding.rule, message, place)

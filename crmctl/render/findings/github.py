"""Workflow commands, which GitHub shows as annotations at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.text import visible


def findings(findings: Sequence[Finding], _background: Background, _style: Style) -> str:
    """Return a command for each finding."""
    return "".join(_command(each) for each in findings)


def _command(finding: Finding) -> str:
    properties = {"file": finding.path, "title": finding.rule}
    if finding.line:
        properties = {
            "file": finding.path,
            "line": str(finding.line),
            "col": str(finding.column or 1),
            "title": finding.rule,
        }
    message = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    pairs = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.severity} {pairs}::{_data(message)}\n"


def _data(text: str) -> str:
    shown = visible(text, multiline=True)
    return shown.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

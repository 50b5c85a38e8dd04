"""Findings as a JSON array, an object a line; line and column are 0 for a whole file."""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.json_text import array


def findings(findings: Sequence[Finding], _background: Background, _style: Style) -> str:
    """Return the array."""
    return array(finding_object(each) for each in findings)


def finding_object(finding: Finding) -> dict[str, object]:
    """Return a finding under its JSON keys."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "hint": finding.hint or None,
    }

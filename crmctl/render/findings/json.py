"""Findings as a JSON array, an object a line; line and column are 0 for a whole file."""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.json_text import array


def findings(findings: Sequence[Finding], _background: Background, _style: Style) -> str:
    """Return the array."""
    return array(
        {
            "rule": each.rule,
            "severity": each.severity,
            "message": each.message,
            "path": each.path,
            "line": each.line,
            "column": each.column,
            "hint": each.hint or None,
        }
        for each in findings
    )

"""A line for each finding, for editors and grep: `path:line:col: level: message [rule]`."""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.text import visible


def findings(findings: Sequence[Finding], _background: Background, _style: Style) -> str:
    """Return the lines; what concerns a whole file is at its first character."""
    return "".join(
        visible(
            f"{each.path}:{each.line or 1}:{each.column or 1}: {each.severity}: {each.message} [{each.rule}]"
        )
        + "\n"
        for each in findings
    )

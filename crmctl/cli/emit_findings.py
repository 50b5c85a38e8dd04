"""Writing what a check found."""

import os

from crmctl.cli.output import Output
from crmctl.render.findings import render_findings, summary
from crmctl.workspace.validation import Validation


def emit_findings(output: Output, found: Validation) -> None:
    """Write the findings, as annotations where GitHub runs us, and their number."""
    shown = render_findings(output.format or usual_format(), found.findings, found.source, output.style)
    output.text(shown)
    output.status(summary(found.findings, found.checked))


def usual_format() -> str:
    """Return how checks tell where no format is asked for: as annotations where GitHub runs us."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"

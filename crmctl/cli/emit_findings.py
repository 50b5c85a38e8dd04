"""Writing what a check found."""

import os

from crmctl.cli.output import Output
from crmctl.render.findings import render_findings, summary
from crmctl.workspace.validation import Validation


def emit_findings(output: Output, found: Validation) -> None:
    """Write the findings, as annotations where GitHub runs us, and their number."""
    usual = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    output.text(render_findings(output.format or usual, found.findings, found.source, output.style))
    output.status(summary(found.findings, found.checked))

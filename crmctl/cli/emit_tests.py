"""Writing what tests of the process came to."""

from crmctl.cli.emit_findings import usual_format
from crmctl.cli.output import Output
from crmctl.render.process_tests import render_process_run, summary
from crmctl.workspace.process_tests.run import Tested


def emit_tests(output: Output, tested: Tested) -> None:
    """Write the results, as annotations where GitHub runs us, and how many there are."""
    run = tested.run
    output.text(render_process_run(output.format or usual_format(), run, tested.source, output.style))
    output.status(summary(run))

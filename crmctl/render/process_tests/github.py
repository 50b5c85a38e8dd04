"""Tests of the process as annotations of GitHub: failures as errors, what no test reached as a notice."""

from crmctl.model.process_result import ProcessResult, ProcessRun
from crmctl.render.colour import Style
from crmctl.render.findings import Background, SourceLine, github
from crmctl.render.workflow_command import workflow_command


def process_run(run: ProcessRun, source: SourceLine, style: Style) -> str:
    """Return a command for each finding and each failure."""
    failed = "".join(command for result in run.results for command in _commands(result))
    return github.findings(run.findings, Background(source), style) + failed + _notice(run)


def _commands(result: ProcessResult) -> list[str]:
    notes = "".join(f"\nnote: {note}" for note in result.notes)
    return [
        workflow_command("error", result.name, failure.message + notes, failure.place)
        for failure in result.failures
    ]


def _notice(run: ProcessRun) -> str:
    lines = [
        f"{each.part}, {what}: {', '.join(names)}"
        for each in run.unreached or ()
        for what, names in each.lists().items()
    ]
    return workflow_command("notice", "reached by no test", "\n".join(lines)) if lines else ""

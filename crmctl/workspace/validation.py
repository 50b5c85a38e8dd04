"""`validate`: what is wrong with the configuration, with the text at fault."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import Report, report_paths, report_workspace
from crmctl.config.lines import source_line
from crmctl.errors import WrongUse
from crmctl.model.finding import Finding, Severity
from crmctl.text import plural
from crmctl.workspace.auditing import Audited, audit_records
from crmctl.workspace.known_rules import EVERY, RuleSelection
from crmctl.workspace.workspace import Settings, locate, open_workspace


class Validation(msgspec.Struct, frozen=True):
    """Findings by place, and the files and records that were looked at.

    Every rule looks, whatever the choice: it shapes what is told, and so whether the answer is no.
    """

    report: Report
    data: Audited = Audited()
    choice: RuleSelection = EVERY

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found by the rules chosen, in files sorted by place, then in records in their order."""
        return tuple(each for each in self._every if self.choice.tells(each.rule))

    @property
    def left_out(self) -> int:
        """How much was found by other rules."""
        return len(self._every) - len(self.findings)

    @property
    def _every(self) -> tuple[Finding, ...]:
        return (*self.report.findings, *self.data.findings)

    @property
    def checked(self) -> str:
        """What was looked at: `8 files and 2,000 records`."""
        files = plural(len(self.report.files), "file")
        return f"{files} and {plural(self.data.records, 'record')}" if self.data.records else files

    def source(self, path: str, line: int) -> str | None:
        """Return a line of a file that was looked at."""
        file = self.report.files.get(path)
        return source_line(file, line) if file else None

    def failed(self, *, strict: bool) -> bool:
        """Tell whether the answer is no: an error, or under `strict` a warning."""
        return any(strict or finding.severity is Severity.ERROR for finding in self.findings)


def validate(
    settings: Settings, paths: Sequence[str], choice: RuleSelection = EVERY, *, data: bool = False
) -> Validation:
    """Check the workspace, or the workspaces and files named; with `data` the records of the workspace, too.

    Records are looked at only where the configuration is in order. Raises NotConfigured, NotFound, WrongUse.
    """
    if paths and data:
        raise WrongUse("--data looks at the records of a workspace, not at files", hint="name it with -C DIR")
    if paths:
        return Validation(report_paths([Path(path) for path in paths]), choice=choice)
    found = Validation(report_workspace(locate(settings)), choice=choice)
    if not data or (not found.report.usable and found.failed(strict=False)):
        return found
    # An error that is not to be told stops the audit all the same: opening the workspace raises NotConfigured.
    return Validation(found.report, audit_records(open_workspace(settings)), choice)

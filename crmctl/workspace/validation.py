"""`validate`: what is wrong with the configuration, with the text at fault."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import Report, report_paths, report_workspace
from crmctl.model.finding import Finding, Severity
from crmctl.workspace.workspace import Settings, locate


class Validation(msgspec.Struct, frozen=True):
    """Findings by place, and the files that were looked at."""

    report: Report

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, sorted by place."""
        return self.report.findings

    @property
    def checked(self) -> int:
        """How many files were looked at."""
        return len(self.report.files)

    def source(self, path: str, line: int) -> str | None:
        """Return a line of a file that was looked at."""
        file = self.report.files.get(path)
        try:
            lines = file.read_text("utf-8", errors="replace").splitlines() if file else []
        except OSError:
            return None
        return lines[line - 1] if 0 < line <= len(lines) else None

    def failed(self, *, strict: bool) -> bool:
        """Tell whether the answer is no: an error, or under `strict` a warning."""
        return any(strict or finding.severity is Severity.ERROR for finding in self.findings)


def validate(settings: Settings, paths: Sequence[str]) -> Validation:
    """Check the workspace, or the workspaces and files named. Raises NotConfigured, NotFound."""
    if paths:
        return Validation(report_paths([Path(path) for path in paths]))
    folder = locate(settings)
    return Validation(report_workspace(folder))


def explained_rule(rule: str) -> str:
    """Return what a rule finds and why. Raises WrongUse for one that is not there."""
    from crmctl.config.rule_list import explain

    return explain(rule)


def known_rules() -> list[tuple[str, Severity, str]]:
    """Return the id and the severity of every rule, and what it finds in a sentence."""
    from crmctl.config.rule_list import list_rules

    return [(info.rule.id, info.rule.severity, info.summary) for info in list_rules()]

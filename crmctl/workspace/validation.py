"""`validate`: what is wrong with the configuration, with the text at fault."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import Report, report_paths, report_workspace
from crmctl.errors import WrongUse
from crmctl.model.finding import Finding, Severity
from crmctl.rules.audit import RULES
from crmctl.text import plural
from crmctl.workspace.auditing import Audited, audit_records
from crmctl.workspace.workspace import Settings, locate, open_workspace


class Validation(msgspec.Struct, frozen=True):
    """Findings by place, and the files and records that were looked at."""

    report: Report
    data: Audited = Audited()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in files sorted by place, then in records in their order."""
        return (*self.report.findings, *self.data.findings)

    @property
    def checked(self) -> str:
        """What was looked at: `8 files and 2,000 records`."""
        files = plural(len(self.report.files), "file")
        return f"{files} and {plural(self.data.records, 'record')}" if self.data.records else files

    def source(self, path: str, line: int) -> str | None:
        """Return a line of a file that was looked at."""
        return line_of(self.report.files.get(path), line)

    def failed(self, *, strict: bool) -> bool:
        """Tell whether the answer is no: an error, or under `strict` a warning."""
        return any(strict or finding.severity is Severity.ERROR for finding in self.findings)


def line_of(file: Path | None, line: int) -> str | None:
    """Return a line of a file, counted from 1, or nothing where there is none to show."""
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines() if file else []
    except OSError:
        return None
    return lines[line - 1] if 0 < line <= len(lines) else None


def validate(settings: Settings, paths: Sequence[str], *, data: bool = False) -> Validation:
    """Check the workspace, or the workspaces and files named; with `data` the records of the workspace, too.

    Records are looked at only where the configuration is in order. Raises NotConfigured, NotFound, WrongUse.
    """
    if paths and data:
        raise WrongUse("--data looks at the records of a workspace, not at files", hint="name it with -C DIR")
    if paths:
        return Validation(report_paths([Path(path) for path in paths]))
    found = Validation(report_workspace(locate(settings)))
    if not data or not found.report.usable:
        return found
    return Validation(found.report, audit_records(open_workspace(settings)))


def explained_rule(rule: str) -> str:
    """Return what a rule finds and why. Raises WrongUse for one that is not there."""
    from crmctl.config.rule_list import explain

    if rule in RULES:
        return RULES[rule][1]
    return explain(rule)


def known_rules() -> list[tuple[str, Severity, str]]:
    """Return the id and the severity of every rule, and what it finds in a sentence."""
    from crmctl.config.rule_list import list_rules

    rules = [(info.rule.id, info.rule.severity, info.summary) for info in list_rules()]
    return [*rules, *((rule, severity, told) for rule, (severity, told) in RULES.items())]

"""Findings for people, editors and CI: a module for each format, loaded when it is asked for."""

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Protocol, cast

from crmctl.errors import WrongUse
from crmctl.model.finding import Finding, Severity
from crmctl.render.colour import PLAIN, Style
from crmctl.text import did_you_mean, plural

FINDING_FORMATS = ("text", "parsable", "json", "github", "sarif", "junit")
"""Every name that `validate -o` takes."""

SourceLine = Callable[[str, int], str | None]
"""Gives a line of a file, counted from 1, or nothing where there is none to show."""


class _Format(Protocol):
    def findings(self, findings: Sequence[Finding], source: SourceLine, style: Style, /) -> str: ...


def no_source(_path: str, _line: int) -> str | None:
    """Give no line: for findings about records."""
    return None


def render_findings(
    name: str, findings: Sequence[Finding], source: SourceLine = no_source, style: Style = PLAIN
) -> str:
    """Return findings, in the order given, in the format of a name. Raises WrongUse for an unknown one."""
    if name not in FINDING_FORMATS:
        hint = did_you_mean(name, FINDING_FORMATS) or "one of: " + ", ".join(FINDING_FORMATS)
        raise WrongUse(f'unknown output format "{name}"', hint=hint)
    module = import_module(f"crmctl.render.findings.{name}")
    return cast(_Format, module).findings(findings, source, style)


def summary(findings: Collection[Finding], checked: int, noun: str = "file") -> str:
    """Return how many there are of each severity: `3 errors, 1 warning in 5 files`."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    counts = [plural(errors, "error")] if errors else []
    counts += [plural(warnings, "warning")] if warnings else []
    return f"{', '.join(counts) or 'no errors'} in {plural(checked, noun)}"

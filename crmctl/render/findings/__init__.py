"""Findings for people, editors and CI: a module for each format, loaded when it is asked for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

import msgspec

from crmctl.model.finding import Finding, Severity
from crmctl.render.colour import PLAIN, Style
from crmctl.render.format_names import FINDING_FORMATS, check_format
from crmctl.text import plural

SourceLine = Callable[[str, int], str | None]
"""Gives a line of a file, counted from 1, or nothing where there is none to show."""


def no_source(_path: str, _line: int) -> str | None:
    """Give no line: for findings about records."""
    return None


class Background(msgspec.Struct, frozen=True):
    """What some formats tell besides: lines of the files, explanations of the rules by id, a sentence first.

    Under `strict` warnings fail.
    """

    line: SourceLine = no_source
    explanations: Mapping[str, str] = {}
    strict: bool = False

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding makes the answer a no."""
        return self.strict or finding.severity is Severity.ERROR


NOTHING = Background()


class _Format(Protocol):
    def findings(self, findings: Sequence[Finding], background: Background, style: Style, /) -> str: ...


def render_findings(
    name: str, findings: Sequence[Finding], background: Background = NOTHING, style: Style = PLAIN
) -> str:
    """Return findings, in the order given, in the format of a name. Raises WrongUse for an unknown one."""
    check_format(name, FINDING_FORMATS)
    module = import_module(f"crmctl.render.findings.{name}")
    return cast(_Format, module).findings(findings, background, style)


def rules_text(rules: Sequence[tuple[str, Severity, str]]) -> str:
    """Return a line for each rule: its id, its severity and what it finds."""
    width = max((len(rule) for rule, _, _ in rules), default=0)
    return "".join(f"{rule:{width}}  {severity:7}  {finds}\n" for rule, severity, finds in rules)


def summary(findings: Collection[Finding], checked: str, left_out: int = 0) -> str:
    """Return how many there are of each severity in what was looked at: `3 errors, 1 warning in 5 files`.

    `left_out` is how many more there are that nobody asked for.
    """
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    counts = [plural(errors, "error")] if errors else []
    counts += [plural(warnings, "warning")] if warnings else []
    unasked = f", {plural(left_out, 'finding')} left out" if left_out else ""
    return f"{', '.join(counts) or 'no errors'} in {checked}{unasked}"

"""Findings as a JUnit test suite: a case for each, failed if it fails the check; one passed case for none."""

from collections.abc import Sequence

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.xml_text import attribute, content


def findings(findings: Sequence[Finding], background: Background, _style: Style) -> str:
    """Return the suite as a document."""
    failures = sum(map(background.fails, findings))
    cases = [_case(each, failed=background.fails(each)) for each in findings] or [
        '    <testcase name="configuration" classname="crmctl"/>'
    ]
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="crmctl" {counts}>',
        f'  <testsuite name="crmctl validate" {counts}>',
        *cases,
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(finding: Finding, *, failed: bool) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    text = content(f"{place}: {finding.severity}: {finding.message}{hint}")
    name = f"name={attribute(f'{finding.rule} at {place}')} classname={attribute(finding.path)}"
    if failed:
        attributes = f"message={attribute(finding.message)} type={attribute(finding.rule)}"
        inner = f"<failure {attributes}>{text}</failure>"
    else:
        inner = f"<system-out>{text}</system-out>"
    return f"    <testcase {name}>{inner}</testcase>"

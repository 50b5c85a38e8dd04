"""Findings as a JUnit test suite: a case for each, failed if it fails the check; one passed case for none."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.text import visible


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
    text = escape(_allowed(f"{place}: {finding.severity}: {finding.message}{hint}"))
    name = f"name={_attribute(f'{finding.rule} at {place}')} classname={_attribute(finding.path)}"
    if failed:
        attributes = f"message={_attribute(finding.message)} type={_attribute(finding.rule)}"
        inner = f"<failure {attributes}>{text}</failure>"
    else:
        inner = f"<system-out>{text}</system-out>"
    return f"    <testcase {name}>{inner}</testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    """Return text with the characters that XML 1.0 cannot hold shown as escapes."""
    return visible(text, multiline=True).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")

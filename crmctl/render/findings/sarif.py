"""Findings in SARIF 2.1.0, which code hosts and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Sequence
from urllib.parse import quote

from crmctl import __version__
from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import SourceLine
from crmctl.render.json_text import pretty

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def findings(findings: Sequence[Finding], _source: SourceLine, _style: Style) -> str:
    """Return one run of one tool, with the rules that found something."""
    rules = sorted({each.rule for each in findings})
    driver = {"name": "crmctl", "version": __version__, "rules": [{"id": rule} for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each.rule)) for each in findings],
    }
    return pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(finding: Finding, rule_index: int) -> dict[str, object]:
    text = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    place: dict[str, object] = {"artifactLocation": {"uri": quote(finding.path.replace("\\", "/"))}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column or 1}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }

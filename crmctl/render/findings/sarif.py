"""Findings in SARIF 2.1.0, which code hosts and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Sequence
from urllib.parse import quote

from crmctl import __version__
from crmctl.model.finding import Finding
from crmctl.render.colour import Style
from crmctl.render.findings import Background
from crmctl.render.json_text import pretty

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def findings(findings: Sequence[Finding], background: Background, _style: Style) -> str:
    """Return one run of one tool, with the rules that found something."""
    rules = sorted({each.rule for each in findings})
    driver = {"name": "crmctl", "version": __version__, "rules": [_rule(each, background) for each in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each.rule)) for each in findings],
    }
    return pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule_id: str, background: Background) -> dict[str, object]:
    explanation = background.explanations.get(rule_id)
    if explanation is None:
        return {"id": rule_id}
    first, _, rest = explanation.partition("\n\n")
    return {
        "id": rule_id,
        "shortDescription": {"text": " ".join(first.split())},
        "fullDescription": {"text": rest.strip() or first},
        "help": {"text": explanation, "markdown": explanation},
    }


def _uri(path: str) -> str:
    """Return a path as an address: one from the root says so."""
    address = quote(path.replace("\\", "/"))
    return f"file://{address}" if address.startswith("/") else address


def _result(finding: Finding, rule_index: int) -> dict[str, object]:
    text = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.path)}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column or 1}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }

"""Writing what a check found, and what it looks for."""

import os
from collections.abc import Sequence

from crmctl.cli.output import Output
from crmctl.render.findings import Background, render_findings, rules_text, summary
from crmctl.render.format_names import check_format
from crmctl.workspace.known_rules import KnownRule, known_rules
from crmctl.workspace.validation import Validation


def emit_findings(output: Output, found: Validation, *, strict: bool) -> None:
    """Write the findings, as annotations where GitHub runs us, and their number."""
    name = output.format or usual_format()
    explanations = {rule.id: rule.explanation for rule in known_rules()} if name == "sarif" else {}
    background = Background(found.source, explanations, strict)
    output.text(render_findings(name, found.findings, background, output.style))
    output.status(summary(found.findings, found.checked, found.left_out))


def emit_rules(output: Output, rules: Sequence[KnownRule]) -> None:
    """Write a line for each rule, or all that is known of them as JSON. Raises WrongUse for other formats."""
    if _is_json(output):
        output.json([_as_json(rule) for rule in rules])
    else:
        output.text(rules_text([(rule.id, rule.severity, rule.finds) for rule in rules]))


def emit_explanation(output: Output, rule: KnownRule) -> None:
    """Write what a rule finds, and why, or all that is known of it as JSON. Raises WrongUse for other formats."""
    if _is_json(output):
        output.json(_as_json(rule))
    else:
        output.data(rule.explanation)


def _is_json(output: Output) -> bool:
    if output.format:
        check_format(output.format, ("text", "json"))
    return output.format == "json"


def _as_json(rule: KnownRule) -> dict[str, object]:
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "silenceable": rule.silenceable,
        "finds": rule.finds,
        "explanation": rule.explanation,
    }


def usual_format() -> str:
    """Return how checks tell where no format is asked for: as annotations where GitHub runs us."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"

"""docs/configuration.md lists every rule of `crmctl validate` with the first sentence of its explanation.

To print the table anew, from the repository's root:

    .venv/bin/python -m tests.docs.test_rules_table
"""

from collections.abc import Iterator
from pathlib import Path

from crmctl.config.reading_rules import READING_RULES
from crmctl.config.rules import rule_modules
from crmctl.rules.audit import RULES

PAGE = Path(__file__).parent.parent.parent / "docs" / "configuration.md"
_LEVELS = ("| `syntax-", "| `schema-", "| `reference-", "| `style-", "| `data-")


def rows() -> Iterator[str]:
    """Yield the table's rows: a star marks rules that a comment may silence, (w) those that warn."""
    for name, explanation in READING_RULES.items():
        yield f"| `{name}` | {_first(explanation)} |"
    for module in rule_modules():
        marks = " (w)" if module.rule.severity.value == "warning" else ""
        marks += "" if module.rule.needed else " \\*"
        yield f"| `{module.rule.id}`{marks} | {_first(module.explanation)} |"
    for name, (severity, finds) in RULES.items():
        yield f"| `{name}`{' (w)' if severity.value == 'warning' else ''} | {finds} |"


def _first(explanation: str) -> str:
    return " ".join(explanation.strip().split("\n\n")[0].split())


def test_the_table_of_rules_is_what_validate_has() -> None:
    shown = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(_LEVELS)]
    assert list(rows()) == shown


if __name__ == "__main__":
    print("\n".join(rows()))

"""Every rule has folders that pass and folders that fail; what fails stands in `expected.txt` beside the files."""

from pathlib import Path

import pytest

from crmctl.config.check import report_paths
from crmctl.config.rule_list import list_rules
from crmctl.model.finding import Severity

FOLDER = Path(__file__).parent / "rules"
TESTED_ELSEWHERE = {"syntax-file", "syntax-too-large"}
"""Rules whose examples would not be small files."""


def cases(kind: str) -> list[object]:
    found = sorted(FOLDER.glob(f"*/{kind}/*"))
    return [pytest.param(case, id=f"{case.parts[-3]}-{case.name}") for case in found]


def told(case: Path, rule: str = "") -> list[str]:
    findings = report_paths([case]).findings
    prefix = f"{case.as_posix()}/"
    return [
        f"{found.path.removeprefix(prefix)}:{found.line}:{found.column}: {found.message}"
        for found in findings
        if rule in ("", found.rule)
    ]


@pytest.mark.parametrize("case", cases("pass"))
def test_an_example_that_passes_has_no_finding_at_all(case: Path) -> None:
    assert told(case) == []


@pytest.mark.parametrize("case", cases("fail"))
def test_an_example_that_fails_is_told_of_at_the_places_expected(case: Path) -> None:
    assert told(case, case.parts[-3]) == (case / "expected.txt").read_text().splitlines()


def test_every_rule_has_examples_that_pass_and_that_fail() -> None:
    rules = {info.rule.id for info in list_rules()} - TESTED_ELSEWHERE
    for kind in ("pass", "fail"):
        assert {case.parts[-3] for case in FOLDER.glob(f"*/{kind}/*")} == rules


def test_every_rule_is_listed_with_a_sentence_by_its_level() -> None:
    rules = list_rules()
    levels = [info.rule.level for info in rules]
    assert levels == sorted(levels, key=["syntax", "schema", "reference", "style"].index)
    assert all(info.summary.endswith(".") for info in rules)


def test_only_style_rules_and_absent_figures_are_warnings() -> None:
    warnings = {info.rule.id for info in list_rules() if info.rule.severity is Severity.WARNING}
    assert {rule for rule in warnings if not rule.startswith("style-")} == {"reference-data-file"}


def test_a_rule_explains_what_is_wrong_and_why() -> None:
    (text,) = (info.explanation for info in list_rules() if info.rule.id == "style-statistical-stage")
    assert text.startswith("A stage only records a statistic.")
    assert "Не дозвонились" in text

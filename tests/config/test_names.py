"""Names of stages in Russian and English, line by line, that the rules of style let pass and that they find.

They lie beside the examples of the rule: `rules/RULE/names-that-pass.txt` and `names-that-fail.txt`.
"""

from pathlib import Path

import pytest

from crmctl.config.check import report_paths

RULES = Path(__file__).parent / "rules"
LISTS = sorted(RULES.glob("*/names-that-*.txt"))
PIPELINE = """\
version: 1
pipeline: leads
record: lead
stages:
  - {{stage: first, title: '{first}'}}
  - {{stage: second, title: '{second}'}}
  - {{stage: won, outcome: won}}
  - {{stage: lost, outcome: lost, require: [reject_reason]}}
"""
PLACES = {
    "style-first-stage": (5, "{name}", "Обсудить погоду"),
    "style-statistical-stage": (6, "Обсудить погоду", "{name}"),
}
"""The line on which each rule looks at a name, and the names of the two stages."""


@pytest.mark.parametrize("names", LISTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_names_are_told_apart(names: Path, tmp_path: Path) -> None:
    rule = names.parent.name
    line, first, second = PLACES[rule]
    expected = [(rule, line)] if names.stem.endswith("fail") else []
    wrong = {}
    for name in names.read_text("utf-8").splitlines():
        quoted = name.replace("'", "''")
        text = PIPELINE.format(first=first.format(name=quoted), second=second.format(name=quoted))
        (tmp_path / "leads.yaml").write_text(text, "utf-8")
        found = [(each.rule, each.line) for each in report_paths([tmp_path]).findings]
        told = [each for each in found if each[0] == rule or each[0].partition("-")[0] != "style"]
        if told != expected:
            wrong[name] = found
    assert wrong == {}


def test_no_name_is_said_to_pass_and_to_fail() -> None:
    for rule in PLACES:
        passing, failing = (
            set((RULES / rule / f"names-that-{verdict}.txt").read_text("utf-8").splitlines())
            for verdict in ("pass", "fail")
        )
        assert len(passing) > 60
        assert len(failing) > 40
        assert passing & failing == set()


def test_a_name_of_any_length_is_read_in_one_go(tmp_path: Path) -> None:
    """The test would not end if time grew with the square of the length."""
    for unit in ("- ", ",,", "а ", "create ", "не ", "1"):
        text = PIPELINE.format(first=unit * 100_000, second="Обсудить погоду")
        (tmp_path / "leads.yaml").write_text(text, "utf-8")
        assert not any(each.rule.startswith("syntax") for each in report_paths([tmp_path]).findings)

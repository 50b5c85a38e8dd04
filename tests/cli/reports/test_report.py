"""`crmctl report`: what all reports have in common as commands."""

import json

import pytest

from crmctl.cli.commands.report import OWN
from crmctl.reports.standard import report_names


@pytest.mark.parametrize(("typed", "meant"), [("winlos", "winloss"), ("funel", "funnel"), ("lits", "list")])
def test_a_mistyped_report_is_wrong_use_with_the_one_that_is_meant(
    workspace, crm, typed: str, meant: str
) -> None:
    ran = crm("report", typed)
    assert (ran.code, ran.err) == (2, f'error: no report "{typed}"\nhint: did you mean "{meant}"?\n')
    assert "crmctl report list" in crm("report", "xyzzy").err


def test_a_report_with_a_command_of_its_own_is_a_report_as_well(workspace, crm) -> None:
    assert crm("report", "funnel", "--mode", "reached").out == crm("funnel", "--mode", "reached").out
    for name in OWN:
        told, own = crm("report", name, "--help").out, crm(name, "--help").out
        assert told.partition("\n")[2] == own.partition("\n")[2]


def test_the_list_of_reports_names_each_once(workspace, crm) -> None:
    listed = [row["report"] for row in json.loads(crm("report", "list", "-o", "json").out)]
    assert sorted(listed) == sorted({"funnel", *report_names()})


def test_the_options_of_all_reports_stand_apart_from_those_of_one(workspace, crm) -> None:
    own, _, rest = crm("funnel", "--help").out.partition("\nReport:\n")
    assert "--mode" in own
    assert "--period" not in own
    shared, _, _ = rest.partition("\nReading:\n")
    assert [name for name in ("--pipeline", "--by", "--ids", "--fail-if") if name not in shared] == []

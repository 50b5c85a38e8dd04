"""`duplicates --plan` and `merge --plan`: a plan that people review, change, and carry out, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from crmctl.config.schema_check import check
from crmctl.config.yaml_reader import read

CLIENT = ("-s", "contact_type=client")


@pytest.fixture
def plan(workspace: Path, crm) -> Path:
    """A plan of two groups: C-1 and C-2, who are one, and C-3 and C-4, of whom that is doubtful."""
    for position in ("Менеджер", "Директор"):
        crm(
            "create",
            "contact",
            "--allow-duplicate",
            "-s",
            "first_name=Иван",
            "-s",
            "last_name=Петров",
            *CLIENT,
            "-s",
            "email=i@b.example",
            "-s",
            f"position={position}",
        )
    for first, last in (("Анна", "Белая"), ("Олег", "Чёрный")):
        crm(
            "create",
            "contact",
            "--allow-duplicate",
            "-s",
            f"first_name={first}",
            "-s",
            f"last_name={last}",
            *CLIENT,
            "-s",
            "phone=0501234567",
        )
    ran = crm("duplicates", "contacts", "--plan", "merge.yaml")
    assert ran.code == 0, ran.err
    assert "2 groups written to merge.yaml, 1 to be merged: crmctl merge --plan merge.yaml" in ran.err
    return workspace / "merge.yaml"


def change(plan: Path, old: str, new: str) -> None:
    text = plan.read_text("utf-8")
    assert old in text
    plan.write_text(text.replace(old, new), "utf-8")


def shown(crm, record: str) -> dict[str, Any]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_a_plan_keeps_to_its_schema_and_shows_titles(plan: Path, crm) -> None:
    document = read(plan.read_bytes(), "merge.yaml")
    assert (list(document.findings), check(document, "merge-plan")) == ([], [])
    sure, doubtful = document.data["groups"]
    assert (sure["merge"], sure["winner"], sure["losers"]) == (True, "C-1", ["C-2"])
    assert sure["fields"]["position"] == {"take": "C-1", "values": {"C-1": "Менеджер", "C-2": "Директор"}}
    assert (doubtful["merge"], bool(doubtful["doubtful"])) == (False, True)
    assert '# C-1 "Иван Петров"' in plan.read_text("utf-8")
    assert crm("validate", "--strict").code == crm("validate").code


def test_what_a_plan_says_is_done_once(plan: Path, crm, workspace: Path) -> None:
    told = json.loads(crm("merge", "--plan", "merge.yaml", "--yes", "-o", "json").out)
    assert ([each["winner"] for each in told["merged"]], told["passed_over"]) == (["C-1"], 1)
    assert shown(crm, "C-3")["first_name"] == "Анна"
    content = (workspace / "crm.json").read_bytes()
    again = crm("merge", "--plan", "merge.yaml", "--yes")
    assert (again.code, "1 group was merged before" in again.err) == (0, True)
    assert (workspace / "crm.json").read_bytes() == content


@pytest.mark.parametrize(("take", "position"), [("C-2", "Директор"), ('"Владелец"', "Владелец")])
def test_whose_value_holds_is_the_reviewers_choice(plan: Path, crm, take: str, position: str) -> None:
    change(plan, "position: {take: C-1", f"position: {{take: {take}")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert shown(crm, "C-1")["position"] == position


def test_who_stays_is_the_reviewers_choice(plan: Path, crm) -> None:
    change(plan, "winner: C-1\n    losers: [C-2]", "winner: C-2\n    losers: [C-1]")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert shown(crm, "C-2")["position"] == "Менеджер"


def test_a_doubtful_group_is_merged_where_somebody_says_so(plan: Path, crm) -> None:
    change(plan, "merge: false", "merge: true")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert "C-4 was merged into C-3" in crm("show", "C-4").err


def test_what_moved_on_since_is_refused_and_named(plan: Path, crm) -> None:
    change(plan, "merge: false", "merge: true")
    crm("update", "C-2", "-s", "position=Владелец")
    refused = crm("merge", "--plan", "merge.yaml", "--yes")
    assert refused.code == 1
    assert "C-2" in refused.err
    assert "position changed since" in refused.err
    assert crm("show", "C-4").code == 0
    partly = crm("merge", "--plan", "merge.yaml", "--yes", "--partial", "-o", "json")
    told = json.loads(partly.out)
    assert (partly.code, told["refused"][0]["record"]) == (7, "C-2")
    assert "C-4 was merged into C-3" in crm("show", "C-4").err
    assert crm("show", "C-2").code == 0


def test_a_group_of_which_a_record_is_gone_is_refused(plan: Path, crm) -> None:
    crm("delete", "C-2", "--yes")
    refused = crm("merge", "--plan", "merge.yaml", "--yes")
    assert (refused.code, "C-2 is in the trash" in refused.err) == (4, True)


def test_a_plan_asks(plan: Path, crm) -> None:
    refused = crm("merge", "--plan", "merge.yaml")
    assert (refused.code, "merge 1 record into 1" in refused.err) == (2, True)


def test_undo_takes_a_whole_plan_back(plan: Path, crm) -> None:
    change(plan, "merge: false", "merge: true")
    crm("merge", "--plan", "merge.yaml", "--yes")
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "contacts", "--count").out.strip() == "4"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1", "version: 2", "merge.yaml:5"),
        ("winner: C-1", "winer: C-1", "winer"),
        ("losers: [C-2]", "losers: []", "losers"),
        ("losers: [C-2]", "losers: [C-2, C-3]", "revision of C-3"),
        ("losers: [C-2]", "losers: [O-2]", "O-2 is no contact"),
        ("losers: [C-2]", "losers: [C-1]", "stands in the plan already"),
        ("record: contact", "record: deal", "is no deal"),
        ("position: {", "positoin: {", 'no field "positoin"'),
        ("position: {take: C-1", "position: {take: C-9", "C-9 is none of the records"),
        ("position: {take: C-1", "position: {take: all", "position takes one value"),
        ("merge: true", "merge: yes please: x", "merge.yaml"),
        ("{take: C-1,", "{take: &a C-1,", "anchor"),
    ],
)
def test_a_plan_that_is_none_is_refused_with_its_line(plan: Path, crm, old: str, new: str, told: str) -> None:
    change(plan, old, new)
    refused = crm("merge", "--plan", "merge.yaml", "--yes")
    assert (refused.code, told in refused.err) == (2, True), refused.err
    assert crm("show", "C-2").code == 0


def test_a_plan_that_is_not_there_is_not_found(workspace: Path, crm) -> None:
    assert crm("merge", "--plan", "no.yaml", "--yes").code == 4


@pytest.mark.parametrize(
    "name", ["crmctl.yaml", "tasks.yaml", "pipelines/merge.yaml", "crm.json", ".crmctl/x.yaml"]
)
def test_a_plan_takes_the_place_of_nothing_of_the_workspace(
    plan: Path, crm, workspace: Path, name: str
) -> None:
    path = workspace / name
    before = path.read_bytes() if path.exists() else None
    assert crm("duplicates", "contacts", "--plan", name).code == 2
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_plan_goes_to_standard_output_and_comes_from_standard_input(
    plan: Path, crm, shell, workspace: Path
) -> None:
    ran = shell("crmctl duplicates contacts --plan - | crmctl merge --plan - --yes", workspace)
    assert ran.returncode == 0, ran.stderr
    assert "C-2 was merged into C-1" in crm("show", "C-2").err


def test_titles_and_values_of_any_kind_come_through(workspace: Path, crm) -> None:
    odd = "a: [b] # \u2028 \x85 '\"\\ \U0001f600 {c}"
    for comment in (odd, "x"):
        crm(
            "create",
            "contact",
            odd,
            "--allow-duplicate",
            *CLIENT,
            "-s",
            "email=i@b.example",
            "-s",
            f"comment={comment}",
        )
    assert crm("duplicates", "contacts", "--plan", "merge.yaml").code == 0
    change(workspace / "merge.yaml", "comment: {take: C-1", "comment: {take: C-2")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert shown(crm, "C-1")["comment"] == "x"


def test_a_plan_holds_again_once_its_merge_was_taken_back(plan: Path, crm) -> None:
    for _ in range(2):
        assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
        assert crm("show", "C-2").code == 4
        assert crm("undo", "--yes").code == 0
    crm("update", "C-1", "-s", "position=Владелец")
    refused = crm("merge", "--plan", "merge.yaml", "--yes")
    assert (refused.code, ": position changed since" in refused.err) == (1, True)


def test_who_was_deleted_and_restored_is_as_the_plan_has_it(plan: Path, crm) -> None:
    crm("delete", "C-2", "--yes")
    crm("restore", "C-2")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0

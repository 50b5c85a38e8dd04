"""`assign`: to one user, in turn, or to whoever has least; the turns are kept with the data."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

USERS = """
users:
  - {id: anna, team: sales}
  - {id: oleg, team: sales}
  - {id: ira, team: sales}
"""


@pytest.fixture
def leads(workspace: Path, crm) -> Path:
    path = workspace / "crmctl.yaml"
    text = path.read_text("utf-8")
    assert "\nusers:" not in text
    path.write_text(text + USERS, "utf-8")
    documents = [{"title": f"lead {number}"} for number in range(1, 13)]
    assert crm("create", "lead", "--from", "-", "--user", "cron", stdin=json.dumps(documents)).code == 0
    return workspace


def owners(crm, *ids: str) -> list[str | None]:
    return [json.loads(crm("show", each, "-o", "json").out).get("owner") for each in ids]


def test_turns_go_on_where_the_last_command_stopped(leads: Path, crm) -> None:
    crm("assign", "L-1", "--round-robin", "sales")
    crm("assign", "L-2", "L-3", "--round-robin", "anna,oleg,ira")
    crm("assign", "L-4", "--round-robin", "sales", "--user", "oleg")
    assert owners(crm, "L-1", "L-2", "L-3", "L-4") == ["anna", "oleg", "ira", "anna"]


def test_the_action_of_a_stage_takes_the_same_turns(leads: Path, crm, edit) -> None:
    edit("pipelines/leads.yaml", "stage: new,", "stage: new, on_enter: [{assign: {round_robin: sales}}],")
    crm("assign", "L-1", "--round-robin", "sales")
    crm("create", "lead", "new")
    crm("assign", "L-2", "--round-robin", "sales")
    assert owners(crm, "L-1", "L-13", "L-2") == ["anna", "oleg", "ira"]


def test_a_turn_that_is_undone_is_given_again_and_an_undone_undo_takes_it_back(leads: Path, crm) -> None:
    crm("assign", "L-1", "--round-robin", "sales")
    crm("assign", "L-2", "--round-robin", "sales")
    crm("undo")
    crm("assign", "L-2", "--round-robin", "sales")
    assert owners(crm, "L-2") == ["oleg"]
    crm("undo")
    assert crm("undo", "6").code == 0
    crm("assign", "L-3", "--round-robin", "sales")
    assert owners(crm, "L-2", "L-3") == ["oleg", "ira"]


def test_a_dry_run_and_a_refusal_take_no_turn(leads: Path, crm, edit) -> None:
    assert (
        crm("assign", "L-1", "--round-robin", "sales", "-n").out.splitlines()[1]
        == "  ~ owner: (empty) -> anna"
    )
    assert crm("assign", "L-1", "L-99", "--round-robin", "sales").code == 4
    crm("assign", "L-1", "--round-robin", "sales")
    assert owners(crm, "L-1") == ["anna"]


def test_a_record_that_is_refused_on_the_way_takes_no_turn(leads: Path, crm, edit) -> None:
    stage = "stage: in_work, require: [source], on_enter: [{assign: {round_robin: sales}}, {set: {stage: qualified}}],"
    edit("pipelines/leads.yaml", "stage: in_work,", stage)
    edit("pipelines/leads.yaml", "outcome: won", "outcome: won, require: [email]")
    address = ("-s", "source=call", "-s", "email=a@b.ua")
    crm("update", "L-2", *address)
    assert crm("move", "L-1", "in_work", "-s", "source=call").code == 1
    assert crm("move", "L-1", "L-2", "in_work", "--partial").code == 7
    assert owners(crm, "L-1", "L-2") == [None, "anna"]


def test_a_group_that_changes_begins_anew(leads: Path, crm, edit) -> None:
    crm("assign", "L-1", "--round-robin", "sales")
    edit("crmctl.yaml", "  - {id: anna, team: sales}\n", "  - {id: zoe, team: sales}\n")
    crm("assign", "L-2", "--round-robin", "sales")
    assert owners(crm, "L-2") == ["zoe"]


def test_two_commands_at_once_share_the_turns(leads: Path, shell: Callable[..., object], crm) -> None:
    one = "; ".join(f"crmctl assign L-{number} --round-robin sales -q" for number in range(1, 7))
    two = "; ".join(f"crmctl assign L-{number} --round-robin sales -q" for number in range(7, 13))
    ran = shell(f"( {one} ) & ( {two} ); wait", leads)
    assert isinstance(ran, subprocess.CompletedProcess)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert Counter(owners(crm, *(f"L-{n}" for n in range(1, 13)))) == {"anna": 4, "oleg": 4, "ira": 4}


def test_least_loaded_counts_open_records_of_the_same_type(leads: Path, crm) -> None:
    crm("assign", "L-1", "L-2", "--to", "anna")
    crm("assign", "L-3", "--to", "oleg")
    crm("reject", "L-1", "--reason", "spam")
    for _ in range(3):
        crm("create", "deal", "old", "--pipeline", "wholesale", "-s", "owner=ira")
    crm("assign", "L-4", "L-5", "L-6", "--least-loaded", "sales")
    assert owners(crm, "L-4", "L-5", "L-6") == ["ira", "anna", "oleg"]
    crm("create", "deal", "new", "--pipeline", "wholesale")
    crm("assign", "D-4", "--least-loaded", "ira,oleg")
    assert owners(crm, "D-4") == ["oleg"]


def test_what_is_reassigned_does_not_weigh_on_its_present_owner(leads: Path, crm) -> None:
    crm("assign", "L-1", "L-2", "--to", "anna")
    crm("assign", "L-3", "--to", "oleg")
    ran = crm("assign", "L-1", "L-2", "L-3", "--least-loaded", "anna,oleg")
    assert owners(crm, "L-1", "L-2", "L-3") == ["anna", "anna", "oleg"]
    assert ran.err == "nothing to change\n"


def test_contacts_have_no_stages_and_all_count(leads: Path, crm) -> None:
    crm("create", "contact", "A", "-s", "contact_type=client", "-s", "owner=anna")
    crm("create", "contact", "B", "-s", "contact_type=client")
    crm("assign", "C-2", "--least-loaded", "anna,oleg")
    assert owners(crm, "C-2") == ["oleg"]


@pytest.mark.parametrize(
    ("option", "name", "hint"),
    [
        ("--round-robin", "salse", 'did you mean "sales"?'),
        ("--least-loaded", "olge", 'did you mean "oleg"?'),
        ("--to", "sales", "--round-robin and --least-loaded share out to a team"),
        ("--to", "nobody", "one of: anna, oleg, ira"),
    ],
)
def test_unknown_users_and_teams_are_refused_whatever_the_ids(
    leads: Path, crm, option: str, name: str, hint: str
) -> None:
    ran = crm("assign", "-", option, name, stdin="")
    assert (ran.code, f"hint: {hint}" in ran.err) == (2, True)


def test_from_ten_records_on_a_yes_is_needed(leads: Path, crm) -> None:
    ids = crm("list", "leads", "-o", "ids").out
    assert crm("assign", "-", "--round-robin", "sales", stdin=ids).code == 2
    ran = crm("assign", "-", "--round-robin", "sales", "--yes", stdin=ids)
    assert (ran.code, ran.err) == (0, "R-2: 12 records changed (undo: crmctl undo R-2)\n")

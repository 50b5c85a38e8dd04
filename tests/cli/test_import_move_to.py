"""`import --move-to`: files that are in are put aside, and nothing of the workspace is."""

import json
import os
from pathlib import Path

import pytest

GOOD = "title\nИрина\n"


@pytest.fixture
def write(workspace: Path):
    def write(name: str, text: str = GOOD) -> str:
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text, "utf-8")
        return name

    return write


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_is_in_is_moved_into_a_folder_that_is_made_for_it(write, crm, workspace: Path) -> None:
    ran = crm("import", "leads", write("in/leads.csv"), "--move-to", "old/done")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "in/leads.csv moved to old/done/leads.csv")
    assert (names(workspace / "in"), names(workspace / "old" / "done")) == ([], ["leads.csv"])
    assert (workspace / "old" / "done" / "leads.csv").read_text("utf-8") == GOOD


def test_a_name_that_is_taken_gets_a_number(write, crm, workspace: Path) -> None:
    for n in range(3):
        assert crm("import", "leads", write("leads.csv", f"title\n{n}\n"), "--move-to", "done").code == 0
    assert names(workspace / "done") == ["leads-2.csv", "leads-3.csv", "leads.csv"]
    assert [(workspace / "done" / each).read_text() for each in ("leads.csv", "leads-2.csv")] == [
        "title\n0\n",
        "title\n1\n",
    ]


def test_a_file_that_is_in_but_for_its_rejects_is_moved(write, crm, workspace: Path) -> None:
    name = write("leads.csv", "title,email\nИрина,\nОлег,bad\n")
    assert crm("import", "leads", name, "--move-to", "done").code == 1
    assert not (workspace / "done").exists()
    ran = crm("import", "leads", name, "--move-to", "done", "--partial", "-o", "json")
    assert ran.code == 7
    moved = [{"file": "leads.csv", "to": "done/leads.csv", "problem": None}]
    assert json.loads(ran.out)["moved"] == moved


def test_a_dry_run_standard_input_and_what_lies_there_already_stay(write, crm, workspace: Path) -> None:
    assert crm("import", "leads", write("leads.csv"), "--move-to", "done", "-n").code == 0
    assert not (workspace / "done").exists()
    assert crm("import", "leads", "-", "--move-to", "done", stdin=GOOD).code == 0
    assert not (workspace / "done").exists()
    assert crm("import", "leads", write("done/more.csv"), "--move-to", "done").code == 0
    assert names(workspace / "done") == ["more.csv"]


def test_a_file_that_cannot_be_moved_is_told_of_and_is_imported_all_the_same(
    write, crm, workspace: Path
) -> None:
    (workspace / "done").symlink_to("nowhere/at/all")
    ran = crm("import", "leads", write("leads.csv"), "--move-to", "done")
    assert ran.code == 2
    (workspace / "done").unlink()
    long = "x" * 250
    ran = crm("import", "leads", write("leads.csv"), "--move-to", f"{long}/{long}{long}")
    assert ran.code == 0
    assert "warning: leads.csv was imported, but not moved: " in ran.err
    assert (workspace / "leads.csv").exists()
    assert crm("list", "leads", "--count").out == "1\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_nothing_is_left_half_moved_where_a_file_cannot_leave_its_folder(write, crm, workspace: Path) -> None:
    write("in/leads.csv")
    (workspace / "in").chmod(0o500)
    try:
        ran = crm("import", "leads", "in/leads.csv", "--move-to", "done")
    finally:
        (workspace / "in").chmod(0o700)
    assert ran.code == 0
    assert "but not moved" in ran.err
    assert (names(workspace / "in"), names(workspace / "done")) == (["leads.csv"], [])


@pytest.mark.parametrize("name", ["crm.json", "crm.json.lock", "crmctl.yaml", "link.csv", ".crmctl/x.csv"])
def test_nothing_of_the_workspace_is_moved(write, crm, workspace: Path, name: str) -> None:
    crm("create", "lead", "Ирина")
    write(".crmctl/x.csv")
    (workspace / "link.csv").symlink_to("crm.json")
    before = (workspace / "crm.json").read_bytes()
    ran = crm("import", "leads", name, "--move-to", "done", "--ignore-unknown", "--format", "csv")
    assert (ran.code, "it is not moved" in ran.err) == (2, True)
    assert not (workspace / "done").exists()
    assert (workspace / "crm.json").read_bytes() == before


def test_no_file_becomes_part_of_the_workspace(write, crm, workspace: Path) -> None:
    assert crm("import", "leads", write("leads.csv"), "--move-to", ".crmctl").code == 2
    assert crm("import", "leads", write("x/a.yaml"), "--format", "csv", "--move-to", "pipelines").code == 2
    assert crm("import", "leads", "leads.csv", "--move-to", "leads.csv").code == 2
    assert crm("import", "leads", "leads.csv", "--move-to", "").code == 2
    assert crm("list", "leads", "--count").out == "0\n"


def test_a_file_that_takes_the_rejects_is_not_put_aside(write, crm) -> None:
    name = write("bad.csv", "title,_line,_error\nИрина,2,x\n")
    assert crm("import", "leads", name, "--partial", "--rejects", name, "--move-to", "done").code == 2

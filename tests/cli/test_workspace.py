"""Where a workspace is, what happens without one, and what still works when its configuration is broken."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest


def test_without_a_workspace_every_command_says_how_to_start_one(tmp_path: Path, crm, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = crm("list", "leads")
    assert ran.code == 3
    assert "crmctl init" in ran.err


def test_a_workspace_is_found_from_a_folder_below_it(workspace: Path, crm, monkeypatch) -> None:
    crm("create", "lead", "Ирина")
    (workspace / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(workspace / "deep" / "er")
    assert crm("list", "leads", "--count").out == "1\n"


def test_options_may_stand_before_or_after_the_command(workspace: Path, crm, monkeypatch) -> None:
    monkeypatch.chdir("/")
    assert crm("-C", str(workspace), "list", "leads", "--count").code == 0
    assert crm("list", "leads", "--count", "-C", str(workspace)).code == 0
    assert json.loads(crm("--json", "list", "leads", "-C", str(workspace)).out) == []


def test_init_never_overwrites_and_makes_only_what_is_missing(workspace: Path, crm) -> None:
    (workspace / "crmctl.yaml").write_text(
        (workspace / "crmctl.yaml").read_text("utf-8") + "\n# ours\n", "utf-8"
    )
    (workspace / "crm.json").unlink()
    assert crm("init", "--template", "b2b").code == 0
    assert (workspace / "crmctl.yaml").read_text("utf-8").endswith("# ours\n")
    assert (workspace / "crm.json").exists()


@pytest.mark.parametrize("template", ["trade", "recommended", "simple", "club", "b2b"])
def test_every_template_starts_a_workspace_that_passes_validation(tmp_path: Path, crm, template: str) -> None:
    assert crm("init", str(tmp_path / template), "--template", template).code == 0
    assert crm("validate", "--strict", "-C", str(tmp_path / template)).code == 0


def test_a_database_that_was_mistyped_is_never_made(workspace: Path, crm) -> None:
    ran = crm("--db", "crn.json", "create", "lead", "x")
    assert ran.code == 4
    assert not (workspace / "crn.json").exists()


@pytest.fixture
def broken(workspace: Path, crm) -> Path:
    crm("create", "lead", "Ирина")
    page = workspace / "pipelines" / "wholesale.yaml"
    page.write_text(page.read_text("utf-8").replace("stage: visit", "stagee: visit"), "utf-8")
    return workspace


def test_an_invalid_configuration_stops_commands_with_its_places(broken: Path, crm) -> None:
    ran = crm("list", "leads")
    assert ran.code == 3
    assert "pipelines/wholesale.yaml:" in ran.err


def test_validate_points_at_the_key_and_suggests_the_right_one(broken: Path, crm) -> None:
    ran = crm("validate", "-o", "json")
    assert ran.code == 1
    found = json.loads(ran.out)
    assert set(found[0]) == {"rule", "severity", "message", "path", "line", "column", "hint"}
    assert any('"stagee"' in each["message"] for each in found)


@pytest.mark.parametrize(
    "argv",
    [("log",), ("undo",), ("export", "leads", "-"), ("db", "check"), ("help",), ("schema", "pipeline")],
)
def test_looking_back_and_getting_out_work_all_the_same(broken: Path, crm, argv: tuple[str, ...]) -> None:
    assert crm(*argv).code == 0


def test_help_is_there_for_commands_and_topics(workspace: Path, crm) -> None:
    assert "Examples" in crm("help", "move").out
    assert "between" in crm("help", "filters").out
    assert crm("help", "nonsense").code == 4


def test_an_unknown_option_exits_2(workspace: Path, crm) -> None:
    ran = crm("list", "leads", "--wher", "x")
    assert ran.code == 2
    assert "--where" in ran.err


def test_times_are_shown_with_the_offset_of_the_workspace(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "--now", "2026-07-01T12:00:00Z")
    assert json.loads(crm("show", "L-1", "-o", "json").out)["created_at"] == "2026-07-01T15:00:00+03:00"


def test_crmctl_alone_and_a_noun_alone_show_their_help(workspace: Path, crm) -> None:
    for argv in ((), ("db",)):
        ran = crm(*argv)
        assert ran.code == 0
        assert ran.out.startswith("Usage: crmctl")


def test_verbose_says_which_workspace_is_meant_and_who_acts(workspace: Path, crm) -> None:
    ran = crm("list", "leads", "-v")
    assert f"workspace {workspace}" in ran.err
    assert "by anna" in ran.err


def test_the_backups_are_part_of_the_numbers_on_standard_output(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    for argv in ([], ["-o", "csv"], ["-o", "json"]):
        ran = crm("db", "stats", *argv)
        assert ("crm.json.0." in ran.out, ran.err) == (True, "")


def test_two_databases_of_one_name_have_backups_of_their_own(workspace: Path, crm) -> None:
    """Those of the busier one neither push out nor pass for those of the other."""
    assert crm("create", "lead", "Ours").code == 0
    (workspace / "other").mkdir()
    shutil.copy(workspace / "crm.json", workspace / "other")
    for number in range(11):
        assert crm("create", "lead", f"Theirs {number}", "--db", "other/crm.json").code == 0
    (workspace / "crm.json").write_bytes(b"")
    found = re.search(r"crmctl db restore (.*)", crm("list", "leads").err)
    assert found
    assert "crm.json.0." in found[1]
    assert crm("db", "restore", "--yes", "--db", "other/crm.json").code == 0
    assert "Theirs 9" in crm("list", "leads", "--db", "other/crm.json").out


def test_numbers_for_programs_have_no_thousands_signs(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "-s", f"comment={'x' * 2000}")
    size = (workspace / "crm.json").stat().st_size
    assert f"size,{size}\n" in crm("db", "stats", "-o", "csv").out


def test_numbers_without_ids_have_no_format_of_ids(workspace: Path, crm) -> None:
    assert crm("db", "stats", "-o", "ids").code == 2


def test_a_check_of_a_lost_database_names_the_backup(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "lead", "Олег")
    (workspace / "crm.json").unlink()
    ran = crm("db", "check")
    assert (ran.code, "crmctl db restore" in ran.err) == (4, True)


def test_a_check_gives_its_reason_once(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    file = workspace / "crm.json"
    file.write_bytes(file.read_bytes()[:300])
    assert crm("db", "check").err.count("it is cut off") == 1


@pytest.mark.parametrize("argv", [("list", "leads"), ("create", "lead", "Ирина"), ("db", "check")])
def test_a_pipe_is_no_database(workspace: Path, crm, argv: tuple[str, ...]) -> None:
    (workspace / "crm.json").unlink()
    os.mkfifo(workspace / "crm.json")
    ran = crm(*argv)
    assert (ran.code, "no regular file" in ran.err) == (6, True)

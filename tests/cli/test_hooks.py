"""Hooks: programs of the user's own that look at changes before they are written, and hear of them afterwards."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crmctl.workspace.hooks.folder import NAMES, State, hook_at
from crmctl.workspace.hooks.hooked import run_hook
from crmctl.workspace.workspace import Settings, open_workspace

TAKE = 'cat >> "$OUT/lines"; echo x >> "$OUT/calls"'


def lines(folder: Path) -> list[dict[str, Any]]:
    path = folder / "lines"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def calls(folder: Path) -> int:
    path = folder / "calls"
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_a_hook_gets_a_line_of_json_for_a_change(workspace: Path, crm, trusting) -> None:
    trusting("after-change", TAKE)
    crm("create", "lead", "Ирина", "-s", "source=instagram")
    crm("update", "L-1", "-s", "comment=перезвонить")
    created, updated = lines(workspace)
    assert list(created) == ["operation", "by", "before", "after"]
    assert (created["operation"], created["by"], created["before"]) == ("create", "anna", None)
    assert created["after"]["title"] == "Ирина"
    assert (updated["before"]["revision"], updated["after"]["revision"]) == (1, 2)
    shown = json.loads(crm("show", "L-1", "-o", "json").out)
    assert updated["after"] == {name: shown[name] for name in updated["after"]}


def test_what_before_change_refuses_is_not_written(workspace: Path, crm, trusting) -> None:
    trusting("before-change", 'echo "no deals today" >&2; echo "ask Oleg" >&2; exit 1')
    before = (workspace / "crm.json").read_bytes()
    ran = crm("create", "lead", "Ирина")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "error: before-change refused the change: no deals today\n  ask Oleg\n"
    error = json.loads(crm("create", "lead", "Ирина", "-o", "json").err)["error"]
    assert (error["code"], error["exit_code"]) == ("hook_refused", 1)
    assert (workspace / "crm.json").read_bytes() == before


def test_before_change_that_agrees_lets_it_be_written_once(workspace: Path, crm, trusting) -> None:
    trusting("before-change", TAKE)
    assert crm("create", "lead", "Ирина").out == "L-1\n"
    assert calls(workspace) == 1
    assert [entry["operation"] for entry in lines(workspace)] == ["create"]
    assert json.loads(crm("show", "L-1", "-o", "json").out)["revision"] == 1


def test_many_records_are_lines_to_one_process_and_refused_as_a_whole(workspace: Path, crm, trusting) -> None:
    crm("create", "lead", "--from", "-", stdin='{"title": "A"}\n{"title": "B"}\n{"title": "C"}\n')
    trusting("before-change", TAKE + '; ! grep -q \'"title":"B"\' "$OUT/lines"')
    ran = crm("move", "L-1", "L-2", "L-3", "in_work", "--partial")
    assert (ran.code, calls(workspace), len(lines(workspace))) == (1, 1, 3)
    assert "refused the change: exit 1" in ran.err
    assert crm("filter", "leads", "stage = in_work", "-o", "ids").out == ""


CHANGES = [
    ("create", "contact", "Ира", "-s", "contact_type=client"),
    ("update", "L-1", "-s", "comment=x"),
    ("move", "L-1", "in_work"),
    ("convert", "L-1", "--to", "contact", "-s", "contact_type=client"),
    ("reject", "L-1", "--reason", "wrong_number"),
    ("assign", "L-1", "--to", "oleg"),
    ("assign", "L-1", "--least-loaded", "oleg,anna"),
    ("link", "L-1", "https://example.com/a"),
    ("note", "L-1", "текст"),
    ("delete", "L-1", "--yes"),
    ("delete", "L-1", "--purge", "--yes"),
    ("restore", "L-2"),
    ("import", "leads", "more.csv"),
    ("complete", "T-1", "--result", "call_back", "-s", "due=+1d"),
    ("cancel", "T-1"),
    ("take", "T-1"),
    ("reschedule", "T-1", "+3d"),
    ("undo",),
    ("apply", "--yes"),
    ("item", "add", "D-1", "P-1"),
]


@pytest.mark.parametrize("call", CHANGES, ids=" ".join)
def test_every_change_can_be_refused_and_is_told_once_it_is_written(
    workspace: Path, crm, trusting, edit, call: tuple[str, ...]
) -> None:
    crm("create", "product", "Чай", "-s", "price=10")
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    crm("create", "lead", "Пётр", "-q")
    crm("create", "lead", "Олег", "-q")
    crm("delete", "L-2", "--yes")
    crm("create", "task", "Позвонить", "--for", "L-1", "--due", "+1d")
    (workspace / "more.csv").write_text("title\nИрина\n", "utf-8")
    if call[0] == "apply":
        edit("pipelines/wholesale.yaml", "{stage: new,", "{stage: fresh, moved_from: [new],")
    trusting("before-change", "cat > /dev/null; exit 1")
    trusting("after-change", TAKE)
    before = (workspace / "crm.json").read_bytes()
    assert crm(*call).code == 1
    assert (workspace / "crm.json").read_bytes() == before
    assert calls(workspace) == 0
    trusting("before-change", "cat > /dev/null")
    ran = crm(*call)
    assert ran.code == 0, ran.err
    assert calls(workspace) == 1
    assert lines(workspace)


def test_hooks_stay_silent_on_a_dry_run_and_where_nothing_changes(workspace: Path, crm, trusting) -> None:
    crm("create", "lead", "Ирина")
    for name in NAMES:
        trusting(name, TAKE)
    crm("create", "lead", "Олег", "--dry-run")
    crm("update", "L-1", "-s", "title=Ирина")
    crm("test")
    crm("list", "leads")
    assert calls(workspace) == 0


def test_an_untrusted_hook_is_not_run_and_told_in_a_line(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    assert crm("hooks", "untrust").err == "trusted no longer: before-change\n"
    ran = crm("create", "lead", "Ирина")
    assert ran.code == 0
    told = "warning: hook before-change was not run: it is not trusted (crmctl hooks trust before-change)"
    assert ran.err.splitlines() == [told, 'L-1 "Ирина" created']
    assert crm("create", "lead", "Олег", "-q").err == ""


def test_an_edited_hook_is_untrusted_again(workspace: Path, crm, trusting) -> None:
    path = trusting("before-change", "exit 0")
    with path.open("a") as file:
        file.write("exit 1\n")
    assert "it was changed since it was trusted" in crm("create", "lead", "Ирина").err
    assert json.loads(crm("hooks", "list", "-o", "json").out)[0]["state"] == "changed"


def test_trust_is_for_one_workspace(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    (workspace / "copy").mkdir()
    subprocess.run(
        ["cp", "-R", "crmctl.yaml", "crm.json", "pipelines", "tasks.yaml", ".crmctl", "copy"], check=True
    )
    assert crm("-C", "copy", "hooks", "list", "-o", "json").out.count('"untrusted"') == 1
    assert crm("-C", "copy", "create", "lead", "Ирина").code == 0


def test_what_was_looked_at_is_run_whatever_took_its_place_since(workspace: Path, crm, trusting) -> None:
    path = trusting("after-change", 'echo "$0" >> "$OUT/calls"; cat > /dev/null')
    found = hook_at(workspace, "after-change")
    assert found
    assert found.state is State.TRUSTED
    path.write_text("#!/bin/sh\nexit 3\n")
    ended = run_hook(open_workspace(Settings(folder=str(workspace))), found, [b"{}"])
    assert (ended.fault, calls(workspace)) == ("", 1)
    copy = Path((workspace / "calls").read_text().strip())
    assert (copy.name, copy.is_relative_to(workspace / ".crmctl")) == ("after-change", True)
    assert not copy.parent.exists()
    path.unlink()
    assert run_hook(open_workspace(Settings(folder=str(workspace))), found, [b"{}"]).fault == ""


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_hook_that_others_may_write_is_refused_by_name(workspace: Path, crm, trusting, mode: int) -> None:
    path = trusting("before-change", "exit 1")
    path.chmod(mode)
    ran = crm("create", "lead", "Ирина")
    assert "hook before-change was not run: others may write to it" in ran.err
    ran = crm("hooks", "trust", "before-change")
    assert (ran.code, "before-change is not trusted: others may write to it" in ran.err) == (1, True)
    path.chmod(0o700)
    path.parent.chmod(mode)
    assert "others may write to its folder" in crm("create", "lead", "Ирина").err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_hook_of_another_user_is_refused_by_name(workspace: Path, crm, trusting) -> None:
    path = trusting("before-change", "exit 1")
    os.chown(path, 54321, -1)
    assert "hook before-change was not run: it belongs to another user" in crm("create", "lead", "Ирина").err
    assert crm("hooks", "trust").code == 1


def test_trust_that_others_could_have_written_does_not_count(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    (file,) = (workspace / "conf" / "crmctl" / "trusted-hooks").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o620)
    assert "it is not trusted" in crm("create", "lead", "Ирина").err


def test_no_hooks_leaves_them_out(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    trusting("after-change", TAKE)
    assert crm("create", "lead", "Ирина", "--no-hooks").code == 0
    assert crm("--no-hooks", "create", "lead", "Ирина").code == 0
    assert calls(workspace) == 0


def test_a_hook_is_named_by_its_file(workspace: Path, crm, trusting) -> None:
    trusting("after-change", "exit 0").with_name("after-chnage").write_text("")
    listed = json.loads(crm("hooks", "list", "-o", "json").out)
    assert [(each["hook"], each["state"]) for each in listed] == [
        ("after-change", "trusted"),
        ("after-chnage", "unknown"),
    ]
    assert listed[1]["why"] == 'nothing sets it off: did you mean "after-change"?'
    assert crm("hooks", "trust", "after-chnage").code == 2
    assert crm("hooks", "trust", "before-change").code == 4


def test_hooks_without_any(workspace: Path, crm) -> None:
    assert crm("hooks", "list").err == "there are no hooks: they are programs in .crmctl/hooks\n"
    assert crm("hooks", "list", "-o", "json").out == "[]\n"
    assert crm("hooks", "trust").code == 0


def test_hooks_are_managed_where_the_configuration_is_broken(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    (workspace / "crmctl.yaml").write_text("version: 1\n")
    assert crm("hooks", "untrust", "before-change").code == 0


def test_a_failing_after_change_is_a_warning(workspace: Path, crm, trusting) -> None:
    trusting("after-change", 'echo "no network" >&2; exit 5')
    ran = crm("create", "lead", "Ирина")
    assert (ran.code, ran.out) == (0, "L-1\n")
    assert ran.err.startswith("warning: hook after-change failed: exit 5\n  no network\n")
    assert crm("show", "L-1").code == 0


def test_what_a_hook_says_cannot_drive_the_terminal(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "printf 'a\\033[2Jb\\377' >&2")
    assert crm("create", "lead", "Ирина").err.startswith("note: before-change: a^[[2Jb\ufffd\n")


def test_a_hook_without_an_interpreter_is_told(workspace: Path, crm, trusting) -> None:
    path = trusting("before-change", "")
    path.write_bytes(b"\x00\x01")
    crm("hooks", "trust")
    ran = crm("create", "lead", "Ирина")
    assert (ran.code, "before-change refused the change: cannot be run" in ran.err) == (1, True)
    path.write_bytes(b"#!/bin/sh\r\nexit 0\r\n")
    crm("hooks", "trust")
    assert "cannot be run: the interpreter in its first line does not exist" in crm("create", "lead", "A").err
    path.unlink()
    crm("create", "lead", "Ирина")
    path.symlink_to("nowhere")
    assert "hook before-change was not run: it is a link to nothing" in crm("create", "lead", "B").err
    path.with_name("after-change").mkdir()
    assert "hook after-change was not run: it is no regular file" in crm("create", "lead", "Олег").err


def test_after_import_hears_of_an_import_as_one_run(workspace: Path, crm, trusting) -> None:
    trusting("after-import", TAKE + '; echo "$CRMCTL_RUN" > "$OUT/run"')
    (workspace / "leads.csv").write_text("title\nОлег\nПётр\n", "utf-8")
    crm("import", "leads", "leads.csv")
    assert (calls(workspace), len(lines(workspace))) == (1, 2)
    assert (workspace / "run").read_text() == "R-1\n"
    crm("import", "leads", "leads.csv")
    crm("create", "lead", "Ирина")
    assert calls(workspace) == 1


def test_a_refused_import_can_be_tried_again(workspace: Path, crm, trusting) -> None:
    trusting("before-change", "exit 1")
    (workspace / "leads.csv").write_text("title,email\nОлег,\nПётр,bad\n", "utf-8")
    assert crm("import", "leads", "leads.csv", "--partial", "--move-to", "done").code == 1
    assert (workspace / "leads.csv").exists()
    trusting("before-change", "exit 0")
    assert crm("import", "leads", "leads.csv", "--partial").code == 7


def test_a_hook_that_calls_crmctl_neither_waits_for_itself_nor_calls_itself(
    workspace: Path, crm, trusting, inner: str
) -> None:
    trusting("before-change", f"{inner} list leads > /dev/null && echo x >> $OUT/calls")
    trusting("after-change", f"{inner} -q note L-1 'услышано' --lock-timeout 5 && echo x >> $OUT/calls")
    assert crm("create", "lead", "Ирина").code == 0
    assert calls(workspace) == 2
    assert "услышано" in crm("log", "L-1").out


def test_before_change_changes_nothing_itself(workspace: Path, crm, trusting, inner: str) -> None:
    trusting("before-change", f"{inner} create lead Чужой")
    ran = crm("create", "lead", "Ирина")
    assert (ran.code, "before-change looks at a change and makes none" in ran.err) == (1, True)
    assert crm("list", "leads", "--count").out == "0\n"


@pytest.mark.parametrize(
    "call",
    [
        "db restore --yes",
        "db check --accept",
        "db backup copy.json",
        "hooks trust",
        "hooks untrust",
        "init other",
        "mail leads --template hello.txt --subject Hi --out letters",
        "filter leads 'stage = new' --save fresh",
        "blacklist add phone +380501234567",
    ],
)
def test_before_change_writes_by_no_command_at_all(
    workspace: Path, crm, trusting, inner: str, call: str
) -> None:
    for title in ("A", "B"):
        crm("create", "lead", title, "-s", "email=a@example.com")
    (workspace / "hello.txt").write_text("Hi\n", "utf-8")
    trusting("before-change", f"cd $OUT && {inner} {call}")
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    ran = crm("create", "lead", "Ирина")
    after = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert after == before
    assert (ran.code, "before-change looks at a change and makes none" in ran.err) == (1, True), ran.err


def test_before_change_looks_with_commands_that_may_write(workspace: Path, crm, trusting, inner: str) -> None:
    calls = ("db check", "mail --outbox", "create lead B --dry-run", "filter leads 'stage = new'")
    trusting("before-change", "".join(f"{inner} {call} >> $OUT/seen && " for call in calls) + "true")
    assert crm("create", "lead", "Ирина").code == 0


def test_a_record_that_others_changed_meanwhile_is_shown_again(
    workspace: Path, crm, trusting, outer: str
) -> None:
    crm("create", "lead", "Ирина")
    once = (
        f"[ -e $OUT/once ] || {{ touch $OUT/once; {outer} -C $OUT --no-hooks -q update L-1 -s comment=x; }}"
    )
    trusting("before-change", f"{TAKE}; {once}")
    assert crm("update", "L-1", "-s", "title=Ира").code == 0
    assert [line["before"]["revision"] for line in lines(workspace)] == [1, 2]
    shown = json.loads(crm("show", "L-1", "-o", "json").out)
    assert (shown["title"], shown["comment"], shown["revision"]) == ("Ира", "x", 3)


def test_what_is_refused_on_the_second_look_is_not_written(
    workspace: Path, crm, trusting, outer: str
) -> None:
    crm("create", "lead", "Ирина")
    once = (
        f"[ -e $OUT/once ] || {{ touch $OUT/once; {outer} -C $OUT --no-hooks -q update L-1 -s comment=x; }}"
    )
    trusting("before-change", f"cat > $OUT/now; grep -q comment $OUT/now && exit 1; {once}")
    assert crm("update", "L-1", "-s", "title=Ира").code == 1
    assert json.loads(crm("show", "L-1", "-o", "json").out)["title"] == "Ирина"


def test_other_records_that_change_meanwhile_do_not_matter(
    workspace: Path, crm, trusting, outer: str
) -> None:
    crm("create", "lead", "Ирина")
    trusting("before-change", f"{TAKE}; {outer} -C $OUT --no-hooks -q create lead Чужой")
    assert crm("create", "lead", "Олег", "-q").out == "L-3\n"
    assert crm("update", "L-1", "-s", "title=Ира").code == 0
    assert calls(workspace) == 2
    assert crm("list", "leads", "--count").out == "4\n"


def test_messages_are_taken_again_where_others_changed_something_meanwhile(
    workspace: Path, crm, trusting, outer: str
) -> None:
    once = f"[ -e $OUT/once ] || {{ touch $OUT/once; {outer} -C $OUT --no-hooks -q create lead Чужой; }}"
    trusting("before-change", f"{TAKE}; {once}")
    message = '{"channel": "telegram", "from": {"id": "77"}, "text": "Здравствуйте"}'
    ran = crm("inbox", "-", stdin=message)
    assert (ran.code, ran.err) == (0, "R-1: 1 message: 1 created (undo: crmctl undo R-1)\n")
    assert json.loads(crm("log", "-o", "json").out)[0]["run"] == "R-1"
    assert crm("list", "leads", "--count").out == "2\n"


def test_a_change_that_never_settles_is_given_up(workspace: Path, crm, trusting, outer: str) -> None:
    crm("create", "lead", "Ирина")
    trusting("before-change", f"{TAKE}; {outer} -C $OUT --no-hooks -q update L-1 -s comment=$$")
    ran = crm("update", "L-1", "-s", "title=Ира")
    assert (ran.code, "others changed the records again and again" in ran.err) == (5, True)
    assert json.loads(crm("show", "L-1", "-o", "json").out)["title"] == "Ирина"


def test_shares_are_counted_anew_when_an_assignment_is_decided_again(
    workspace: Path, crm, trusting, outer: str
) -> None:
    for title in ("A", "B", "C", "D"):
        crm("create", "lead", title)
    once = (
        f"[ -e $OUT/once ] || {{ touch $OUT/once; {outer} -C $OUT --no-hooks -q update L-1 -s comment=x; }}"
    )
    trusting("before-change", once)
    crm("assign", "L-1", "L-2", "L-3", "L-4", "--least-loaded", "anna,oleg")
    owners = [each["owner"] for each in json.loads(crm("list", "leads", "-o", "json").out)]
    assert sorted(owners) == ["anna", "anna", "oleg", "oleg"]


def test_a_hook_that_hangs_is_ended_with_all_it_started(
    workspace: Path, crm, trusting, alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = "sleep 1000 & echo $! $$ >> $OUT/pids"
    monkeypatch.setenv("CRMCTL_HOOK_TIMEOUT", "2")
    trusting("before-change", f"{started}; wait")
    ran = crm("create", "lead", "Ирина")
    assert ran.err == "error: before-change refused the change: did not end within 2 s\n"
    monkeypatch.delenv("CRMCTL_HOOK_TIMEOUT")
    trusting("before-change", started)
    assert crm("create", "lead", "Ирина").code == 0
    deadline = time.monotonic() + 10
    while alive(workspace / "pids") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(workspace / "pids")


def test_a_time_for_hooks_that_is_none_is_refused(
    workspace: Path, crm, trusting, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting("before-change", "exit 0")
    monkeypatch.setenv("CRMCTL_HOOK_TIMEOUT", "soon")
    assert crm("create", "lead", "Олег").code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans are nobody's")
def test_what_a_hook_put_into_a_session_of_its_own_is_ended_too(
    workspace: Path, crm, trusting, alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMCTL_HOOK_TIMEOUT", "3")
    mine = subprocess.Popen(["sleep", "1000"])
    away = "setsid setsid sh -c 'echo $$ > $OUT/pids; exec sleep 1000' & while ! [ -s $OUT/pids ]; do sleep 0.05; done"
    away = away.replace("$OUT", str(workspace))
    try:
        trusting("before-change", away)
        assert crm("create", "lead", "Ирина").code == 0
        assert not alive(workspace / "pids")
        (workspace / "pids").unlink()
        trusting("before-change", f"{away}; sleep 1000")
        assert "did not end within 3 s" in crm("create", "lead", "Олег").err
        assert not alive(workspace / "pids")
        assert mine.poll() is None
    finally:
        mine.kill()
        mine.wait()


def test_an_interrupted_call_takes_its_hook_along(workspace: Path, shell, trusting, alive) -> None:
    trusting("after-change", "sleep 1000 & echo $! $$ > $OUT/pids; wait")
    wait = "while ! [ -s pids ]; do sleep 0.05; done"
    ran = shell(f"crmctl create lead Ирина & {wait}; kill -TERM $!; wait $!; echo $?", workspace)
    assert ran.stdout.splitlines() == ["terminated, what it had done is written", "143"]
    assert not alive(workspace / "pids")

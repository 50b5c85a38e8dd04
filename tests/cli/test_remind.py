"""`remind`: every reminder is told once, whoever else is at it and however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
NOON = ("--now", "2026-11-21T12:00:00+02:00")


@pytest.fixture
def tasks(workspace: Path, crm) -> None:
    """T-1 is due at eleven for L-1, T-2 at one with a reminder at eleven for oleg; T-3 never, T-4 the next day."""
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    early = ("--now", "2026-11-21T10:00:00+02:00")
    crm(*early, "create", "task", "Позвонить", "--for", "L-1", "--due", "2026-11-21T11:00")
    remind = "remind_at=2026-11-21T11:30"
    crm(*early, "create", "task", "Отчёт", "--due", "2026-11-21T13:00", "-s", remind, "--assignee", "oleg")
    crm(*early, "create", "task", "Когда-нибудь")
    crm(*early, "create", "task", "Завтра", "--due", "2026-11-22")


@pytest.fixture
def cmd(workspace: Path, shell_script) -> Callable[..., str]:
    """Write a program that takes a reminder."""

    def write(script: str, name: str = "take.sh") -> str:
        return str(shell_script(workspace / name, script))

    return write


def ids(text: str) -> list[str]:
    return [each["id"] for each in json.loads(text)]


def taken(folder: Path, name: str = "taken") -> list[dict[str, Any]]:
    path = folder / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_what_is_due_is_told_once(tasks: None, crm) -> None:
    ran = crm(*NOON, "remind")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "ID   Reminder          Due               Task       For        Assignee",
        "---  ----------------  ----------------  ---------  ---------  --------",
        "T-1  2026-11-21 11:00  2026-11-21 11:00  Позвонить  L-1 Ирина  anna",
        "T-2  2026-11-21 11:30  2026-11-21 13:00  Отчёт                 oleg",
    ]
    ran = crm(*NOON, "remind")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert crm(*NOON, "remind", "-o", "json").out == "[]\n"
    assert ids(crm("--now", "2026-11-22T00:00", "remind", "-o", "json").out) == ["T-4"]


def test_telling_is_no_change_of_a_task(tasks: None, crm) -> None:
    before = crm("log").out, crm("show", "T-1", "-o", "json").out
    crm(*NOON, "remind")
    assert (crm("log").out, crm("show", "T-1", "-o", "json").out) == before


def test_a_task_that_is_rescheduled_is_told_again(tasks: None, crm) -> None:
    crm(*NOON, "remind")
    crm(*NOON, "reschedule", "T-1", "2026-11-21T15:00")
    crm(*NOON, "reschedule", "T-2", "+1d")
    assert ids(crm(*NOON, "remind", "-o", "json").out) == []
    assert ids(crm("--now", "2026-11-21T15:00", "remind", "-o", "json").out) == ["T-1"]
    assert ids(crm("--now", "2026-11-22T12:00", "remind", "-o", "json").out) == ["T-2", "T-4"]


def test_tasks_that_ended_and_those_of_others_are_left_out(tasks: None, crm) -> None:
    crm("cancel", "T-1")
    assert ids(crm(*NOON, "remind", "--assignee", "me", "-o", "json").out) == []
    assert ids(crm(*NOON, "remind", "--assignee", "oleg", "-o", "json").out) == ["T-2"]


def test_a_dry_run_marks_nothing(tasks: None, workspace: Path, crm, cmd) -> None:
    before = (workspace / "crm.json").read_bytes()
    program = cmd("cat >> $OUT/taken")
    for more in ((), ("--exec", program)):
        assert ids(crm(*NOON, "remind", "-n", "-o", "json", *more).out) == ["T-1", "T-2"]
    assert (workspace / "crm.json").read_bytes() == before
    assert not (workspace / "crm.json.remind.lock").exists()
    assert taken(workspace) == []


def test_a_program_gets_each_as_json_with_the_clients(tasks: None, workspace: Path, crm, cmd) -> None:
    ran = crm(*NOON, "remind", "--exec", f"{cmd('echo $# $1 >> $OUT/words; cat >> $OUT/taken')} 'a b' c")
    assert (ran.code, ran.out, ran.err) == (0, "", "2 reminders told\n")
    first, second = taken(workspace)
    assert (first["id"], first["title"], first["record"]) == ("T-1", "Позвонить", "task")
    client = {"id": "L-1", "record": "lead", "title": "Ирина", "phone": ["+380501234567"]}
    assert (first["clients"], second["clients"]) == ([client], [])
    assert (workspace / "words").read_text() == "2 a b\n" * 2
    assert crm(*NOON, "remind", "--exec", cmd("exit 1")).code == 0


def test_the_program_is_no_shell_and_knows_nothing_of_my_environment(
    tasks: None, workspace: Path, crm, cmd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "x")
    program = cmd('env > "$OUT/env"; pwd > "$OUT/where"; echo "$1" > "$OUT/word"')
    crm(*NOON, "remind", "--exec", f"{program} '$(touch pwned)'")
    names = {line.partition("=")[0] for line in (workspace / "env").read_text().splitlines()}
    assert {"SECRET", "CRMCTL_HOOK"}.isdisjoint(names)
    assert {"CRMCTL_WORKSPACE", "CRMCTL_DB", "CRMCTL_USER", "PATH"} <= names
    assert (workspace / "word").read_text() == "$(touch pwned)\n"
    assert Path((workspace / "where").read_text().strip()) == workspace
    assert not (workspace / "pwned").exists()


def test_what_a_program_fails_at_stays_untold_and_is_named(tasks: None, workspace: Path, crm, cmd) -> None:
    program = cmd('grep -q T-1 && { echo "no network" >&2; exit 3; }; exit 0')
    ran = crm(*NOON, "remind", "--exec", program)
    told = 'error: T-1 "Позвонить" stays untold until the next remind: take.sh failed: exit 3\n  no network\n'
    assert (ran.code, ran.err) == (7, f"1 reminder told\n{told}")
    assert crm(*NOON, "-q", "remind", "--exec", program).err == told
    assert crm(*NOON, "remind", "--exec", program).code == 1
    assert ids(crm(*NOON, "remind", "-o", "json").out) == ["T-1"]


def test_a_program_that_hangs_is_ended_and_the_others_are_told(
    tasks: None, workspace: Path, crm, cmd, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Short for what hangs, and long enough for what takes T-2.
    monkeypatch.setenv("CRMCTL_HOOK_TIMEOUT", "4")
    ran = crm(*NOON, "remind", "--exec", cmd("grep -q T-1 && sleep 100; exit 0"), "-o", "json")
    assert (ran.code, ids(ran.out)) == (7, ["T-2"])
    assert "take.sh did not end within 4 s" in ran.err


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("", 2, "--exec names no program"),
        ("a 'b", 2, "no closing quotation"),
        ("no-such-program-here", 4, "no-such-program-here does not exist"),
        ("./crm.json", 4, "./crm.json is not executable"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused_before_anything(
    tasks: None, crm, command: str, code: int, told: str
) -> None:
    ran = crm(*NOON, "remind", "--exec", command)
    assert (ran.code, told in ran.err) == (code, True)
    assert len(ids(crm(*NOON, "remind", "-o", "json").out)) == 2


def start(folder: Path, *argv: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "crmctl", *NOON, *argv],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_second_run_leaves_at_once_while_another_is_at_it(tasks: None, workspace: Path, crm, cmd) -> None:
    go_on = "touch $OUT/begun; while ! [ -e $OUT/go ]; do sleep 0.05; done"
    first = start(workspace, "remind", "--exec", cmd(f"cat >> $OUT/taken; {go_on}"))
    wait_for(workspace / "begun")
    for more in ((), ("--exec", cmd("exit 0", "other.sh"))):
        ran = crm(*NOON, "remind", *more)
        assert (ran.code, ran.out) == (5, "")
        assert ran.err.startswith("error: another crmctl remind is at work, so this one told nothing\n")
    assert crm("create", "lead", "Олег").code == 0
    (workspace / "go").touch()
    assert first.wait(60) == 0
    assert [each["id"] for each in taken(workspace)] == ["T-1", "T-2"]
    assert crm(*NOON, "remind").out == ""


def test_many_at_once_tell_each_once(tasks: None, workspace: Path, crm, cmd) -> None:
    more = [{"title": f"Задача {n}", "due": "2026-11-21T11:00"} for n in range(20)]
    crm(
        "--now",
        "2026-11-21T10:00",
        "create",
        "task",
        "--from",
        "-",
        stdin="\n".join(json.dumps(each) for each in more),
    )
    running = [start(workspace, "remind", "--exec", cmd("cat >> $OUT/taken")) for _ in range(6)]
    assert {each.wait(120) for each in running} <= {0, 5}
    crm(*NOON, "remind", "--exec", cmd("cat >> $OUT/taken"))
    told = [each["id"] for each in taken(workspace)]
    assert (len(told), len(set(told))) == (22, 22)


def test_what_was_told_before_a_kill_is_not_told_again(tasks: None, workspace: Path, crm, cmd) -> None:
    kill = 'grep -q T-1 "$OUT/taken" && grep -q T-2 "$OUT/taken" && kill -9 $PPID; exit 0'
    killed = start(workspace, "remind", "--exec", cmd(f"cat >> $OUT/taken; {kill}"))
    assert killed.wait(60) == -signal.SIGKILL
    assert [each["id"] for each in taken(workspace)] == ["T-1", "T-2"]
    # It had told of T-2, too, and was killed before it could write so: that one comes twice, none is lost.
    assert ids(crm(*NOON, "remind", "-n", "-o", "json").out) == ["T-2"]
    assert ids(crm(*NOON, "remind", "-o", "json").out) == ["T-2"]
    assert ids(crm(*NOON, "remind", "-o", "json").out) == []


def test_many_reminders_are_one_commit_whatever_fails_among_them(
    tasks: None, workspace: Path, crm, cmd
) -> None:
    def generation() -> int:
        return json.loads((workspace / "crm.json").read_bytes())["meta"]["1"]["generation"]

    for n in range(5):
        crm("--now", "2026-11-21T10:00", "create", "task", f"Задача {n}", "--due", "2026-11-21T11:00")
    before = generation()
    ran = crm(*NOON, "remind", "--exec", cmd("! grep -q T-5"))
    assert (ran.code, ran.err.splitlines()[0]) == (7, "6 reminders told")
    assert generation() == before + 1
    assert ids(crm(*NOON, "remind", "-o", "json").out) == ["T-5"]
    assert not list(workspace.glob("crm.json.remind*"))


def test_what_a_killed_run_left_is_settled_by_the_next_one_however_it_ends(
    tasks: None, workspace: Path, crm, cmd
) -> None:
    left = workspace / "crm.json.remind.lock"
    moment = json.loads(crm(*NOON, "show", "T-1", "-o", "json").out)["due"]
    moment = datetime.fromisoformat(moment).astimezone(UTC).isoformat()
    left.write_text(f'{{"task":"T-1","at":"{moment}"}}\n{{"task":"T-2","a')
    assert crm(*NOON, "remind", "--exec", cmd("exit 1")).code == 1
    assert not left.exists()
    assert ids(crm(*NOON, "remind", "-o", "json").out) == ["T-2"]


def test_an_interrupt_keeps_what_was_told(tasks: None, workspace: Path, crm, cmd, alive) -> None:
    hang = "sleep 100 & echo $! $$ > $OUT/pids; touch $OUT/begun; wait"
    script = f"cat > $OUT/now; if grep -q T-2 $OUT/now; then {hang}; fi"
    running = start(workspace, "remind", "--exec", cmd(script))
    wait_for(workspace / "begun")
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 143
    assert not alive(workspace / "pids")
    assert ids(crm(*NOON, "remind", "-o", "json").out) == ["T-2"]


def test_what_nobody_could_read_stays_untold(tasks: None, workspace: Path, crm, shell) -> None:
    ran = shell(f"(crmctl {' '.join(NOON)} remind; echo $? >&2) | true; echo", workspace)
    assert ran.stdout.split() == ["0"]
    ran = shell(f"crmctl {' '.join(NOON)} remind > /dev/full", workspace)
    assert ran.returncode == 6
    assert len(ids(crm(*NOON, "remind", "-o", "json").out)) == 2


def test_without_a_database_no_lock_is_made(workspace: Path, crm) -> None:
    assert crm("--db", "typo.json", "remind").code == 4
    assert not list(workspace.glob("typo*"))


def test_broken_rules_for_tasks_stop_it(workspace: Path, crm) -> None:
    (workspace / "tasks.yaml").write_text("version: 1\nnonsense: 1\n")
    assert crm("remind").code == 3


def test_the_hook_hears_of_reminders_and_they_stay_untold_where_it_fails(
    tasks: None, workspace: Path, crm, trusting
) -> None:
    trusting("on-reminder", 'cat > /dev/null; echo "no network" >&2; exit 1')
    ran = crm(*NOON, "remind")
    assert (ran.code, "T-1" in ran.out) == (1, True)
    assert ran.err == (
        "error: T-1, T-2 stays untold until the next remind: hook on-reminder failed: exit 1\n  no network\n"
    )
    trusting("on-reminder", "cat >> $OUT/taken; echo x >> $OUT/calls")
    assert crm(*NOON, "remind").code == 0
    first, second = taken(workspace)
    assert (first["operation"], first["by"], first["before"]) == ("remind", "anna", None)
    assert (first["after"]["id"], second["after"]["id"]) == ("T-1", "T-2")
    assert first["after"]["clients"][0]["phone"] == ["+380501234567"]
    assert (workspace / "calls").read_text() == "x\n"
    crm(*NOON, "remind")
    assert len(taken(workspace)) == 2


def test_the_hook_hears_of_each_that_a_program_took(tasks: None, workspace: Path, crm, trusting, cmd) -> None:
    trusting("on-reminder", "cat >> $OUT/taken")
    assert crm(*NOON, "remind", "--exec", cmd("! grep -q T-1")).code == 7
    assert [each["after"]["id"] for each in taken(workspace)] == ["T-2"]
    crm(*NOON, "remind", "--no-hooks")
    assert len(taken(workspace)) == 1

"""crmctl among other processes: pipes, signals, locales, writers beside it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tinydb import TinyDB

ROOT = Path(__file__).parent.parent.parent


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "crmctl", *argv]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure(workspace: Path, shell, closed: str) -> None:
    assert shell(f"crmctl create lead Ирина {closed}", workspace).returncode == 0
    assert shell("crmctl show L-1 -o json", workspace).returncode == 0


def test_a_reader_that_went_away_is_no_failure(workspace: Path, crm, shell) -> None:
    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"Лид {n}"} for n in range(2000)]))
    ran = shell("(crmctl list leads; echo $? >&2) | head -1 >/dev/null", workspace)
    assert ran.stdout.strip() == "0"


def test_it_speaks_utf_8_whatever_the_locale(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    ran = subprocess.run(command("list", "leads"), cwd=workspace, env=bare, capture_output=True, check=False)
    assert ran.returncode == 0
    assert "Ирина" in ran.stdout.decode()


def test_ids_flow_from_one_command_to_the_next(workspace: Path, crm, shell) -> None:
    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": "Первый"}, {"title": "Второй"}]))
    ran = shell(
        "crmctl filter leads 'stage = new' -o ids | crmctl assign - --round-robin anna,oleg", workspace
    )
    assert ran.returncode == 0, ran.stdout
    owners = [record["owner"] for record in json.loads(crm("list", "leads", "-o", "json").out)]
    assert owners == ["anna", "oleg"]


def test_writers_at_the_same_time_lose_nothing(workspace: Path, crm) -> None:
    script = 'for n in 1 2 3 4 5 6 7 8; do crmctl create lead "$0 $n" -q >/dev/null || exit 1; done'
    folder = workspace / "bin"
    folder.mkdir()
    (folder / "crmctl").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmctl "$@"\n')
    (folder / "crmctl").chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    writers = [
        subprocess.Popen(["sh", "-c", script, f"writer-{n}"], cwd=workspace, env=environment(PATH=path))
        for n in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    titles = [record["title"] for record in json.loads(crm("list", "leads", "-o", "json").out)]
    assert sorted(titles) == sorted(f"writer-{w} {n}" for w in range(3) for n in range(1, 9))


def test_a_terminated_import_leaves_the_old_state(workspace: Path, crm) -> None:
    before = (workspace / "crm.json").read_bytes()
    fifo = workspace / "slow.csv"
    os.mkfifo(fifo)
    importing = subprocess.Popen(
        command("import", "leads", "slow.csv"),
        cwd=workspace,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    with fifo.open("w") as file:
        file.write("title\nИрина\n")
        file.flush()
        time.sleep(0.3)
        importing.send_signal(signal.SIGTERM)
        _, err = importing.communicate(timeout=20)
    assert importing.returncode == 143
    assert "nothing written" in err
    assert (workspace / "crm.json").read_bytes() == before


def test_stock_tinydb_finds_the_same_documents(workspace: Path, crm) -> None:
    crm("create", "deal", "Партия", "-s", "amount=100")
    crm("create", "lead", "Ирина")
    with TinyDB(workspace / "crm.json") as database:
        deals = database.table("deals").all()
        leads = database.table("leads").all()
    assert [(deal["id"], deal["title"], deal["amount"]) for deal in deals] == [("D-1", "Партия", "100.00")]
    assert [lead["id"] for lead in leads] == ["L-1"]


def test_a_damaged_file_exits_6_with_the_backup_to_restore(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "lead", "Олег")
    (workspace / "crm.json").write_bytes(b"")
    ran = crm("list", "leads")
    assert ran.code == 6
    assert "crmctl db restore" in ran.err
    assert crm("db", "restore", "--yes").code == 0
    assert crm("show", "L-1").code == 0


def test_going_back_after_a_killed_writer_goes_a_generation_back(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "lead", "Олег")
    script = """
import os, sys
from crmctl.cli.main import main
from crmctl.storage.files import Files
Files.rename = lambda *_: os.kill(os.getpid(), 9)
sys.argv = ["crmctl", "create", "lead", "Пётр"]
main()
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=workspace, env=environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert crm("db", "restore", "--yes").code == 0
    assert [lead["title"] for lead in json.loads(crm("list", "leads", "-o", "json").out)] == ["Ирина"]


@pytest.mark.parametrize("argv", ["pipeline list", "export leads -", "--help", "db stats"])
def test_an_output_that_takes_no_more_is_told_as_such(workspace: Path, shell, argv: str) -> None:
    ran = shell(f"crmctl {argv} >/dev/full", workspace)
    assert ran.returncode == 6
    assert "cannot write to standard output: no space left on device" in ran.stdout
    assert "written" not in ran.stdout


def test_what_was_committed_before_the_output_failed_is_said_to_be_written(workspace: Path, shell) -> None:
    ran = shell("crmctl create lead Ирина 2>&1 >/dev/full", workspace)
    assert ran.returncode == 6
    assert "what it had done is written" in ran.stdout
    assert shell("crmctl show L-1 -o json", workspace).returncode == 0


def test_messages_that_nobody_takes_are_no_failure(workspace: Path, shell) -> None:
    assert shell("crmctl create lead Ирина 2>/dev/full", workspace).returncode == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_reading_with_a_closed_stream_is_no_failure(workspace: Path, shell, closed: str) -> None:
    ran = shell(f"(crmctl list leads {closed}; echo $?)", workspace)
    assert ran.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in ran.stdout


_SIGNALLED = """
import os, signal, sys
from crmctl.cli import main
from crmctl.storage.{module} import {owner}
real = {owner}.{call}
def struck(*arguments, **named):
    number = signal.{signal}
    if {early}:
        os.kill(os.getpid(), number)
    answer = real(*arguments, **named)
    os.kill(os.getpid(), number)
    return answer
{owner}.{call} = struck
sys.argv = ["crmctl", "create", "lead", "Ирина"]
main.main()
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)])
@pytest.mark.parametrize(
    ("module", "owner", "call", "early", "written"),
    [
        ("files", "Files", "fsync", False, False),
        ("files", "Files", "rename", True, True),
        ("files", "Files", "rename", False, True),
        ("files", "Files", "fsync_folder", False, True),
        ("backups", "Backups", "prune", False, False),
        ("writer", "FileWriter", "commit", False, True),
    ],
)
def test_an_interrupted_command_says_truly_whether_it_wrote(
    workspace: Path, name: str, code: int, module: str, owner: str, call: str, early: bool, written: bool
) -> None:
    script = _SIGNALLED.format(module=module, owner=owner, call=call, early=early, signal=name)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=workspace,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert ("what it had done is written" in ran.stderr) == written
    assert ("nothing written" in ran.stderr) != written
    there = [line for line in (workspace / "crm.json").read_text("utf-8").splitlines() if "Ирина" in line]
    assert bool(there) == written
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_at_the_end_ends_quietly(workspace: Path, name: str, code: int) -> None:
    script = f"""
import atexit, os, signal, sys
from crmctl.cli import main
atexit.register(lambda: os.kill(os.getpid(), signal.{name}))
sys.argv = ["crmctl", "list", "leads"]
main.main()
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=workspace,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


def test_a_hangup_that_nohup_keeps_away_stays_away(workspace: Path) -> None:
    script = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from crmctl.cli import main
from crmctl.storage.files import Files
real = Files.fsync
def struck(*arguments):
    os.kill(os.getpid(), signal.SIGHUP)
    return real(*arguments)
Files.fsync = struck
sys.argv = ["crmctl", "create", "lead", "Ирина"]
main.main()
"""
    ran = subprocess.run([sys.executable, "-c", script], env=environment(), cwd=workspace, check=False)
    assert ran.returncode == 0

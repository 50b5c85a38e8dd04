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

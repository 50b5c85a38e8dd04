"""P: readers that go away, streams that are closed, bare environments, and signals in the middle of work."""

import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

SIGNALS = [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)]
COMMANDS = [
    "list leads",
    "list leads -o json",
    "export leads -",
    "show L-1",
    "log",
    "help",
    "schema crmctl",
    "pipeline list",
    "completion bash",
    "funnel leads",
    "validate --list-rules",
]


@pytest.fixture
def many(workspace: Path, crm) -> None:
    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"Лид {n}"} for n in range(2000)]))


@pytest.mark.parametrize("command", COMMANDS)
def test_p01_a_reader_that_went_away_is_no_failure(workspace: Path, many, shell, command: str) -> None:
    for reader in ("true", "head -c 10 >/dev/null"):
        ran = shell(f"(crmctl {command}; echo $? >&2) | {reader}", workspace)
        assert ran.stdout.strip() == "0"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_p01_closed_streams_are_no_failure(workspace: Path, shell, records, closed: str) -> None:
    for command in ("create lead Ирина", "list leads", "export leads -", "validate"):
        assert shell(f"crmctl {command} {closed}", workspace).returncode == 0
    assert [lead["title"] for lead in records()] == ["Ирина"]


BARE = [
    {},
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"},
    {"LANG": "ru_RU.CP1251", "HOME": "/nowhere"},
    {"TERM": "dumb", "HOME": ""},
]


@pytest.mark.parametrize("bare", BARE, ids=str)
def test_p01_it_speaks_utf_8_in_a_bare_environment(workspace: Path, process, bare: dict[str, str]) -> None:
    """As `env -i` starts it, without so much as a PATH, and as an account that has no name."""
    root = str(Path(__file__).parent.parent.parent)
    ran = process("create", "lead", "Ёж «№1»", env={**bare, "PYTHONPATH": root})
    assert (ran.code, ran.out, ran.err) == (0, "L-1\n", 'L-1 "Ёж «№1»" created\n')
    assert (
        "Ёж «№1»" in process("list", "leads", "--where", "title ~ ёж", env={**bare, "PYTHONPATH": root}).out
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another")
def test_p01_an_account_without_a_name_acts_under_its_number(workspace: Path, process) -> None:
    known = "from crmctl.workspace.workspace import account; account()"
    script = f"import os; {known}; os.setuid(54321); print(account())"
    ran = process(script=script, env={"PYTHONPATH": str(Path(__file__).parent.parent.parent)}, cwd="/")
    assert ran.out == "uid54321\n"


def test_p01_without_a_terminal_nothing_is_asked(workspace: Path, process, unwritten) -> None:
    process("create", "lead", "A")
    calls = ((("create", "contact", "B"), 1), (("delete", "L-1"), 2), (("reject", "L-1"), 1))
    for argv, code in calls:
        with unwritten():
            assert process(*argv).code == code


def test_p01_a_folder_that_was_removed_is_no_traceback(workspace: Path, shell) -> None:
    gone = "mkdir gone; cd gone; rmdir ../gone;"
    ran = shell(f"{gone} crmctl list leads", workspace)
    assert (ran.returncode, "Traceback" in ran.stdout) == (3, False)
    assert "the present folder was removed" in ran.stdout
    assert shell(f"{gone} crmctl -C '{workspace}' list leads", workspace).returncode == 0


@pytest.mark.parametrize(("name", "code"), SIGNALS)
def test_p02_an_import_that_is_ended_while_it_reads_writes_nothing(
    workspace: Path, started, name: str, code: int
) -> None:
    before = (workspace / "crm.json").read_bytes()
    os.mkfifo(workspace / "slow.csv")
    importing = started("import", "leads", "slow.csv", "--rejects", "bad.csv")
    with (workspace / "slow.csv").open("w") as file:  # opens once the import reads from it
        file.write("title\nИрина\n")
        file.flush()
        err = ended(importing, getattr(signal, name))
    assert importing.returncode == code
    assert "nothing written" in err
    assert "Traceback" not in err
    assert (workspace / "crm.json").read_bytes() == before
    assert not (workspace / "bad.csv").exists()


def ended(process: "subprocess.Popen[str]", sent: signal.Signals) -> str:
    """End a process that waits for its input, and return what it said.

    A signal that comes between the interpreter's last look and its wait is seen only with the next one.
    """
    for _ in range(3):
        process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)[1]
    raise AssertionError("the process goes on")


STRUCK = """
import os, signal, sys
from crmctl.cli import main
from crmctl.{module} import {owner}
real, calls = {owner}.{call}, []
def struck(*arguments, **named):
    calls.append(1)
    if len(calls) == {at}:
        os.kill(os.getpid(), signal.{signal})
    return real(*arguments, **named)
{owner}.{call} = struck
sys.argv = ["crmctl", "import", "leads", "leads.csv"]
main.main()
"""
MOMENTS = [
    ("importer.batch", "BatchReader", "read", 3, False),
    ("workspace.import_row", "Importer", "take", 700, False),
    ("storage.files", "Files", "open_new", 1, False),
    ("storage.files", "Files", "write_all", 1, False),
    ("storage.files", "Files", "fsync", 1, False),
    ("storage.files", "Files", "rename", 1, True),
    ("storage.files", "Files", "fsync_folder", 1, True),
]


@pytest.mark.parametrize(
    ("name", "code", "module", "owner", "call", "at", "written"),
    [(*SIGNALS[number % 3], *moment) for number, moment in enumerate(MOMENTS)],
)
def test_p02_an_import_that_is_ended_leaves_the_old_state_or_the_new_and_says_which(
    workspace: Path, put, process, records, name: str, code: int, module, owner, call, at, written
) -> None:
    put("leads.csv", "title\n" + "".join(f"Лид {n}\n" for n in range(1000)))
    script = STRUCK.format(module=module, owner=owner, call=call, at=at, signal=name)
    ran = process(script=script)
    assert ran.code == code
    assert ("what it had done is written" in ran.err) == written
    assert ("nothing written" in ran.err) != written
    assert "Traceback" not in ran.err
    assert len(records()) == (1000 if written else 0)
    assert list(workspace.glob(".*.tmp")) == []
    assert process("db", "check").code == 0


def test_p02_a_second_signal_does_not_break_what_the_first_left(
    workspace: Path, put, process, records
) -> None:
    put("leads.csv", "title\n" + "".join(f"Лид {n}\n" for n in range(1000)))
    script = STRUCK.format(module="storage.files", owner="Files", call="rename", at=1, signal="SIGINT")
    script = script.replace(
        "os.kill(os.getpid(), signal.SIGINT)", "[os.kill(os.getpid(), signal.SIGINT) for _ in '12']"
    )
    ran = process(script=script)
    assert ran.code == 130
    assert "Traceback" not in ran.err
    assert len(records()) == 1000

"""What shells complete: real shells ask, crmctl answers."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def answer(workspace: Path):
    """Ask crmctl as a shell's script does, and return what it prints."""

    def ask(shell: str, typed: str, cursor: int, **environment: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "crmctl"],
            cwd=workspace,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "_CRMCTL_COMPLETE": f"{shell}_complete",
                "COMP_WORDS": typed,
                "COMP_CWORD": str(cursor),
                **environment,
            },
            capture_output=True,
            check=False,
        )
        assert ran.stderr == b""
        return ran.stdout.decode("utf-8")

    return ask


@pytest.fixture
def complete(answer):
    """Ask as bash does for the word under the cursor."""

    def ask(*words: str) -> list[str]:
        told = answer("bash", " ".join(["crmctl", *words]), len(words))
        return [line.partition(",")[2] for line in told.splitlines() if line]

    return ask


def test_commands_are_completed(complete) -> None:
    assert complete("conv") == ["convert"]


def test_reports_and_their_periods_are_completed(complete) -> None:
    assert complete("report", "win") == ["winloss"]
    assert complete("report", "fun") == ["funnel"]
    assert complete("funnel", "--period", "last-") == ["last-week", "last-month", "last-quarter", "last-year"]


def test_ids_are_completed_by_what_is_there(complete, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    assert complete("show", "D-") == ["D-1"]


def test_the_workspace_that_was_named_is_asked(complete, workspace: Path, crm) -> None:
    crm("init", "other", "--template", "simple", "-q")
    crm("-C", "other", "create", "deal", "Acme")
    assert complete("show", "D-") == []
    assert complete("-C", "other", "show", "D-") == ["D-1"]
    assert complete("show", "-C", "other", "D-") == ["D-1"]


def test_after_an_id_the_stages_of_its_pipeline_are(complete, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    assert complete("move", "D-1", "ship") == ["shipping", "shipped"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("create", "comp"), ["company", "companies"]),
        (("create", "deal", "--pipeline", "whole"), ["wholesale", "wholesale_repeat"]),
        (("list", "leads", "--sort", "reject"), ["reject_reason"]),
        (("create", "deal", "-s", "payment"), ["payment_details="]),
        (("create", "deal", "-s", "payment_details=bank"), ["payment_details=bank_transfer"]),
        (("list", "deals", "--view", "changed-b"), ["changed-by-me"]),
        (("funnel", "-o", "js"), ["json", "jsonl"]),
        (("help", "exit"), ["exit-codes"]),
        (("show", "D-1", "--with", "history,ta"), ["history,tasks"]),
        (("pipeline", "show", "whole"), ["wholesale", "wholesale_repeat"]),
        (("board", "lea"), ["leads"]),
        (("reject", "L-1", "--reason", "spa"), ["spam"]),
        (("move", "D-1", "lost", "--reason", "pri"), ["price"]),
        (("funnel", "--cohort", "entered:ship"), ["entered:shipping", "entered:shipped"]),
        (("funnel", "--cohort", "c"), ["created", "closed"]),
    ],
)
def test_words_are_completed_by_what_they_stand_for(
    complete, words: tuple[str, ...], expected: list[str]
) -> None:
    assert complete(*words) == expected


def test_outside_a_workspace_nothing_is_offered_and_nothing_said(complete, tmp_path: Path) -> None:
    (tmp_path / "crmctl.yaml").unlink()
    assert complete("show", "D-") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_one_it_can_read(crm, tmp_path: Path, shell: str) -> None:
    script = tmp_path / f"script.{shell}"
    script.write_text(crm("completion", shell).out)
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0


START = {
    "bash": (["--norc", "--noprofile"], 'eval "$(crmctl completion bash)"'),
    "zsh": (["-f"], 'autoload -Uz compinit; compinit -u -D; eval "$(crmctl completion zsh)"'),
    "fish": (["--no-config"], "crmctl completion fish | source"),
    "pwsh": (["-NoProfile"], "crmctl completion powershell | Out-String | Invoke-Expression"),
}


@pytest.fixture(params=START)
def prompt(request: pytest.FixtureRequest, workspace: Path, program: Path) -> Iterator[pexpect.spawn]:
    """A real shell at its prompt, in the workspace, with crmctl's completion."""
    shell: str = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    environment = {
        **os.environ,
        "PATH": f"{program}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(workspace),
        "TERM": "xterm",
        "PAGER": "cat",
    }
    options, setup = START[shell]
    child = pexpect.spawn(
        shell, options, cwd=workspace, env=environment, encoding="utf-8", timeout=30, dimensions=(50, 120)
    )
    child.sendline(f"{setup}; echo re''ady")
    child.expect_exact("ready\r\n")
    yield child
    child.close(force=True)


def test_a_real_prompt_completes_commands_and_topics(prompt: pexpect.spawn) -> None:
    prompt.send("crmctl hel\t")
    prompt.send("exit-c\t\r")
    prompt.expect_exact("the lock was not had in time")


def test_a_real_prompt_completes_stages_and_the_values_of_fields(prompt: pexpect.spawn, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=100", "-s", "visit_date=today")
    prompt.send("crmctl move D-1 orde\t-s payment_details=bank\t\r")
    prompt.expect_exact("new -> order")
    assert '"payment_details": "bank_transfer"' in crm("show", "D-1", "-o", "json").out


def test_a_real_prompt_completes_the_names_of_files(prompt: pexpect.spawn, workspace: Path) -> None:
    (workspace / "leads-of-the-fair.csv").write_text("title\nDaisy\n", "utf-8")
    prompt.send("crmctl import leads leads-of\t\r")
    prompt.expect_exact("R-1: 1 row: 1 created")


@pytest.fixture
def ask_as_powershell(answer):
    """Ask as the script for PowerShell does: a word a line, and the number of the one under the cursor."""

    def ask(*words: str, **environment: str) -> list[list[str]]:
        told = answer("powershell", "\n".join(["crmctl", *words]), len(words), **environment)
        return [line.split("\t") for line in told.splitlines() if line]

    return ask


def test_powershell_is_told_words_with_their_titles(ask_as_powershell, crm) -> None:
    assert ask_as_powershell("mo") == [["move", "move leads or deals to another stage"]]
    crm("create", "deal", "Acme\nпо почте", "--pipeline", "wholesale")
    assert ask_as_powershell("show", "D-") == [["D-1", "Acme по почте"]]
    assert ask_as_powershell("move", "D-1", "ord") == [["order", "Формирование заказа"]]


def test_powershell_is_told_in_utf_8_whatever_the_locale(ask_as_powershell) -> None:
    found = ask_as_powershell("create", "deal", "Опт и розница", "-s", "payment_details=card", LC_ALL="C")
    assert found == [["payment_details=card", "Карта"]]


def test_powershell_is_left_to_find_files_itself(ask_as_powershell) -> None:
    assert ask_as_powershell("import", "leads", "fair") == []


def test_the_script_for_powershell_asks_by_the_same_variables_and_puts_them_back(crm) -> None:
    ran = crm("completion", "powershell")
    assert ran.code == 0
    assert "Register-ArgumentCompleter -Native -CommandName crmctl -ScriptBlock {" in ran.out
    for name in ("COMP_WORDS", "COMP_CWORD", "_CRMCTL_COMPLETE"):
        assert ran.out.count(f"$env:{name} = ") == 2
    assert "[System.Text.UTF8Encoding]" in ran.out
    for left, right in ("{}", "()", "[]"):
        assert ran.out.count(left) == ran.out.count(right)


def test_rules_are_completed_one_after_the_other(complete) -> None:
    assert complete("validate", "--explain", "style-fi") == ["style-first-stage"]
    assert complete("validate", "--select", "schema-type,data-ga") == ["schema-type,data-gate"]


def test_what_can_be_listed_and_the_records_of_notes_and_lines_are_completed(complete, crm) -> None:
    crm("create", "lead", "Ирина")
    assert complete("note", "L-") == ["L-1"]
    assert complete("blacklist", "add", "") == ["phone", "email", "domain", "messenger", "source"]

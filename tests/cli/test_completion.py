"""What shells complete: real shells ask, crmctl answers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def complete(workspace: Path, crm):
    """Ask as bash does for the word under the cursor."""

    def ask(*words: str) -> list[str]:
        ran = subprocess.run(
            [sys.executable, "-m", "crmctl"],
            cwd=workspace,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "_CRMCTL_COMPLETE": "bash_complete",
                "COMP_WORDS": " ".join(["crmctl", *words]),
                "COMP_CWORD": str(len(words)),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stderr == ""
        return [line.partition(",")[2] for line in ran.stdout.splitlines() if line]

    return ask


def test_commands_are_completed(complete) -> None:
    assert complete("conv") == ["convert"]


def test_ids_are_completed_by_what_is_there(complete, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    assert complete("show", "D-") == ["D-1"]


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


def test_bash_completes_at_a_real_prompt(workspace: Path, crm, program: Path) -> None:
    import pexpect

    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    environment = {
        **os.environ,
        "PATH": f"{program}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PS1": "$ ",
    }
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile"], cwd=workspace, env=environment, encoding="utf-8", timeout=20
    )
    child.sendline('eval "$(crmctl completion bash)"; echo ready')
    child.expect("ready\r\n")
    child.send("crmctl move D-1 documen\t")
    child.expect("documents")
    child.close(force=True)


def test_a_filter_is_kept_as_a_view(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=60000")
    crm("create", "deal", "Beta", "--pipeline", "wholesale", "-s", "amount=10")
    assert crm("filter", "deals", "amount >= 50k", "--sort", "-amount", "--save", "large").code == 0
    assert crm("list", "deals", "--view", "large", "-o", "ids").out == "D-1\n"
    assert "large" not in (workspace / "crmctl.yaml").read_text("utf-8")
    assert crm("filter", "deals", "open", "--save", "mine").code == 2
    assert crm("filter", "deals", "ammount > 1", "--save", "wrong").code == 2

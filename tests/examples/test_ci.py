"""What runs crmctl elsewhere: the workflows of examples/ci and the hooks for pre-commit."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
PLACES = ["crmctl.yaml", "sales/crmctl.yaml", "tasks.yaml", "pipelines/leads.yaml", "a/pipelines/b/c.yaml"]
PLACES += ["tests/process.test.yaml", "sales/tests/process.test.yaml"]
ELSEWHERE = [
    ".github/workflows/ci.yml",
    "docker-compose.yaml",
    "tests/data.yaml",
    "mycrmctl.yaml",
    "pipelines/x.yml",
]


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "examples" / "ci" / name).read_text("utf-8"))
    return found


def checks() -> list[str]:
    """Return the calls that check or test a workspace, in the workflows and in the hooks."""
    github = [step.get("run", "") for step in load("github-workflow.yml")["jobs"]["validate"]["steps"]]
    gitlab = load("gitlab-ci.yml")["validate pipelines"]["script"]
    hooks = [hook["entry"] for hook in HOOKS]
    return [line for line in (*github, *gitlab, *hooks) if re.match("crmctl (validate|test)", line)]


def test_each_of_them_checks_and_tests() -> None:
    assert len(checks()) == 4 + len(HOOKS)


@pytest.mark.parametrize("command", checks())
def test_a_call_passes_a_workspace_that_is_in_order_and_fails_one_that_is_not(
    run, tmp_path: Path, command: str
) -> None:
    run("crmctl", "init", ".", "--template", "simple")
    assert run("sh", "-c", command).returncode == 0
    (tmp_path / "pipelines" / "deals.yaml").write_text("version: 1\n", "utf-8")
    assert run("sh", "-c", command).returncode in (1, 3)


def test_the_reports_that_gitlab_reads_are_those_that_are_written() -> None:
    job = load("gitlab-ci.yml")["validate pipelines"]
    written = [line.partition("-o junit > ")[2] for line in job["script"] if "-o junit" in line]
    assert job["artifacts"]["reports"]["junit"] == written


def test_hooks_have_what_pre_commit_asks_for() -> None:
    for hook in HOOKS:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert hook["language"] == "python"
        assert hook["types"] == ["yaml"]
    assert len({hook["id"] for hook in HOOKS}) == len(HOOKS)


def test_the_hook_for_files_takes_those_of_workspaces_and_leaves_others_alone(run, tmp_path: Path) -> None:
    (hook,) = (hook for hook in HOOKS if hook.get("pass_filenames", True) is not False)
    assert [name for name in PLACES + ELSEWHERE if re.search(hook["files"], name)] == PLACES
    run("crmctl", "init", "sales", "--template", "simple")
    assert run(*hook["entry"].split(), "sales/crmctl.yaml", "sales/pipelines/deals.yaml").returncode == 0
    (tmp_path / "sales" / "pipelines" / "deals.yaml").write_text("version: 1\n", "utf-8")
    ran = run(*hook["entry"].split(), "sales/pipelines/deals.yaml")
    assert (ran.returncode, ran.stdout.startswith("sales/pipelines/deals.yaml:1:1: error:")) == (1, True)

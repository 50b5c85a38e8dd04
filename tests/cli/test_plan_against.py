"""`plan --against`: the configuration of a git revision and the present one, with and without a database."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git here")

PLACED = "  - {stage: placed, title: Заказ внесен, probability: 60, max_age: 2d}\n"


def git(*words: str) -> str:
    who = {
        f"GIT_{role}_{what}": "a@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    ran = subprocess.run(["git", *words], env=environment, check=True, capture_output=True, text=True)
    return ran.stdout


@pytest.fixture
def sales(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a folder of a repository, a stage removed since its first commit; the database is not in it."""
    folder = tmp_path / "продажи"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main", str(tmp_path))
    assert crm("init", "-q").code == 0
    (folder / ".gitignore").write_text(".crmctl/\ncrm.json\n*.lock\n", "utf-8")
    git("add", "-A")
    git("commit", "-qm", "first")
    path = folder / "pipelines" / "wholesale.yaml"
    path.write_text(path.read_text("utf-8").replace(PLACED, ""), "utf-8")
    git("commit", "-qam", "second")
    return folder


def test_what_changed_since_a_revision_is_told_with_the_records(sales: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    ran = crm("plan", "--against", "main~1", "--fail-if-any")
    assert (ran.code, ran.out) == (0, "pipeline wholesale\n  - stage placed (Заказ внесен)\n")
    assert ran.err.startswith("1 difference from main~1; 1 record: all in order\n")


def test_a_revision_whose_files_are_not_all_here_is_not_found(sales: Path, crm) -> None:
    blob = git("rev-parse", "main~1:./pipelines/wholesale.yaml").strip()
    (sales.parent / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    ran = crm("plan", "--against", "main~1")
    assert ran.code == 4
    assert ran.err.splitlines()[0] == (
        "error: the content of pipelines/wholesale.yaml is missing in this repository"
    )


def test_without_a_database_only_the_configurations_are_compared(sales: Path, crm) -> None:
    (sales / "crm.json").unlink()
    ran = crm("plan", "--against", "main~1", "--fail-if-any")
    assert (ran.code, ran.out) == (1, "pipeline wholesale\n  - stage placed (Заказ внесен)\n")
    assert ran.err == "1 difference from main~1; there is no database, so no record was looked at\n"
    assert crm("plan", "--against", "HEAD", "--fail-if-any").code == 0
    found = json.loads(crm("plan", "--against", "main~1", "-o", "json").out)
    assert (found["against"], found["summary"]["records"]) == ("main~1", None)


def test_a_database_that_is_named_must_be_there(sales: Path, crm) -> None:
    assert crm("--db", "no.json", "plan", "--against", "HEAD").code == 4
    (sales / "crm.json").unlink()
    assert crm("plan").code == 4


def test_what_is_not_committed_counts_as_present(sales: Path, crm, edit) -> None:
    edit("crmctl.yaml", "    - {id: pickup, title: Самовывоз}\n", "")
    assert "  - value pickup\n" in crm("plan", "--against", "HEAD").out


def test_the_workspace_may_be_named_from_elsewhere(sales: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sales.parent)
    assert "stage placed" in crm("-C", "продажи", "plan", "--against", "main~1").out


def test_a_pipeline_named_in_a_list_may_have_any_ending(sales: Path, crm, edit) -> None:
    files = sorted(path.name for path in (sales / "pipelines").glob("*.yaml"))
    (sales / "pipelines" / "leads.yaml").rename(sales / "pipelines" / "leads.yml")
    names = ", ".join(f"pipelines/{name}".replace("leads.yaml", "leads.yml") for name in files)
    edit("crmctl.yaml", "pipelines: pipelines", f"pipelines: [{names}]")
    git("add", "-A")
    git("commit", "-qm", "third")
    assert crm("plan", "--against", "HEAD").err.startswith("no difference from HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "main~9", "HEAD:crmctl.yaml", "--help", "-n"])
def test_what_is_no_revision_is_not_found(sales: Path, crm, revision: str) -> None:
    ran = crm("plan", f"--against={revision}")
    assert ran.code == 4
    assert f'"{revision}"' in ran.err


def test_an_empty_revision_is_wrong_use(sales: Path, crm) -> None:
    assert crm("plan", "--against", "").code == 2


def test_an_invalid_configuration_of_a_revision_is_told(sales: Path, crm, edit) -> None:
    edit("pipelines/retail.yaml", "record: deal", "record: dial")
    git("commit", "-qam", "third")
    edit("pipelines/retail.yaml", "record: dial", "record: deal")
    ran = crm("plan", "--against", "HEAD")
    assert ran.code == 3
    assert ran.err.startswith(
        "error: the configuration of revision HEAD has 1 error\n  pipelines/retail.yaml:"
    )


def test_a_revision_from_before_the_workspace_has_none(sales: Path, crm) -> None:
    git("checkout", "-q", "--orphan", "empty")
    git("rm", "-rqf", "--cached", ".")
    git("commit", "-qm", "empty", "--allow-empty")
    ran = crm("plan", "--against", "empty")
    assert (ran.code, ran.err) == (3, "error: revision empty has no crmctl.yaml here\n")


def test_a_folder_that_is_in_no_repository_is_told_in_git_s_words(workspace: Path, crm) -> None:
    ran = crm("plan", "--against", "HEAD")
    assert ran.code == 4
    assert ran.err.startswith("error: git: not a git repository")


def test_without_git_it_is_said_what_is_missing(sales: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = crm("plan", "--against", "HEAD")
    assert (ran.code, ran.err) == (2, "error: --against needs git, which is not installed\n")


def test_no_hook_of_the_repository_runs(sales: Path, crm) -> None:
    hooks = sales.parent / ".git" / "hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {sales.parent}/ran\n", "utf-8")
        (hooks / name).chmod(0o755)
    assert crm("plan", "--against", "main~1").code == 0
    assert not (sales.parent / "ran").exists()
    assert git("status", "--porcelain") == ""

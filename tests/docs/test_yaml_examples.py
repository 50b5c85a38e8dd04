"""The YAML that the README and docs/configuration.md show is valid: together it makes workspaces without a finding."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

ROOT = Path(__file__).parent.parent.parent
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOP = "version: 1\nname: Acme\ncurrency: EUR\nphone_region: UA\npipelines: pipelines\nmode: deals\n"


def examples(page: str) -> list[str]:
    return [match[1] for match in YAML.finditer((ROOT / page).read_text("utf-8"))]


def put(folder: Path, workspace: str, pipeline: str) -> None:
    (folder / "pipelines").mkdir(exist_ok=True)
    (folder / "crmctl.yaml").write_text(workspace, "utf-8")
    (folder / "pipelines" / "shown.yaml").write_text(pipeline, "utf-8")


def test_the_examples_of_the_configuration_page_make_a_valid_workspace(
    tmp_path: Path, shell: Callable[..., CompletedProcess[str]]
) -> None:
    shown = examples("docs/configuration.md")
    (pipeline,) = (each for each in shown if each.startswith("version: 1\npipeline: "))
    sections = [each for each in shown if re.match(r"[a-z]+:\n", each)]
    stages = "".join(each for each in shown if each.startswith("  - {stage:"))
    assert sections
    assert stages
    put(tmp_path, TOP + "".join(sections), pipeline)
    assert shell("crmctl validate --strict", tmp_path).stdout == "no errors in 2 files\n"
    closed = "  - {stage: won, outcome: won}\n  - {stage: lost, outcome: lost, require: [lost_reason]}\n"
    put(
        tmp_path, TOP + "".join(sections), f"version: 1\npipeline: p\nrecord: deal\nstages:\n{stages}{closed}"
    )
    ran = shell("crmctl validate", tmp_path)
    assert "error" not in ran.stdout.replace("no errors", "")


def test_the_pipeline_of_the_readme_is_valid_in_its_template(
    tmp_path: Path, shell: Callable[..., CompletedProcess[str]]
) -> None:
    pipeline, tests = (each for each in examples("README.md") if each.startswith("version: 1\n"))
    shutil.copytree(ROOT / "pipelines" / "trade", tmp_path, dirs_exist_ok=True)
    (tmp_path / "pipelines" / "wholesale.yaml").write_text(pipeline, "utf-8")
    assert shell("crmctl validate --strict", tmp_path).stdout == "no errors in 11 files\n"
    (tmp_path / "tests" / "wholesale.test.yaml").write_text(tests, "utf-8")
    assert shell("crmctl test", tmp_path).returncode == 0

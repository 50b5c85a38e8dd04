"""What docs/editors.md tells to write into settings names files that are there, and says what findings look like."""

import fnmatch
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crmctl.resources import schema_text, template_names

PAGE = (Path(__file__).parent.parent.parent / "docs" / "editors.md").read_text("utf-8")
LINE = "# yaml-language-server: $schema="


def settings(key: str) -> dict[str, Any]:
    blocks = [
        json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    ]
    (found,) = (block for block in blocks if key in block)
    return found


def kind_of(file: Path, workspace: Path) -> str:
    if file.parent == workspace:
        return file.stem
    if file.parent.name == "profiles":
        return "profile"
    return "test" if file.name.endswith(".test.yaml") else "pipeline"


@pytest.mark.parametrize("template", template_names())
def test_every_file_of_a_started_workspace_leads_to_a_schema_that_is_there(
    template: str, tmp_path: Path, crm
) -> None:
    assert crm("init", str(tmp_path), "--template", template).code == 0
    files = [file for file in tmp_path.rglob("*.yaml") if ".crmctl" not in file.parts]
    assert files
    for file in files:
        line = file.read_text("utf-8").splitlines()[0]
        assert line.startswith(LINE)
        schema = file.parent / line.removeprefix(LINE)
        assert schema.read_bytes() == schema_text(kind_of(file, tmp_path))


def test_the_settings_of_vs_code_name_schemas_that_are_written_and_files_that_they_are_for(
    workspace: Path, crm
) -> None:
    crm("schema", "--all", "--out", ".crmctl/schemas")
    (workspace / "tests").mkdir(exist_ok=True)
    (workspace / "tests" / "process.test.yaml").write_text("", "utf-8")
    (workspace / "profiles").mkdir()
    (workspace / "profiles" / "shop.yaml").write_text("", "utf-8")
    files = [path for path in workspace.rglob("*.yaml") if ".crmctl" not in path.parts]
    for schema, pattern in settings("yaml.schemas")["yaml.schemas"].items():
        kind = Path(schema).name.removesuffix(".schema.json")
        assert (workspace / schema).read_bytes() == schema_text(kind)
        meant = {file for file in files if kind_of(file, workspace) == kind}
        names = {file: file.relative_to(workspace).as_posix() for file in files}
        matched = {file for file in files if fnmatch.fnmatch(names[file], pattern.replace("**/", ""))}
        assert matched == meant != set()


def test_the_table_names_the_schemas_that_are_written(crm) -> None:
    named = set(re.findall(r"^\| `([\w-]+)\.schema\.json`", PAGE, re.MULTILINE))
    listed = crm("schema").out.split()
    assert named == {name for name in listed if not name.startswith("output/")}


def test_the_problem_matcher_reads_what_validate_prints(workspace: Path, crm) -> None:
    (task,) = settings("tasks")["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    text = (workspace / "tasks.yaml").read_text("utf-8")
    (workspace / "tasks.yaml").write_text(text + "nope: 1\n", "utf-8")
    command = task["command"].split()
    assert command[0] == "crmctl"
    (line,) = crm(*command[1:]).out.splitlines()
    found = re.fullmatch(pattern["regexp"].removeprefix("^").removesuffix("$"), line)
    assert found is not None
    assert found[pattern["file"]] == "tasks.yaml"
    assert int(found[pattern["line"]]) == len(text.splitlines()) + 1
    assert found[pattern["severity"]] == "error"
    assert found[pattern["message"]] == 'unknown key "nope"'
    assert found[pattern["code"]] == "schema-unknown-key"

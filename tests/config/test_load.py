import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.config.files import find_workspace
from crmctl.config.load import load
from crmctl.resources import folder, template_names

Made = Callable[..., Path]
CACHE = Path(".crmctl") / "cache" / "configuration.json"
IMPORTED = """\
import sys
from pathlib import Path
from crmctl.config.load import load
assert load(Path(sys.argv[1])).configuration is not None
print("\\n".join(sys.modules))
"""


def imported_by_loading(workspace: Path) -> set[str]:
    command = [sys.executable, "-c", IMPORTED, str(workspace)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def copied(template: str, target: Path) -> Path:
    for path in (folder("pipelines") / template).rglob("*.yaml"):
        place = target / path.relative_to(folder("pipelines") / template)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    return target


def test_a_workspace_is_found_from_any_folder_below_it(make_workspace: Made) -> None:
    workspace = make_workspace(files={"a/b/c.txt": ""})
    assert find_workspace(workspace / "a" / "b") == workspace
    assert find_workspace(workspace) == workspace
    assert find_workspace(workspace.parent) is None


@pytest.mark.parametrize("template", template_names())
def test_the_cache_gives_back_an_equal_configuration(template: str, tmp_path: Path) -> None:
    workspace = copied(template, tmp_path)
    compiled = load(workspace)
    assert (workspace / CACHE).exists()
    assert load(workspace) == compiled == load(workspace, use_cache=False)


def test_a_hit_imports_neither_yaml_nor_the_schemas_nor_the_rules(tmp_path: Path) -> None:
    workspace = copied("trade", tmp_path)
    missed, hit = imported_by_loading(workspace), imported_by_loading(workspace)
    heavy = {"yaml", "jsonschema", "crmctl.config.check", "crmctl.config.rules", "crmctl.config.compile"}
    assert heavy <= missed
    assert not heavy & hit
    assert not hit & {"hashlib", "tempfile", "logging", "importlib.metadata", "phonenumbers", "re2"}


def test_warnings_are_kept_with_the_configuration(make_workspace: Made) -> None:
    workspace = make_workspace("spend: spend.csv\ntasks: tasks.yaml\n")
    first, again = load(workspace), load(workspace)
    assert again == first
    assert [one.rule for one in again.findings] == ["reference-data-file"]
    assert [one.rule for one in again.tasks_findings] == ["reference-path"]


def test_a_change_in_any_file_is_seen(make_workspace: Made, deals: str) -> None:
    workspace = make_workspace(
        "tasks: tasks.yaml\n", {"pipelines/deals.yaml": deals, "tasks.yaml": "version: 1\n"}
    )
    load(workspace)
    (workspace / "pipelines" / "deals.yaml").write_text(deals.replace("Сделки", "Продажи"))
    found = load(workspace).configuration
    assert found is not None
    assert found.pipelines[0].title == "Продажи"
    (workspace / "tasks.yaml").write_text("version: 1\ntypes: []\n")
    assert [one.rule for one in load(workspace).tasks_findings] == ["schema-type"]
    (workspace / "crmctl.yaml").write_text((workspace / "crmctl.yaml").read_text().replace("Acme", "Ajax"))
    found = load(workspace).configuration
    assert found is not None
    assert found.name == "Ajax"


def test_a_file_that_comes_or_goes_is_seen(make_workspace: Made, deals: str) -> None:
    workspace = make_workspace()
    load(workspace)
    more = workspace / "pipelines" / "below" / "more.yaml"
    more.parent.mkdir()
    more.write_text(deals.replace("pipeline: deals", "pipeline: more"))
    found = load(workspace).configuration
    assert found is not None
    assert [pipeline.id for pipeline in found.pipelines] == ["more", "deals"]
    more.unlink()
    found = load(workspace).configuration
    assert found is not None
    assert [pipeline.id for pipeline in found.pipelines] == ["deals"]


def test_an_invalid_configuration_is_not_kept(make_workspace: Made) -> None:
    workspace = make_workspace("timezon: UTC\n")
    loaded = load(workspace)
    assert loaded.configuration is None
    assert [one.rule for one in loaded.findings] == ["schema-unknown-key"]
    assert not (workspace / CACHE).exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04K\x01.", b'{"key":', b"[" * 100_000])
def test_a_damaged_cache_is_built_again(make_workspace: Made, content: bytes) -> None:
    workspace = make_workspace()
    compiled = load(workspace)
    (workspace / CACHE).write_bytes(content)
    assert load(workspace) == compiled
    assert (workspace / CACHE).read_bytes() != content


def test_a_cache_of_the_right_key_and_wrong_content_is_built_again(make_workspace: Made) -> None:
    workspace = make_workspace()
    compiled = load(workspace)
    text = (workspace / CACHE).read_text("utf-8")
    (workspace / CACHE).write_text(text.replace('"record":"deal"', '"record":"horse"'), "utf-8")
    assert load(workspace) == compiled


def test_a_cache_that_cannot_be_written_is_no_matter(make_workspace: Made) -> None:
    workspace = make_workspace()
    (workspace / ".crmctl").write_text("in the way")
    assert load(workspace).configuration is not None


def test_the_cache_is_for_its_owner_alone(make_workspace: Made) -> None:
    workspace = make_workspace()
    load(workspace)
    assert stat.S_IMODE((workspace / CACHE).stat().st_mode) == 0o600


def test_the_cache_can_be_passed_by(make_workspace: Made) -> None:
    workspace = make_workspace()
    assert load(workspace, use_cache=False).configuration is not None
    assert not (workspace / CACHE).exists()

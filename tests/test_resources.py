"""The shipped schemas and templates are found beside the package, or inside it in a wheel."""

import json
from pathlib import Path

import pytest

from crmctl import resources


def test_every_schema_is_json_and_names_itself() -> None:
    for name in resources.schema_names():
        assert json.loads(resources.schema_text(name))["$id"] == f"crmctl:schemas/{name}"


def test_the_schemas_of_the_configuration_are_there() -> None:
    assert {"crmctl", "pipeline"} <= set(resources.schema_names())


def test_names_stand_in_their_order() -> None:
    names = resources.schema_names()
    assert names == sorted(names)


def test_every_template_is_a_workspace() -> None:
    for name in resources.template_names():
        assert (resources.folder("pipelines") / name / "crmctl.yaml").is_file()


def test_the_folder_inside_a_wheel_goes_before_the_one_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "crmctl"
    for folder in (package / "_shipped" / "schemas", tmp_path / "schemas"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.folder("schemas") == package / "_shipped" / "schemas"


def test_an_installation_without_its_folders_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "crmctl")
    with pytest.raises(FileNotFoundError, match="without its pipelines folder"):
        resources.folder("pipelines")

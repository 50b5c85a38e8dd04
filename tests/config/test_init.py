import errno
import os
import shutil
from pathlib import Path

import pytest

from crmctl import resources
from crmctl.config.check import report_workspace
from crmctl.config.init import write_template
from crmctl.errors import Refused, StoreUnreadable, WrongUse
from crmctl.resources import schema_text, template_names
from crmctl.workspace.start import start_workspace


@pytest.mark.parametrize("template", template_names())
def test_a_started_workspace_is_in_order(template: str, tmp_path: Path) -> None:
    written = write_template(template, tmp_path / "new", [])
    assert report_workspace(tmp_path / "new").findings == ()
    assert all(path.is_file() for path in written)


def test_what_crmctl_keeps_in_the_folder_of_a_template_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(resources.folder("pipelines"), shipped / "pipelines")
    shutil.copytree(resources.folder("schemas"), shipped / "schemas")
    cache = shipped / "pipelines" / "simple" / ".crmctl" / "cache" / "configuration.json"
    cache.parent.mkdir(parents=True)
    cache.write_text("{}")
    monkeypatch.setattr(resources, "_PACKAGE", shipped / "crmctl")
    write_template("simple", tmp_path / "new", [])
    assert not (tmp_path / "new" / ".crmctl" / "cache").exists()


def test_the_schema_lines_lead_to_the_workspaces_own_copies(tmp_path: Path) -> None:
    write_template("trade", tmp_path, [])
    assert (
        (tmp_path / "crmctl.yaml")
        .read_text("utf-8")
        .startswith("# yaml-language-server: $schema=.crmctl/schemas/crmctl.schema.json\n")
    )
    assert (
        (tmp_path / "pipelines" / "retail.yaml")
        .read_text("utf-8")
        .startswith("# yaml-language-server: $schema=../.crmctl/schemas/pipeline.schema.json\n")
    )
    copy = tmp_path / ".crmctl" / "schemas" / "pipeline.schema.json"
    assert copy.read_bytes() == schema_text("pipeline")


def test_what_is_not_to_be_committed_is_ignored(tmp_path: Path) -> None:
    write_template("simple", tmp_path, [])
    assert (tmp_path / ".gitignore").read_text() == ".crmctl/\n*.lock\n*.rejects.csv\n"


def test_a_gitignore_is_added_to_and_keeps_what_it_says(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.pyc\n.crmctl/\nlast")
    write_template("simple", tmp_path, [])
    assert (tmp_path / ".gitignore").read_text() == "*.pyc\n.crmctl/\nlast\n*.lock\n*.rejects.csv\n"
    (tmp_path / "pipelines" / "deals.yaml").unlink()


@pytest.mark.parametrize("name", ["crmctl.yaml", "pipelines/deals.yaml"])
def test_a_file_in_the_way_is_kept_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    mine = tmp_path / name
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(Refused) as error:
        write_template("simple", tmp_path, [])
    assert name in error.value.message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_what_an_init_that_was_killed_left_is_completed(tmp_path: Path) -> None:
    write_template("b2b", tmp_path / "whole", [])
    write_template("b2b", tmp_path / "part", [])
    for name in ("crmctl.yaml", ".gitignore", "pipelines/sales.yaml"):
        (tmp_path / "part" / name).unlink()
    write_template("b2b", tmp_path / "part", [])
    whole, part = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "whole", tmp_path / "part")
    )
    assert whole == part


def test_the_file_that_makes_a_workspace_is_written_last(tmp_path: Path) -> None:
    made: list[Path] = []
    write_template("b2b", tmp_path, made)
    assert made[-1] == tmp_path / "crmctl.yaml"


def test_a_dangling_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "crmctl.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(Refused):
        write_template("simple", tmp_path / "new", [])
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_an_unknown_template_is_wrong_use_that_names_the_others(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as error:
        write_template("simpel", tmp_path / "new", [])
    assert error.value.hint == 'did you mean "simple"?'
    assert not (tmp_path / "new").exists()


def test_a_disk_that_fills_up_leaves_nothing_of_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnreadable, match="No space left"):
        start_workspace(tmp_path / "new", "b2b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_workspace_is_never_there_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises((StoreUnreadable, OSError)):
        write_template("simple", tmp_path, [])
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_schemas_that_cannot_be_written_are_told_as_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_workspace(tmp_path, "simple")
    shutil.rmtree(tmp_path / ".crmctl" / "schemas")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnreadable):
        start_workspace(tmp_path, "")
    assert not (tmp_path / ".crmctl" / "schemas").exists()

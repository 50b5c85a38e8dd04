"""`schema`: printed, or written as files where editors look for them."""

import json
from pathlib import Path

import pytest

from crmctl.resources import schema_names, schema_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


SHIPPED = {f"{name}.schema.json": schema_text(name) for name in schema_names()}


def test_a_schema_is_printed_as_it_is_shipped(crm) -> None:
    assert crm("schema", "pipeline").out.encode() == schema_text("pipeline")
    assert crm("schema").out.split() == schema_names()


def test_all_of_them_are_written_into_a_folder_that_is_made(folder: Path, crm) -> None:
    ran = crm("schema", "--all", "--out", "editor/schemas")
    assert (ran.code, ran.out) == (0, "")
    assert files(folder / "editor" / "schemas") == SHIPPED
    assert ran.err.splitlines() == [f"+ editor/schemas/{name}" for name in SHIPPED]


def test_written_again_nothing_changes(folder: Path, crm) -> None:
    crm("schema", "--all", "--out", "schemas")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert crm("schema", "--all", "--out", "schemas").err == "the schemas in schemas are up to date\n"
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_schemas_of_another_version_are_replaced_and_told_of(folder: Path, crm) -> None:
    (folder / "tasks.schema.json").write_text('{"$id": "crmctl:schemas/tasks", "old": true}')
    ran = crm("schema", "--all", "--out", ".")
    assert ran.code == 0
    assert "~ tasks.schema.json" in ran.err.splitlines()
    assert files(folder) == SHIPPED


@pytest.mark.parametrize(
    "content", ['{"$id": "https://example.com/s"}', "{}", "[1]", "not JSON", "", "[" * 9999]
)
def test_what_is_no_schema_of_ours_is_not_written_over(folder: Path, crm, content: str) -> None:
    mine = folder / "tasks.schema.json"
    mine.write_text(content)
    ran = crm("schema", "--all", "--out", ".")
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert "tasks.schema.json is no schema of crmctl's" in ran.err
    assert files(folder) == {"tasks.schema.json": content.encode()}


@pytest.mark.parametrize("kind", ["folder", "dangling link"])
def test_nor_is_what_is_no_file(folder: Path, crm, kind: str) -> None:
    place = folder / "tasks.schema.json"
    if kind == "folder":
        place.mkdir()
    else:
        place.symlink_to("elsewhere")
    assert crm("schema", "--all", "--out", ".").code == 1
    assert files(folder) == {}


def test_one_alone_can_be_written_too(folder: Path, crm) -> None:
    assert crm("schema", "output/records", "--out", "s").err == "+ s/output/records.schema.json\n"
    assert files(folder / "s") == {"output/records.schema.json": schema_text("output/records")}


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--all"], 2, "hint: crmctl schema --all --out DIR"),
        (["pipeline", "--all", "--out", "s"], 2, "name one schema, or all of them by --all"),
        (["--out", "s"], 2, "name one schema, or all of them by --all"),
        (["pipelin", "--out", "s"], 4, 'did you mean "pipeline"?'),
        (["pipelin"], 4, 'did you mean "pipeline"?'),
        (["--all", "--out", "file"], 2, "file is no folder"),
        (["--all", "--out", "file/s"], 2, "file/s is no folder"),
        (["--all", "--out", "/proc/s"], 6, "cannot write /proc/s"),
    ],
)
def test_where_it_is_not_clear_what_or_where_nothing_is_written(
    folder: Path, crm, options: list[str], code: int, told: str
) -> None:
    (folder / "file").write_text("")
    ran = crm("schema", *options)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert files(folder) == {"file": b""}


def test_every_schema_names_itself_and_its_dialect() -> None:
    for name, text in SHIPPED.items():
        schema = json.loads(text)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert f"{schema['$id']}.schema.json" == f"crmctl:schemas/{name}"


def test_init_in_a_fresh_clone_brings_the_schemas_back_and_says_so(workspace: Path, crm) -> None:
    before = files(workspace / ".crmctl" / "schemas")
    for path in (workspace / ".crmctl" / "schemas").iterdir():
        path.unlink()
    assert crm("init").err == "+ .crmctl/schemas, for editors\n"
    assert files(workspace / ".crmctl" / "schemas") == before
    assert crm("init").err == ". is a workspace already, nothing to do\n"

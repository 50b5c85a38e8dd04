"""Every shipped profile has samples, found by their columns, and gives exactly the records expected of them.

A folder is named like its profile. A file `sample*.csv` (or of another format) stands beside `expected*.json` of the
same ending: its `told` is what the import says, the rest the records that are there after it, by table. Where it is
not there, the test writes what came of the sample, and fails: somebody must look at it. Its `options` are those of
the command. `workspace.txt` names another shared workspace than `workspace-en`; one of its own, `crmctl.yaml` with
what that names, takes its place; samples that `before.txt` names are imported first.
"""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmctl.config.compile_profile import compile_profile
from crmctl.config.profiles import load_profiles
from crmctl.config.schema_check import check
from crmctl.config.yaml_reader import read
from crmctl.model.profile_draft import ProfileDraft
from crmctl.render.profile_text import profile_text

HERE = Path(__file__).parent
TABLES = ("leads", "contacts", "companies", "deals", "products", "tasks")
NOW = "2026-11-22T12:00:00+03:00"
SAMPLES = sorted(path for path in HERE.glob("*/sample*") if path.suffix != ".md")
each_sample = pytest.mark.parametrize(
    ("sample_workspace", "sample"),
    [pytest.param(path.parent.name, path, id=f"{path.parent.name}/{path.name}") for path in SAMPLES],
    indirect=["sample_workspace"],
)


def table_of(sample: Path) -> str:
    profile = load_profiles(None).get(sample.parent.name)
    assert profile is not None
    return profile.record.table


def expectation(sample: Path) -> Path:
    """Return where stands what is expected of a sample alone."""
    return sample.with_name(sample.stem.replace("sample", "expected") + ".json")


def options(sample: Path) -> list[str]:
    """Return the options without which a sample cannot be read."""
    own = expectation(sample)
    found = json.loads(own.read_text("utf-8")).get("options", []) if own.exists() else []
    return [str(each) for each in found]


def imported(crm, sample: Path, *more: str) -> Any:
    return crm("import", table_of(sample), str(sample), "--now", NOW, *options(sample), *more)


def records(crm) -> dict[str, Any]:
    """Return all that is stored, but for what every record has and says nothing of where it came from."""
    found = {}
    for table in TABLES:
        rows = json.loads(crm("list", table, "-o", "json", "--sort", "id").out)
        for row in rows:
            row.pop("revision", None)
        if rows:
            found[table] = rows
    return found


def told(sample: Path, err: str) -> list[str]:
    return err.replace(f"{sample}", sample.name).splitlines()


def test_every_shipped_profile_has_a_sample() -> None:
    sampled = {sample.parent.name for sample in SAMPLES}
    assert sampled == set(load_profiles(None).names())


@pytest.mark.parametrize("name", load_profiles(None).names())
def test_a_draft_that_begins_with_a_profile_can_say_all_that_it_says(name: str) -> None:
    profile = load_profiles(None).get(name)
    assert profile is not None
    draft = msgspec.structs.replace(profile, title="", export=None, own=True)
    document = read(profile_text(ProfileDraft(draft)).encode(), name)
    assert check(document, "profile") == []
    assert compile_profile(document, own=True) == draft


@each_sample
def test_a_sample_becomes_the_records_that_are_expected(sample_workspace: Path, sample: Path, crm) -> None:
    ran = imported(crm, sample)
    came = {"told": told(sample, ran.err), **records(crm)}
    expected = expectation(sample)
    if not expected.exists():
        expected.write_text(json.dumps(came, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was written from what came of the sample: look whether it is right")
    wanted = json.loads(expected.read_text("utf-8"))
    wanted.pop("options", None)
    assert came == wanted


@each_sample
def test_a_sample_is_recognised_by_its_columns(sample_workspace: Path, sample: Path, crm) -> None:
    assert f"{sample}: read as {sample.parent.name}" in imported(crm, sample, "--dry-run").err


@each_sample
def test_a_sample_that_comes_again_changes_nothing(sample_workspace: Path, sample: Path, crm) -> None:
    assert imported(crm, sample).code == 0
    before = (sample_workspace / "crm.json").read_bytes()
    assert "nothing to do" in imported(crm, sample).err
    assert (sample_workspace / "crm.json").read_bytes() == before


@each_sample
def test_an_import_of_a_sample_can_be_taken_back_whole(sample_workspace: Path, sample: Path, crm) -> None:
    before = records(crm)
    ran = imported(crm, sample)
    assert ran.code == 0
    assert crm(*re.search(r"\(undo: crmctl (undo R-\d+)\)", ran.err)[1].split(), "--yes").code == 0
    assert records(crm) == before


@each_sample
def test_a_draft_made_of_a_sample_is_in_order_and_imports_it(
    sample_workspace: Path, sample: Path, crm
) -> None:
    read_as_told = imported(crm, sample, "--dry-run").code
    said = options(sample) if "--sheet" in options(sample) else []
    draft = crm("profile", "suggest", str(sample), "--type", table_of(sample), *said)
    assert draft.code == 0
    Path("draft.yaml").write_text(draft.out, "utf-8")
    checked = crm("profile", "check", "draft.yaml")
    assert checked.code == 0, checked.out
    assert imported(crm, sample, "--profile", "draft.yaml").code == read_as_told

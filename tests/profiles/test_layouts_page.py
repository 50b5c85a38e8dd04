"""The page of the layouts names every own field that a shipped profile fills, and no other."""

import re
from pathlib import Path

import pytest

from crmctl.config.profiles import load_profiles
from crmctl.importer.targets import Targets
from crmctl.model.import_profile import LINKED, PASSED, ImportProfile
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

PAGE = Path(__file__).parents[2] / "docs" / "import-layouts.md"
PROFILES = load_profiles(None)


def standard(kind: RecordType) -> dict[str, object]:
    return {field.name: field for field in STANDARD_FIELDS[kind.value]}


def own_fields(profile: ImportProfile) -> set[str]:
    """Return the fields that a profile fills where a workspace has them, and not every one has."""
    linked = {kind: standard(kind) for kind in LINKED.get(profile.record, ())}
    targets = Targets(standard(profile.record), linked)  # type: ignore[arg-type]
    named = {place.field for places in profile.columns.values() for place in places}
    named |= {each.field for each in profile.join} | set(profile.set)
    known = {name for name in named if (found := targets.find(name)) and targets.is_known(found)}
    return named - known - {PASSED}


def told() -> dict[str, set[str]]:
    """Return what the page names in italics, last in the rows of each profile."""
    found: dict[str, set[str]] = {}
    systems = {name.partition("-")[0] for name in PROFILES.names()}
    for section in PAGE.read_text("utf-8").split("\n## "):
        heading, _, text = section.partition("\n")
        for row in re.findall(r"^\|.*`crmctl import .*\|$", text, re.MULTILINE):
            cells = row.strip("|").split("|")
            table = re.search(r"crmctl import (\w+)", cells[1])[1]
            of_heading = {each for each in systems if each in heading.lower()}
            for system in {each for each in of_heading if each in cells[0].lower()} or of_heading:
                names = re.findall(r"\*([\w.]+)\*", cells[-1])
                found.setdefault(f"{system} {table}", set()).update(names)
    return found


TOLD = told()


@pytest.mark.parametrize("name", PROFILES.names())
def test_the_page_names_the_own_fields_that_a_profile_fills(name: str) -> None:
    profile = PROFILES.get(name)
    assert profile is not None
    named = TOLD.get(f"{name.partition('-')[0]} {profile.record.table}", set())
    assert named == own_fields(profile)

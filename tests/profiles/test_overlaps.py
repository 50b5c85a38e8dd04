"""Profiles do not take each other's files, nor those of nobody in particular."""

from pathlib import Path

import pytest

from crmctl.config.profiles import Profiles, load_profiles
from crmctl.importer.opening import open_by
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.text import name_key

HERE = Path(__file__).parent
SAMPLES = sorted(HERE.glob("*/sample*.csv"))
PLAIN = [
    "Name,Email,Phone",
    "First Name,Last Name,Photo,Phone",
    "name,phone_number",
    "sku,name,price",
    "First Name,Last Name,Email,Company,Title,Lead Source",
    "Index,Account Id,Lead Owner,First Name,Last Name,Company,Phone 1,Email 1,Website,Source,Deal Stage,Notes",
    "Title,Amount,Stage,Salesperson",
    "Deal Name,Deal Stage,Amount,Close Date",
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
]


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    """The profiles that are shipped."""
    return load_profiles(None)


def fitting(profiles: Profiles, header: list[str]) -> list[str]:
    names = {name_key(name) for name in header}
    return [each.name for each in profiles.signatures if each.fits(names)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_profiles_that_fit_a_sample_are_for_different_records(profiles: Profiles, sample: Path) -> None:
    profile = profiles.get(sample.parent.name)
    assert profile is not None
    with Source(str(sample)) as source:
        found = fitting(profiles, list(open_by(source, ReadOptions(), profile).header))

    records = [each.record for each in profiles.signatures if each.name in found]
    assert profile.name in found
    assert len(records) == len(set(records)), found


@pytest.mark.parametrize("header", PLAIN, ids=lambda header: header[:30])
def test_columns_that_anybody_may_have_are_of_no_profile(profiles: Profiles, header: str) -> None:
    assert fitting(profiles, header.split(",")) == []

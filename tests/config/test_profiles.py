from pathlib import Path

import pytest

from crmctl.config.profiles import load_profiles, shipped_files
from crmctl.config.reading import read_checked

OWN = """version: 1
profile: shop
record: lead
detect: {all: [Order no]}
columns: {Order no: external_id, Buyer: title}
"""


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_a_shipped_profile_fits_its_schema_and_is_named_like_its_file(path: Path) -> None:
    reading = read_checked(path, path.name, "profile")
    assert reading.findings == ()
    assert reading.document.data["profile"] == path.stem


def test_a_profile_of_the_workspace_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "shop.yaml").write_text(OWN, "utf-8")
    found = load_profiles(tmp_path)
    assert {"shop", "bitrix24-deals"} <= {*found.names()}
    shop = found.get("shop")
    assert shop is not None
    assert shop.own


def test_what_is_kept_says_the_same_as_the_files(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    file = tmp_path / "profiles" / "shop.yaml"
    file.write_text(OWN, "utf-8")
    first = load_profiles(tmp_path)
    assert (tmp_path / ".crmctl/cache/profiles.json").is_file()
    assert load_profiles(tmp_path).get("shop") == first.get("shop")
    file.write_text(OWN.replace("Buyer", "Client"), "utf-8")
    again = load_profiles(tmp_path).get("shop")
    assert again is not None
    assert set(again.columns) == {"Order no", "Client"}


def test_a_profile_of_the_workspace_takes_the_place_of_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    text = OWN.replace("profile: shop", "profile: bitrix24-deals")
    (tmp_path / "profiles" / "mine.yaml").write_text(text, "utf-8")
    found = load_profiles(tmp_path).get("bitrix24-deals")
    assert found is not None
    assert set(found.columns) == {"Order no", "Buyer"}


def test_a_faulty_profile_of_the_workspace_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "shop.yaml").write_text(OWN + "colums: {}\n", "utf-8")
    found = load_profiles(tmp_path)
    assert [(one.place, one.rule) for one in found.faults] == [
        ("profiles/shop.yaml:6:1", "schema-unknown-key")
    ]
    assert "shop" not in found.names()


def test_without_a_workspace_there_are_the_shipped_ones() -> None:
    assert load_profiles(None).names() == [path.stem for path in shipped_files()]


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("pipedrive-contacts", "pipedrive-people"),
        ("salesforce-deals", "salesforce-opportunities"),
        ("salesforce-companies", "salesforce-accounts"),
        ("odoo-deals", "odoo-opportunities"),
        ("krayin-contacts", "krayin-persons"),
    ],
)
def test_a_profile_may_be_called_by_what_its_rows_become(called: str, name: str) -> None:
    found = load_profiles(None).get(called)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("called", ["contacts", "nobody-contacts", "pipedrive-products", "-contacts", ""])
def test_what_names_no_profile_finds_none(called: str) -> None:
    assert load_profiles(None).get(called) is None

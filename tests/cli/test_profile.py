"""`crmctl profile list|show|check`: the profiles themselves."""

import json
from pathlib import Path

import pytest

SHOP = """version: 1
profile: shop
record: lead
detect: {all: [Order no]}
columns: {Order no: external_id, Buyer: title}
"""


def test_profiles_are_listed_with_where_they_come_from(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    found = {each["name"]: each for each in json.loads(crm("profile", "list", "-o", "json").out)}
    assert found["shop"] == {"name": "shop", "title": "", "record": "lead", "origin": "own"}
    assert found["bitrix24-leads"]["origin"] == "shipped"


def test_a_faulty_profile_is_told_beside_the_list(put, crm) -> None:
    put("profiles/shop.yaml", SHOP + "x: 1\n")
    ran = crm("profile", "list", "-o", "ids")
    assert ran.code == 0
    assert 'warning: profiles/shop.yaml:6:1: unknown key "x"' in ran.err


def test_profiles_are_listed_and_shown_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "amocrm-deals" in crm("profile", "list").out
    shown = crm("profile", "show", "amocrm-deals")
    assert shown.code == 0
    assert shown.out.startswith("# yaml-language-server:")
    assert crm("profile", "check", "amocrm-deals").code == 0
    Path("deals.csv").write_text("Title\nx\n", "utf-8")
    assert crm("profile", "check", "deals.csv").code == 3
    assert list(tmp_path.iterdir()) == [tmp_path / "deals.csv"]


def test_a_profile_is_shown_as_its_file_stands_and_as_an_object(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    assert crm("profile", "show", "shop").out == SHOP
    assert json.loads(crm("profile", "show", "shop", "-o", "json").out)["columns"] == {
        "Order no": "external_id",
        "Buyer": "title",
    }


def test_a_profile_that_is_not_there_is_named_with_a_close_one(workspace: Path, crm) -> None:
    ran = crm("profile", "show", "bitrix-leads")
    assert ran.code == 4
    assert 'did you mean "bitrix24-leads"?' in ran.err


def test_faults_of_a_profile_are_told_at_their_places(put, crm) -> None:
    text = SHOP.replace("Buyer: title", "Buyer: titl, Way: {field: source, lookup: {Fair: fare}}")
    ran = crm("profile", "check", put("x.yaml", text), "-o", "parsable")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        'x.yaml:5:41: warning: leads have no field "titl" [style-profile-field]',
        'x.yaml:5:83: error: there is no value of list "source" "fare" [reference-profile-word]',
    ]


def test_a_profile_without_a_fault_passes(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    for target in ("shop", "profiles/shop.yaml"):
        ran = crm("profile", "check", target)
        assert (ran.code, ran.out) == (0, "no errors in 1 file\n") or ran.err == "no errors in 1 file\n"


def test_findings_of_profiles_are_an_array_as_those_of_validate(put, crm) -> None:
    put("profiles/shop.yaml", SHOP + "x: 1\n")
    (found,) = json.loads(crm("profile", "check", "profiles/shop.yaml", "-o", "json").out)
    assert (found["rule"], found["line"], found["column"]) == ("schema-unknown-key", 6, 1)
    assert crm("validate").code == 1


def test_fields_of_a_shipped_profile_that_a_workspace_lacks_are_told_and_no_fault(
    workspace: Path, crm
) -> None:
    ran = crm("profile", "check", "bitrix24-leads", "-o", "parsable")
    assert ran.code == 0
    assert "[style-profile-field]" in ran.out


def test_words_of_a_shipped_profile_that_a_workspace_lacks_are_warnings(workspace: Path, crm) -> None:
    ran = crm("profile", "check", "krayin-deals", "-o", "parsable")
    assert ran.code == 0
    assert "warning: there is no value of list" in ran.out
    assert "error:" not in ran.out


def test_a_profile_is_found_by_what_its_records_are_called_here(put, crm) -> None:
    assert (
        crm("profile", "show", "Salesforce-Deals").out
        == crm("profile", "show", "salesforce-opportunities").out
    )
    name = put("in.csv", "Opportunity ID,Opportunity Name,Stage\n1,A,new\n")
    ran = crm("import", "deals", name, "--profile", "salesforce-deals", "-n")
    assert "read as salesforce-opportunities" in ran.err


def test_profiles_and_files_are_checked_apart(put, crm) -> None:
    ran = crm("profile", "check", "bitrix24-leads", put("a.csv", "Title\nx\n"))
    assert ran.code == 2


def test_what_is_neither_a_file_nor_a_profile_is_not_found(workspace: Path, crm) -> None:
    assert crm("profile", "check", "nowhere").code == 4

"""`import` remembers what other systems call records that are known by another outside id."""

import json
from pathlib import Path

import pytest

CONFIGURATION = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
phone_region: UA
users: [{id: anna}, {id: oleg}]
fields:
  contact: {rank: {type: integer}}
duplicates:
  contact: [[email]]
"""
SALE = """
version: 1
pipeline: sale
record: deal
stages: [{stage: new}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]
"""
PEOPLE = "external_id,first_name,email"
MOVED = "P7,Anna,anna@example.com"
"""The same person as the first contact, by the e-mail, as another system knows her."""
DEAL = ("external_id,title,contact", "d1,Sale,P7")


@pytest.fixture
def bring(laid_out, crm):
    """Import these lines into a workspace that knows a contact by the outside id X1."""
    laid_out(crmctl=CONFIGURATION, sale=SALE)

    def bring(kind: str, *lines: str, options: tuple[str, ...] = (), file: str = "rows.csv"):
        Path(file).write_text("\n".join(lines) + "\n", "utf-8")
        return crm("import", kind, file, *options)

    assert bring("contacts", PEOPLE, "X1,Anna,anna@example.com").code == 0
    return bring


def contact_of(crm, deal: str) -> str:
    return json.loads(crm("show", deal, "-o", "json").out)["contact"]


@pytest.mark.parametrize("mode", ["skip", "update", "fill"])
def test_a_deal_finds_the_contact_that_another_system_calls_otherwise(bring, crm, mode: str) -> None:
    assert bring("contacts", PEOPLE, MOVED, options=("--on-duplicate", mode)).code == 0
    assert bring("deals", *DEAL).code == 0
    assert contact_of(crm, "D-1") == "C-1"
    assert json.loads(crm("show", "C-1", "-o", "json").out)["external_id"] == "X1"


def test_the_same_file_twice_makes_one_run(bring, crm) -> None:
    ran = bring("contacts", PEOPLE, MOVED)
    assert "R-2: 1 row: 1 unchanged (undo: crmctl undo R-2)" in ran.err
    assert "1 id of another system known from now on, beside the records' own" in ran.err
    assert bring("contacts", PEOPLE, MOVED).err == "nothing to do: 1 row: 1 unchanged\n"
    changed = bring("contacts", PEOPLE, "P7,Anne,anne@example.com", options=("--on-duplicate", "update"))
    assert "1 updated" in changed.err
    assert json.loads(crm("show", "C-1", "-o", "json").out)["first_name"] == "Anne"


def test_a_dry_run_and_a_rejected_row_remember_nothing(bring, crm) -> None:
    assert crm("import", "contacts", "rows.csv", "--dry-run").code == 0
    bring("contacts", PEOPLE, MOVED, options=("--dry-run",))
    assert bring("contacts", PEOPLE, MOVED, "P8,Bo,no address").code == 1
    assert bring("contacts", PEOPLE, MOVED, options=("--on-duplicate", "error", "--partial")).code != 0
    assert '"P7" is no id' in bring("deals", *DEAL).err


def test_undo_forgets_them_and_an_undo_of_that_knows_them_again(bring, crm) -> None:
    bring("contacts", PEOPLE, MOVED)
    assert crm("undo", "--yes").err.endswith("R-2: 1 id of another system reversed\n")
    assert bring("deals", *DEAL, options=("--dry-run",)).code != 0
    assert "was undone already" in crm("undo", "R-2", "--yes").err
    assert crm("undo", "R-3", "--yes").err.endswith("R-3: 1 id of another system reversed\n")
    assert bring("deals", *DEAL).code == 0
    assert contact_of(crm, "D-1") == "C-1"


def test_undo_of_an_import_that_changed_records_forgets_them_too(bring, crm) -> None:
    bring("contacts", PEOPLE, MOVED, "P8,Bo,bo@example.com")
    assert crm("undo", "--yes").code == 0
    assert bring("deals", *DEAL).code != 0


def test_those_of_a_merged_record_go_to_its_heir(bring, crm) -> None:
    bring("contacts", PEOPLE, MOVED)
    assert crm("create", "contact", "Anna", "--allow-duplicate").code == 0
    assert crm("merge", "C-2", "C-1", "--yes").code == 0
    assert bring("deals", *DEAL).code == 0
    assert contact_of(crm, "D-1") == "C-2"


def test_what_a_record_has_as_its_own_means_that(bring, crm) -> None:
    bring("contacts", PEOPLE, MOVED)
    crm("create", "contact", "Bo", "-s", "external_id=P7", "--allow-duplicate")
    assert bring("deals", *DEAL).code == 0
    assert contact_of(crm, "D-1") == "C-2"
    assert "1 skipped" in bring("contacts", PEOPLE, "P7,Cy,cy@example.com").err


def test_a_record_that_is_gone_is_meant_no_more(bring, crm) -> None:
    bring("contacts", PEOPLE, MOVED)
    assert crm("delete", "C-1", "--yes").code == 0
    assert bring("deals", *DEAL).code != 0
    assert "1 created" in bring("contacts", PEOPLE, "P7,Anna,new@example.com").err


def test_an_empty_outside_id_is_filled_and_not_remembered_beside(bring, crm) -> None:
    crm("create", "contact", "Bo", "-s", "email=bo@example.com")
    assert bring("contacts", PEOPLE, "P8,Bo,bo@example.com", options=("--on-duplicate", "update")).code == 0
    assert '"outside_ids"' not in next(Path().glob("*.json")).read_text("utf-8")


def test_rows_of_one_file_and_those_who_come_along_are_remembered_too(bring, crm) -> None:
    assert "1 unchanged, 1 skipped" in bring("contacts", PEOPLE, MOVED, "P7,Ann,").err
    deals = ("external_id,title,contact.external_id,contact.email", "d1,Sale,Q7,anna@example.com")
    assert bring("deals", *deals).code == 0
    assert bring("deals", DEAL[0], "d2,Next,Q7").code == 0
    assert contact_of(crm, "D-2") == "C-1"


def test_a_card_that_was_skipped_goes_on_being_skipped(bring, crm) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Anya\nEMAIL:anna@example.com\nUID:u7\nEND:VCARD"
    assert "1 skipped" in bring("contacts", card, file="a.vcf").err
    assert "nothing to do" in bring("contacts", card, file="a.vcf").err
    assert "1 skipped" in bring("contacts", card.replace("Anya", "Anechka"), file="a.vcf").err

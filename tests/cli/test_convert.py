"""`convert`: a lead becomes any of contact, company and deal, all or nothing."""

import json
from pathlib import Path

import pytest

CLIENT = ("-s", "contact.contact_type=client")


@pytest.fixture
def lead(workspace: Path, crm) -> str:
    crm(
        *("create", "lead", "Ирина, опт", "-s", "first_name=Ирина", "-s", "last_name=Коваль"),
        *("-s", "company_name=ООО Ромашка", "-s", "phone=(050) 123-45-67", "-s", "source=instagram"),
    )
    return "L-1"


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_the_new_ids_are_printed_one_a_line(lead: str, crm) -> None:
    ran = crm("convert", lead, "--to", "contact,company,deal", "--pipeline", "wholesale", *CLIENT)
    assert (ran.code, ran.out) == (0, "C-1\nO-1\nD-1\n")


def test_what_the_lead_became_is_linked_and_remembers_it(lead: str, crm) -> None:
    crm("convert", lead, "--to", "contact,company,deal", "--pipeline", "wholesale", *CLIENT)
    deal, contact, company = shown(crm, "D-1"), shown(crm, "C-1"), shown(crm, "O-1")
    assert (deal["contact"], deal["company"], deal["stage"]) == ("C-1", "O-1", "new")
    assert (contact["companies"], company["contacts"]) == (["O-1"], ["C-1"])
    assert {deal["origin_lead"], contact["origin_lead"], company["origin_lead"]} == {"L-1"}
    assert (deal["title"], company["title"], contact["title"]) == (
        "Ирина, опт",
        "ООО Ромашка",
        "Ирина Коваль",
    )
    assert (deal["source"], contact["phone"]) == ("instagram", ["+380501234567"])


def test_a_field_that_only_leads_have_is_set_on_the_lead_and_carried_over(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    ran = crm("convert", "L-1", "--to", "company", "-s", "company_name=Ромашка")
    assert ran.code == 0
    assert (shown(crm, "O-1")["title"], shown(crm, "L-1")["company_name"]) == ("Ромашка", "Ромашка")
    assert crm("convert", "L-1", "--to", "company", "-s", "compani=x").code == 2


def test_the_lead_is_won_and_names_what_it_became(lead: str, crm) -> None:
    crm("convert", lead, "--to", "contact,deal", "--pipeline", "retail", *CLIENT)
    record = shown(crm, lead)
    assert (record["stage"], record["outcome"]) == ("qualified", "won")
    assert sorted(record["converted_to"]) == ["C-1", "D-1"]


def test_the_pipeline_must_be_named_where_several_could_be_meant(lead: str, crm) -> None:
    ran = crm("convert", lead, "--to", "deal")
    assert ran.code == 2
    assert "courses, retail, retail_repeat, wholesale, wholesale_repeat" in ran.err


def test_a_gate_that_misses_a_field_keeps_everything_as_it_was(lead: str, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("convert", lead, "--to", "contact,company,deal", "--pipeline", "wholesale")
    assert ran.code == 1
    assert "-s contact.contact_type='<Contact type>'" in ran.err
    assert (workspace / "crm.json").read_bytes() == before


def test_a_lead_is_converted_once(lead: str, crm) -> None:
    crm("convert", lead, "--to", "contact", *CLIENT)
    ran = crm("convert", lead, "--to", "deal", "--pipeline", "retail")
    assert ran.code == 1
    assert "C-1" in ran.err


def test_a_known_contact_gets_only_its_empty_fields_filled(lead: str, crm) -> None:
    crm("create", "contact", "Ира", "-s", "contact_type=partner", "-s", "phone=+380501234567")
    ran = crm("convert", lead, "--to", "contact,deal", "--pipeline", "retail")
    assert ran.out == "D-1\n"
    contact = shown(crm, "C-1")
    assert (contact["title"], contact["contact_type"], contact["last_name"]) == ("Ира", "partner", "Коваль")
    assert shown(crm, "D-1")["contact"] == "C-1"


def test_a_contact_may_be_named(lead: str, crm) -> None:
    crm("create", "contact", "Другой", "-s", "contact_type=client")
    crm("convert", lead, "--to", "deal", "--pipeline", "retail", "--contact", "C-1")
    assert shown(crm, "D-1")["contact"] == "C-1"


def test_fields_go_to_the_record_they_are_aimed_at(lead: str, crm) -> None:
    crm("convert", lead, "--to", "deal", "--pipeline", "retail", "-s", "deal.amount=4200")
    assert shown(crm, "D-1")["amount"] == "4200.00"


def test_into_nothing_is_wrong_use(lead: str, crm) -> None:
    assert crm("convert", lead).code == 2
    assert crm("convert", lead, "--to", "product").code == 2


def test_undo_takes_the_whole_conversion_back(lead: str, crm) -> None:
    crm("convert", lead, "--to", "contact,company,deal", "--pipeline", "wholesale", *CLIENT)
    assert crm("undo").code == 0
    assert shown(crm, lead)["stage"] == "new"
    for kind in ("contacts", "companies", "deals"):
        assert crm("list", kind, "--count").out == "0\n"


@pytest.fixture
def converting(workspace: Path, lead: str) -> str:
    """A lead whose last stage makes a contact and a deal of it."""
    file = workspace / "pipelines" / "leads.yaml"
    action = "outcome: won, on_enter: [{convert: {to: [contact, deal], pipeline: retail}}]"
    file.write_text(file.read_text("utf-8").replace("outcome: won", action), "utf-8")
    return lead


def test_what_is_given_with_a_move_reaches_the_records_it_makes(converting: str, crm) -> None:
    refused = crm("move", converting, "qualified")
    assert "-s contact.contact_type='<Contact type>'" in refused.err
    assert crm("move", converting, "qualified", *CLIENT, "-s", "deal.amount=500").code == 0
    assert shown(crm, "C-1")["contact_type"] == "client"
    assert shown(crm, "D-1")["amount"] == "500.00"


def test_a_creation_at_such_a_stage_takes_them_too(converting: str, crm) -> None:
    ran = crm("create", "lead", "Пётр", "-s", "last_name=Ким", "--stage", "qualified", *CLIENT)
    assert (ran.code, shown(crm, "C-1")["contact_type"]) == (0, "client")


def test_a_field_of_another_record_is_wrong_use_where_none_is_made(lead: str, crm) -> None:
    for command in (("move", lead, "in_work"), ("update", lead), ("create", "lead", "Пётр")):
        ran = crm(*command, *CLIENT)
        assert (ran.code, "is not converted by this" in ran.err) == (2, True)


def test_a_field_of_a_record_that_the_conversion_does_not_make_is_wrong_use(converting: str, crm) -> None:
    ran = crm("move", converting, "qualified", *CLIENT, "-s", "company.title=Acme")
    assert ran.code == 2
    assert "does not become a company" in ran.err


def test_the_one_company_of_the_name_is_used_whatever_its_case(lead: str, crm) -> None:
    crm("create", "company", "ооо  РОМАШКА")
    assert crm("convert", lead, "--to", "contact,company", *CLIENT).code == 0
    assert json.loads(crm("list", "companies", "-o", "json").out)[0]["contacts"] == ["C-1"]
    assert crm("list", "companies", "--count").out == "1\n"


def test_of_several_companies_of_the_name_one_has_to_be_named(lead: str, crm) -> None:
    for _ in range(2):
        assert crm("create", "company", "ООО Ромашка").code == 0
    ran = crm("convert", lead, "--to", "company")
    assert (ran.code, "several records have this title: O-1, O-2" in ran.err) == (2, True)
    assert crm("convert", lead, "--company", "O-2", "--to", "company").code == 0
    assert shown(crm, "L-1")["converted_to"] == ["O-2"]


def test_a_company_that_was_made_on_the_way_is_known_to_the_next_lead(lead: str, crm) -> None:
    crm("create", "lead", "Олег", "-s", "company_name=ООО Ромашка")
    assert crm("convert", lead, "--to", "company").code == 0
    assert crm("convert", "L-2", "--to", "company").code == 0
    assert shown(crm, "L-2")["converted_to"] == ["O-1"]

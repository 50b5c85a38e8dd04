"""The names of the standard fields are a contract."""

import pytest

from crmctl.model.records import RecordType
from crmctl.model.standard_fields import CHOSEN_FROM, KEPT_FROM_IMPORT, STANDARD_FIELDS
from crmctl.text import name_key

COMMON = "id record title owner tags external_id created_at created_by updated_at updated_by revision"
NAMES = {
    RecordType.LEAD: "pipeline stage name first_name last_name middle_name company_name phone email messenger "
    "address source source_details amount currency comment reject_reason converted_to",
    RecordType.CONTACT: "comment do_not_contact first_name last_name middle_name position phone email messenger "
    "address birthday contact_type source companies origin_lead",
    RecordType.COMPANY: "comment phone email website address legal_address bank_details company_type industry "
    "annual_revenue employees contacts origin_lead",
    RecordType.DEAL: "pipeline stage amount currency probability contact company source close_date closed_at "
    "lost_reason comment origin_lead previous_deal",
    RecordType.PRODUCT: "price currency unit category",
}
MANY = {
    "items",
    "for",
    "watchers",
    "checklist",
    "phone",
    "email",
    "messenger",
    "companies",
    "converted_to",
    "merged_from",
    "contacts",
    "tags",
    "phone_typed",
    "documents",
}
ALL = [(kind, field) for kind, fields in STANDARD_FIELDS.items() for field in fields]


@pytest.mark.parametrize("kind", NAMES)
def test_every_record_has_the_promised_fields(kind: RecordType) -> None:
    names = {field.name for field in STANDARD_FIELDS[kind]}
    assert {*COMMON.split(), *NAMES[kind].split()} - names == set()


@pytest.mark.parametrize("kind", STANDARD_FIELDS)
def test_a_name_stands_for_one_field(kind: RecordType) -> None:
    names = [field.name for field in STANDARD_FIELDS[kind]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", STANDARD_FIELDS)
def test_a_title_stands_for_one_field(kind: RecordType) -> None:
    titles = [name_key(field.title) for field in STANDARD_FIELDS[kind]]
    assert len(titles) == len(set(titles))


def test_fields_of_many_values_are_the_promised_ones() -> None:
    assert {field.name for _, field in ALL if field.multiple} <= MANY


def test_an_amount_beside_a_currency_finds_it() -> None:
    for kind, field in ALL:
        names = {each.name for each in STANDARD_FIELDS[kind]}
        assert not field.paired or field.paired in names


def test_references_point_to_records_there_are() -> None:
    assert {field.to for _, field in ALL if field.to} <= {kind.value for kind in RecordType}


def test_every_type_of_a_standard_field_exists() -> None:
    assert [field for _, field in ALL if field.type is None] == []


def test_lists_are_asked_for_by_fields_there_are() -> None:
    assert set(CHOSEN_FROM) <= {field.name for _, field in ALL if field.kind == "list"}


def test_what_an_import_may_bring_along_is_otherwise_written_by_crmctl() -> None:
    for _, field in ALL:
        assert field.name not in KEPT_FROM_IMPORT or field.computed


@pytest.mark.parametrize(
    "name", ["id", "record", "created_at", "revision", "converted_to", "closed_at", "origin_lead"]
)
def test_what_crmctl_writes_is_marked_computed(name: str) -> None:
    assert all(field.computed for _, field in ALL if field.name == name)

"""The shared files in the layouts of other systems: each is recognised, and imports with the right count, once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Listed = Callable[..., list[dict[str, Any]]]

NOW = ("--now", "2026-11-22T12:00:00+00:00")
FILES = [
    # table, file, options, what the last line says, profile
    ("companies", "hubspot_mini/companies.csv", (), "3 rows: 3 created", "hubspot-companies"),
    (
        "contacts",
        "hubspot_mini/contacts_dup_case.csv",
        (),
        "3 rows: 2 created, 1 skipped",
        "hubspot-contacts",
    ),
    ("deals", "hubspot_mini/deals_money_text.csv", (), "3 rows: 3 created, 3 companies", "hubspot-deals"),
    (
        "deals",
        "pipedrive/deals_export_layout.csv",
        (),
        "3 rows: 3 created, 2 contacts and 2 companies",
        "pipedrive-deals",
    ),
    (
        "contacts",
        "pipedrive/people_import_sample_layout.csv",
        (),
        "2 rows: 2 created, 2 companies",
        "pipedrive-people",
    ),
    ("leads", "odoo/crm.lead_export_layout.csv", (), "6 rows: 6 created", "odoo-leads"),
    (
        "deals",
        "odoo/crm.lead_export_layout.csv",
        (),
        "6 rows: 6 created, 6 contacts and 6 companies",
        "odoo-opportunities",
    ),
    ("companies", "odoo/o2m_customers_contacts.csv", (), "3 rows: 3 created", "odoo-companies"),
    ("contacts", "odoo/o2m_customers_contacts.csv", (), "5 rows: 5 created, 3 companies", "odoo-contacts"),
    ("companies", "odoo/m2m_customers_tags.csv", (), "5 rows: 5 created", "odoo-companies"),
    ("contacts", "odoo/m2m_customers_tags.csv", (), "5 rows: 5 created", "odoo-contacts"),
    ("leads", "krayin/leads.csv", (), "2 rows: 2 created", "krayin-leads"),
    ("deals", "krayin/leads.csv", (), "2 rows: 2 created", "krayin-deals"),
    ("contacts", "krayin/persons.csv", (), "2 rows: 2 created", "krayin-persons"),
    ("products", "krayin/products.csv", (), "2 rows: 2 created", "krayin-products"),
    ("contacts", "atomic-crm/contacts_export.csv", (), "2 rows: 2 created, 1 company", "atomic-contacts"),
    (
        "contacts",
        "atomic-crm/test-data_contacts_500.csv",
        (),
        "500 rows: 500 created, 55 companies",
        "atomic-contacts",
    ),
    ("deals", "atomic-crm/deals_sample.csv", (), "2 rows: 2 created, 2 companies", "atomic-deals"),
    (
        "companies",
        "atomic-crm/import-sample.json",
        ("--sheet", "companies"),
        "2 rows: 2 created",
        "atomic-companies",
    ),
    (
        "contacts",
        "atomic-crm/import-sample.json",
        ("--sheet", "contacts"),
        "2 rows: 2 created",
        "atomic-contacts",
    ),
    (
        "companies",
        "atomic-crm/import-sample-invalid-sale.json",
        ("--sheet", "companies"),
        "2 rows: 2 created",
        "atomic-companies",
    ),
    (
        "contacts",
        "atomic-crm/import-sample-invalid-sale.json",
        ("--sheet", "contacts"),
        "2 rows: 2 created",
        "atomic-contacts",
    ),
    ("contacts", "django-crm/contacts_sample.csv", (), "3 rows: 3 created, 1 company", "django-crm-contacts"),
]
each_file = pytest.mark.parametrize(
    ("table", "name", "options", "told", "profile"),
    FILES,
    ids=[f"{name}-{table}" for table, name, *_ in FILES],
)


@each_file
def test_a_file_is_recognised_and_imports_whole(
    layouts: Path, crm, table: str, name: str, options: tuple[str, ...], told: str, profile: str
) -> None:
    ran = crm("import", table, str(layouts / name), *options, *NOW)

    assert ran.code == 0, ran.err
    assert f"{name}: read as {profile}\n" in ran.err
    assert f"R-1: {told}" in ran.err


@each_file
def test_the_same_file_twice_changes_nothing_and_under_update_doubles_nothing(
    layouts: Path,
    crm,
    listed: Listed,
    table: str,
    name: str,
    options: tuple[str, ...],
    told: str,
    profile: str,
) -> None:
    whole = ("import", table, str(layouts / name), *options, *NOW)
    crm(*whole)
    before = {each: listed(each, "id") for each in ("leads", "contacts", "companies", "deals", "products")}

    assert "nothing to do" in crm(*whole).err
    assert crm(*whole, "--on-duplicate", "update").code == 0
    assert before == {each: listed(each, "id") for each in before}

"""The shared files in the layouts of Pipedrive, Odoo, Krayin, Atomic CRM and Django-CRM: what their cells become."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Listed = Callable[..., list[dict[str, Any]]]
NOW = ("--now", "2026-11-22T12:00:00+00:00")


def test_pipedrives_status_decides_where_a_deal_ended(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "deals", str(layouts / "pipedrive/deals_export_layout.csv"), *NOW)

    fields = (
        "title",
        "stage",
        "amount",
        "currency",
        "closed_at",
        "lost_reason",
        "tags",
        "company",
        "contact",
    )
    assert listed("deals", *fields) == [
        {
            "title": "Acme deal",
            "stage": "proposal",
            "amount": "12000.00",
            "currency": "EUR",
            "tags": ["Hot"],
            "company": "O-1",
            "contact": "C-1",
        },
        {
            "title": "Globex, renewal",
            "stage": "won",
            "amount": "4500.50",
            "currency": "USD",
            "closed_at": "2026-07-01T10:11:12+00:00",
            "company": "O-2",
        },
        {
            "title": "Initech deal",
            "stage": "lost",
            "closed_at": "2026-07-02T00:00:00+00:00",
            "lost_reason": "price",
            "tags": ["Cold", "Warm"],
            "contact": "C-2",
        },
    ]
    assert "stage: negotiation -> won" in crm("log", "D-2").out


def test_pipedrives_people_bring_their_organizations(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "contacts", str(layouts / "pipedrive/people_import_sample_layout.csv"), *NOW)

    assert listed("contacts", "title", "email", "companies", "tags", "comment") == [
        {
            "title": "Jane Doe",
            "email": ["jane@acme.example"],
            "companies": ["O-1"],
            "tags": ["Hot lead"],
            "comment": "Found on company team page",
        },
        {
            "title": "Bob Smith",
            "email": ["bob@startup.example", "bob@home.example"],
            "companies": ["O-2"],
            "tags": ["Warm lead"],
            "comment": "CTO - conference speaker",
        },
    ]
    assert listed("companies", "title", "address") == [
        {"title": "Acme Inc", "address": "Main Street, Springfield, 01234"},
        {"title": "Startup.io"},
    ]


def test_odoos_leads_keep_their_ids_cells_and_lines(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "leads", str(layouts / "odoo/crm.lead_export_layout.csv"), *NOW)
    found = listed("leads", "external_id", "name", "company_name", "amount", "phone", "owner", "comment")

    assert found[1] == {
        "external_id": "__export__.crm_lead_519",
        "name": "Sam",
        "company_name": "Z Example",
        "amount": "1250.50",
        "phone": ["4040000181"],
        "owner": "bob",
        "comment": "Interested I drip\n4.27 @ moq of 50\n2.87 @ moq of 500 (rock bottom)\n"
        "2-10-16:called no answer left message",
    }
    assert found[5]["phone"] == ["702-000-7834", "818-000-2525", "626-000-2323"]


def test_odoos_partners_are_companies_and_the_persons_at_them(layouts: Path, crm, listed: Listed) -> None:
    for table in ("companies", "contacts"):
        crm("import", table, str(layouts / "odoo/o2m_customers_contacts.csv"), *NOW)

    assert listed("companies", "title") == [
        {"title": "Aurora Shelves"},
        {"title": "House Sales Direct"},
        {"title": "International Wood"},
    ]
    assert listed("contacts", "title", "companies") == [
        {"title": "Roger Martins", "companies": ["O-1"]},
        {"title": "Yvan Holiday", "companies": ["O-2"]},
        {"title": "Jack Unsworth", "companies": ["O-2"]},
        {"title": "Michael Mason"},
        {"title": "Sharon Pecker", "companies": ["O-3"]},
    ]


def test_odoos_tags_are_taken_apart(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "companies", str(layouts / "odoo/m2m_customers_tags.csv"), *NOW)

    assert listed("companies", "title", "external_id", "tags", "address")[3] == {
        "title": "Bolts & Screws",
        "external_id": "8",
        "tags": ["Wholesaler", "Components Buyer"],
        "address": "Rua Américo 1000, Campinas, Brazil",
    }


def test_krayins_json_cells_and_numbers_of_stages_are_read(layouts: Path, crm, listed: Listed) -> None:
    for table, name in (("contacts", "persons"), ("deals", "leads"), ("products", "products")):
        crm("import", table, str(layouts / f"krayin/{name}.csv"), *NOW)

    assert listed("contacts", "title", "email", "phone", "position", "owner")[0] == {
        "title": "Wilson Fisk",
        "email": ["contact@wilson.com", "contact.home@wilson.com"],
        "phone": ["5454445454"],
        "position": "Sales Executive",
        "owner": "jane",
    }
    assert listed("deals", "amount", "stage", "source", "close_date", "closed_at") == [
        {
            "amount": "50000.00",
            "stage": "won",
            "source": "web",
            "close_date": "2024-09-02",
            "closed_at": "2024-08-30T14:39:58+00:00",
        },
        {"amount": "100000.00", "stage": "proposal", "source": "phone", "close_date": "2024-09-06"},
    ]
    assert listed("products", "title", "external_id", "price")[1] == {
        "title": "ProjectPulse - A Simple and Effective Project Management Tool",
        "external_id": "101",
        "price": "450.00",
    }


def test_atomics_row_that_slipped_a_column_is_rejected(layouts: Path, crm, listed: Listed) -> None:
    ran = crm("import", "companies", str(layouts / "atomic-crm/companies_sample.csv"), "--partial", *NOW)

    assert ran.code == 7
    assert 'website "555-0111": not a web address' in ran.err
    assert listed("companies", "title", "annual_revenue", "phone", "address", "industry") == [
        {
            "title": "Acme",
            "annual_revenue": "5000000.00 USD",
            "phone": ["555-0100"],
            "address": "1 Main Street, 10001, New York, NY, USA",
            "industry": "Technologies de l'information",
        }
    ]


def test_atomics_contacts_have_their_job_for_a_title_and_three_of_each_reach(
    layouts: Path, crm, listed: Listed
) -> None:
    crm("import", "contacts", str(layouts / "atomic-crm/contacts_export.csv"), *NOW)

    assert listed("contacts", "title", "position", "email", "phone", "tags", "companies", "has_newsletter")[
        0
    ] == {
        "title": "John Doe",
        "position": "Sales Executive",
        "email": ["john@doe.example", "john.doe@gmail.com", "jdoe@caramail.com"],
        "phone": ["+16599802015", "+17406453807", "(446) 758-2122"],
        "tags": ["influencer", "developer"],
        "companies": ["O-1"],
        "has_newsletter": False,
    }


def test_atomics_five_hundred_contacts_are_at_their_companies(layouts: Path, crm) -> None:
    path = layouts / "atomic-crm/test-data_contacts_500.csv"
    crm("import", "contacts", str(path), *NOW)
    companies = {row["id"]: row for row in json.loads(crm("list", "companies", "-o", "json").out)}
    with path.open(encoding="utf-8", newline="") as file:
        wanted = {row["id"]: (row["company_id"], row["company"]) for row in csv.DictReader(file)}

    found = {
        row["external_id"]: tuple(
            companies[row["companies"][0]].get(name) for name in ("external_id", "title")
        )
        for row in json.loads(crm("list", "contacts", "-o", "json", "--limit", "0").out)
    }
    assert found == wanted


def test_atomics_dump_imports_list_by_list(layouts: Path, crm, listed: Listed) -> None:
    dump = str(layouts / "atomic-crm/import-sample.json")
    for table in ("companies", "contacts", "tasks"):
        assert crm("import", table, dump, "--sheet", table, *NOW).code == 0

    assert listed("companies", "title", "annual_revenue", "external_id") == [
        {"title": "Black Mesa Research Facility", "annual_revenue": "500000000.00 USD", "external_id": "234"},
        {"title": "Aperture Science", "annual_revenue": "2000000000.00 USD", "external_id": "345"},
    ]
    assert listed("contacts", "title", "email", "phone", "companies", "tags")[1] == {
        "title": "Cave Johnson",
        "email": ["cave.johnson@aperturescience.com"],
        "phone": ["15551234567"],
        "companies": ["O-2"],
        "tags": ["VIP", "Science"],
    }
    assert listed("tasks", "title", "status", "for", "due") == [
        {"title": "Send crowbar maintenance kit", "status": "new", "for": ["C-1"]},
        {
            "title": "Schedule moon rock conversion demo",
            "status": "done",
            "for": ["C-2"],
            "due": "2025-03-26T16:15:00+00:00",
        },
    ]


def test_atomics_dump_as_a_whole_is_refused_with_the_way_to_read_it(layouts: Path, crm) -> None:
    ran = crm("import", "contacts", str(layouts / "atomic-crm/import-sample.json"))

    assert ran.code == 1
    assert '--sheet "sales"' in ran.err


def test_djangos_contacts_share_their_company(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "contacts", str(layouts / "django-crm/contacts_sample.csv"), *NOW)

    assert listed("contacts", "title", "address", "companies")[2] == {
        "title": "Contact US MP",
        "address": "Hyderabad, Telangana",
        "companies": ["O-1"],
    }

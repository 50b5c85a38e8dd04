"""The shared files in HubSpot's layouts: what each cell becomes, and what is rejected or told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Listed = Callable[..., list[dict[str, Any]]]
NOW = ("--now", "2026-11-22T12:00:00+00:00")


def test_hubspots_companies_of_one_name_are_both_kept_and_told(layouts: Path, crm, listed: Listed) -> None:
    err = crm("import", "companies", str(layouts / "hubspot_mini/companies.csv"), *NOW).err

    assert 'O-3 "bluebay gaming ltd" has the name of O-1: kept apart' in err
    assert listed("companies", "title", "external_id", "owner", "website")[:2] == [
        {
            "title": "Bluebay Gaming Ltd",
            "external_id": "9001",
            "owner": "sam",
            "website": "bluebay.example.test",
        },
        {"title": "Harbour Lotteries Ltd", "external_id": "9002", "owner": "someone"},
    ]


def test_hubspots_contacts_are_kept_without_name_or_reach_and_a_missing_company_is_told(
    layouts: Path, crm, listed: Listed
) -> None:
    crm("import", "companies", str(layouts / "hubspot_mini/companies.csv"), *NOW)
    err = crm("import", "contacts", str(layouts / "hubspot_mini/contacts.csv"), *NOW).err

    assert 'line 3: companies: "9999" is no id' in err
    assert listed("contacts", "title", "external_id", "companies", "email") == [
        {
            "title": "Priya Example",
            "external_id": "8001",
            "companies": ["O-1"],
            "email": ["priya@bluebay.example.test"],
        },
        {"title": "8002", "external_id": "8002", "companies": ["O-2"], "email": ["tom@harbour.example.test"]},
        {"title": "Ola NoWayToReach", "external_id": "8003", "companies": ["O-1"]},
    ]


def test_hubspots_deal_is_rejected_with_all_its_reasons_and_the_other_is_linked(
    layouts: Path, crm, listed: Listed
) -> None:
    for table in ("companies", "contacts"):
        crm("import", table, str(layouts / f"hubspot_mini/{table}.csv"), *NOW)
    ran = crm("import", "deals", str(layouts / "hubspot_mini/deals.csv"), "--partial", *NOW)

    assert ran.code == 7
    for reason in (
        'unknown user "Nobody Here"',
        '"Carrier pigeon"',
        '"maybe": neither true nor false',
        '"31/12/2026": not a date',
        'unknown stage "Contract Sent (old stage)"',
    ):
        assert reason in ran.err
    assert "contact: C-1 is taken, 1 other left out" in ran.err
    fields = (
        "title",
        "contact",
        "company",
        "event_types",
        "live_date",
        "tier",
        "dedicated_server",
        "source",
        "amount",
    )
    assert listed("deals", *fields) == [
        {
            "title": "Bluebay – Casino",
            "contact": "C-1",
            "company": "O-1",
            "event_types": ["Horses", "Greyhound"],
            "live_date": "2026-12-01",
            "tier": "Tier 4",
            "dedicated_server": True,
            "source": "linkedin",
            "amount": "15000.00",
        }
    ]


def test_hubspots_changed_export_updates_by_its_ids(
    layouts: Path, crm, listed: Listed, tmp_path: Path
) -> None:
    name = layouts / "hubspot_mini/companies.csv"
    crm("import", "companies", str(name), *NOW)
    again = tmp_path / "companies.csv"
    again.write_text(
        name.read_text("utf-8").replace("Harbour Lotteries Ltd", "Harbour Lotteries plc"), "utf-8"
    )

    err = crm("import", "companies", str(again), "--on-duplicate", "update", *NOW).err

    assert "3 rows: 1 updated, 2 unchanged" in err
    assert [row["title"] for row in listed("companies", "title")][1] == "Harbour Lotteries plc"


def test_hubspots_american_date_is_rejected_and_the_other_rows_are_right(
    layouts: Path, crm, listed: Listed
) -> None:
    ran = crm("import", "contacts", str(layouts / "hubspot_mini/contacts_dirty.csv"), "--partial", *NOW)

    assert ran.code == 7
    assert 'line 3: Create Date "3/15/2024 2:30 PM": not a date' in ran.err
    assert "R-1: 4 rows: 2 created, 1 unchanged, 1 rejected, 1 company created with them" in ran.err
    assert listed("contacts", "title", "external_id", "owner", "companies", "created_at") == [
        {
            "title": "Camille Durand",
            "external_id": "101",
            "owner": "sam",
            "companies": ["O-1"],
            "created_at": "2024-03-12T09:14:00+00:00",
        },
        {"title": "103", "external_id": "103", "created_at": "2024-01-01T00:00:00+00:00"},
    ]


def test_hubspots_amounts_with_a_sign_have_one_reading(layouts: Path, crm, listed: Listed) -> None:
    crm("import", "deals", str(layouts / "hubspot_mini/deals_money_text.csv"), *NOW)

    assert listed("deals", "external_id", "amount", "currency", "pipeline", "stage", "close_date") == [
        {
            "external_id": each,
            "amount": amount,
            "currency": "USD",
            "pipeline": "enterprise",
            "stage": stage,
            "close_date": day,
        }
        for each, amount, stage, day in (
            ("HS-001", "125000.00", "proposal", "2026-04-15"),
            ("HS-002", "85000.00", "discovery", "2026-05-01"),
            ("HS-003", "200000.00", "negotiation", "2026-03-31"),
        )
    ]

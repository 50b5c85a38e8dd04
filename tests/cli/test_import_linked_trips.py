"""Whatever deals bring along: it is there once, comes back as it was from an export, and is taken back by undo."""

import csv
import json
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CONFIGURATION = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
phone_region: UA
users: [{id: anna}, {id: oleg}]
duplicates:
  contact: [[phone], [email]]
  company: [[title]]
"""
SALE = """
version: 1
pipeline: sale
record: deal
stages:
  - {stage: new}
  - {stage: offer}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost}
"""
HEADER = (
    "external_id",
    "title",
    "stage",
    "closed_as",
    "created_at",
    "entered.offer",
    "contact.title",
    "contact.phone",
    "company.title",
    "item.product",
    "item.price",
)
KINDS = ("companies", "contacts", "products", "deals")
_folders = count(1)

names = st.sampled_from(
    ["", "Иван", "иван ", "Ольга Ёлкина", "O'Brien; sons", '=1+1 "x"', "Acme, Ltd", "ß", "7"]
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["A", "Б", "x;y", "-5"]),
            "stage": st.sampled_from(["new", "offer", "won"]),
            "closed_as": st.sampled_from(["", "open", "won", "lost"]),
            "created_at": st.sampled_from(["", "2026-01-01", "2026-03-01 10:00"]),
            "entered.offer": st.sampled_from(["", "2026-02-01", "2026-03-01 10:00", "2026-05-01 12:30"]),
            "contact.title": names,
            "contact.phone": st.sampled_from(["", "0501234567", "+38 050 123-45-67", "067 123 45 67"]),
            "company.title": names,
            "item.product": st.sampled_from(["", "Стол", "стол", "Lamp x"]),
            "item.price": st.sampled_from(["10", "12.50 UAH"]),
        }
    ),
    max_size=6,
)


@pytest.fixture
def stand(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch):
    """Stand in a new workspace."""
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+00:00")

    def stand() -> Path:
        folder = tmp_path / str(next(_folders))
        (folder / "pipelines").mkdir(parents=True)
        (folder / "crmctl.yaml").write_text(CONFIGURATION, "utf-8")
        (folder / "pipelines" / "sale.yaml").write_text(SALE, "utf-8")
        monkeypatch.chdir(folder)
        assert crm("init", "-q").code == 0
        return folder

    return stand


def write(given: list[dict[str, str]]) -> None:
    with Path("rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        for number, row in enumerate(given):
            priced = {} if row["item.product"] else {"item.price": ""}
            # A new contact must have a name; one that is known by then need not.
            named = {} if row["contact.title"] else {"contact.phone": ""}
            writer.writerow({"external_id": f"X{number}", **row, **priced, **named})


def everything(crm) -> dict[str, list[dict[str, object]]]:
    return {kind: json.loads(crm("export", kind, "-", "-o", "json").out) for kind in KINDS}


def each_once(records: dict[str, list[dict[str, object]]]) -> bool:
    """Tell whether no phone has two contacts, and no company or product name two records."""
    phones = [phone for contact in records["contacts"] for phone in contact.get("phone") or ()]
    titles = [str(record["title"]).casefold() for record in records["companies"]]
    products = [str(record["title"]).casefold() for record in records["products"]]
    return all(len(found) == len(set(found)) for found in (phones, titles, products))


@given(given_rows=rows)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_deals_bring_along_is_there_once_and_comes_back_as_it_was(
    stand, crm, given_rows: list[dict[str, str]]
) -> None:
    here = stand()
    write(given_rows)
    planned = crm("import", "deals", "rows.csv", "--partial", "-n", "-o", "json")
    ran = crm("import", "deals", "rows.csv", "--partial", "-o", "json")
    assert ran.code in (0, 7), ran.err
    found, foretold = json.loads(ran.out), json.loads(planned.out)
    assert {**foretold, "run": found["run"], "plan": None} == {**found, "plan": None}
    there = everything(crm)
    assert each_once(there)
    assert len(there["deals"]) == found["created"]
    before = (here / "crm.json").read_bytes()
    again = json.loads(crm("import", "deals", "rows.csv", "--partial", "-o", "json").out)
    assert (again["unchanged"], again["rejected"]) == (found["created"], found["rejected"])
    assert (here / "crm.json").read_bytes() == before
    for kind in KINDS:
        assert crm("export", kind, str(here.parent / f"{kind}.csv")).code == 0

    stand()
    for kind in KINDS:
        assert crm("import", kind, str(here.parent / f"{kind}.csv")).code == 0
    assert everything(crm) == there


@given(given_rows=rows)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_undo_takes_back_all_that_deals_brought_along(stand, crm, given_rows: list[dict[str, str]]) -> None:
    stand()
    for kind, title in (("contact", "Иван"), ("company", "7")):
        assert crm("create", kind, title, "-q").code == 0
    before = everything(crm)
    write(given_rows)
    ran = json.loads(
        crm("import", "deals", "rows.csv", "--partial", "--on-duplicate", "update", "-o", "json").out
    )
    if ran["run"]:
        assert crm("undo", ran["run"], "--yes").code == 0
    after = everything(crm)
    upkeep = ("revision", "updated_at", "updated_by")
    assert [
        {name: value for name, value in record.items() if name not in upkeep}
        for kind in KINDS
        for record in after[kind]
    ] == [
        {name: value for name, value in record.items() if name not in upkeep}
        for kind in KINDS
        for record in before[kind]
    ]

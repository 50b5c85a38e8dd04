"""After a merge the next export of where the records came from leaves the record that stays as it was decided."""

import json
from pathlib import Path
from typing import Any

import pytest

HEAD = "External ID,First name,Last name,E-mail,Position,Phone"
ROWS = ("x1,Ivan,Petrov,i@example.com,Director,2127365000", "x2,Vanya,,p@example.com,Manager,2127365001")


@pytest.fixture(autouse=True)
def two(tmp_path: Path, crm, monkeypatch) -> None:
    """Two contacts of one import, merged."""
    monkeypatch.chdir(tmp_path)
    crm("init", "-q", "--template", "b2b")
    brought(crm, *ROWS)
    assert crm("merge", "C-1", "C-2", "--yes").code == 0


def brought(crm, *rows: str, mode: str = "skip", head: str = HEAD) -> tuple[int, int, int]:
    Path("in.csv").write_text("\n".join((head, *rows)) + "\n", "utf-8")
    ran = crm("import", "contacts", "in.csv", "--on-duplicate", mode, "-o", "json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    return told["created"], told["updated"], told["unchanged"] + told["skipped"]


def first(crm) -> dict[str, Any]:
    return json.loads(crm("show", "C-1", "-o", "json").out)


@pytest.mark.parametrize("mode", ["update", "fill"])
def test_a_changed_row_of_the_other_fills_and_adds_and_replaces_nothing(crm, mode: str) -> None:
    other = "x2,Vanya,,new@example.com,Boss,2127365002"
    assert brought(crm, ROWS[0], other, mode=mode) == (0, 1, 1)
    kept = first(crm)
    assert (kept["title"], kept["position"]) == ("Ivan Petrov", "Director")
    assert kept["email"] == ["i@example.com", "p@example.com", "new@example.com"]
    assert kept["phone"] == ["+12127365000", "+12127365001", "+12127365002"]
    assert brought(crm, ROWS[0], other, mode=mode) == (0, 0, 2)
    assert brought(crm, ROWS[0], other, mode=mode) == (0, 0, 2)


def test_a_changed_row_of_each_written_twice_changes_nothing_the_second_time(crm) -> None:
    rows = [each.replace(",Director", ",Head").replace(",Manager", ",Boss") for each in ROWS]
    brought(crm, *rows, mode="update")
    kept = first(crm)
    assert (kept["position"], kept["email"]) == ("Head", ["i@example.com", "p@example.com"])
    for _ in range(2):
        assert brought(crm, *rows, mode="update") == (0, 0, 2)
    assert first(crm) == kept


def test_a_row_of_the_other_that_is_passed_over_writes_nothing(crm) -> None:
    before = first(crm)
    assert brought(crm, "x2,Vanya,,new@example.com,Boss,", mode="skip") == (0, 0, 1)
    assert first(crm) == before


def test_once_the_merge_is_undone_its_row_updates_the_other_again(crm) -> None:
    crm("undo", "R-2", "--yes")
    assert brought(crm, "x2,Vanya,,new@example.com,Boss,", mode="update") == (0, 1, 0)
    assert json.loads(crm("show", "C-2", "-o", "json").out)["position"] == "Boss"


def test_who_comes_along_with_a_deal_by_the_id_of_the_other_is_not_written_over(crm) -> None:
    head = "External ID,Title,contact.external_id,contact.first_name,contact.position,contact.email"
    Path("deals.csv").write_text(f"{head}\nd1,Deal,x2,Vanya,Boss,new@example.com\n", "utf-8")
    ran = crm("import", "deals", "deals.csv", "--on-duplicate", "update")
    assert ran.code == 0, ran.err
    kept = first(crm)
    assert (kept["first_name"], kept["position"]) == ("Ivan", "Director")
    assert kept["email"] == ["i@example.com", "p@example.com", "new@example.com"]


def test_the_next_export_of_an_address_book_does_not_bring_the_merge_to_nothing(crm) -> None:
    cards = (
        ("FN:Olga Orlova", "N:Orlova;Olga;;;", "TEL:+13055550142", "UID:u1"),
        ("FN:Olya", "TEL:+14155552671", "EMAIL:o@example.com", "UID:u2"),
    )

    def book(day: str) -> str:
        lines = [
            each
            for card in cards
            for each in ("BEGIN:VCARD", "VERSION:3.0", *card, f"REV:{day}", f"NOTE:{day}", "END:VCARD")
        ]
        Path("book.vcf").write_bytes("\r\n".join((*lines, "")).encode())
        return crm("import", "contacts", "book.vcf").err

    book("2026-01-01T00:00:00Z")
    assert crm("merge", "C-3", "C-4", "--yes").code == 0
    for _ in range(2):
        book("2026-02-01T00:00:00Z")
        kept = json.loads(crm("show", "C-3", "-o", "json").out)
        assert kept["title"] == "Olga Orlova"
        assert set(kept["phone"]) == {"+13055550142", "+14155552671"}
    assert "2 unchanged" in book("2026-02-01T00:00:00Z")

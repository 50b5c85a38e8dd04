"""What every output format holds, for records that are shown, changed and told of."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def lost(workspace: Path, crm) -> str:
    """A lost deal of a workspace in Kyiv."""
    crm("create", "deal", "Acme", "--pipeline", "retail", "-s", "amount=500")
    assert crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-21T20:00:00Z").code == 0
    return "D-1"


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_records_shown_as_a_sheet_have_every_field_exactly(lost: str, crm, name: str, delimiter: str) -> None:
    names, cells = (line.split(delimiter) for line in crm("show", lost, "-o", name).out.splitlines())
    row = dict(zip(names, cells, strict=True))
    assert (row["id"], row["title"], row["pipeline"], row["amount"]) == ("D-1", "Acme", "retail", "500.00")
    assert row["closed_at"] == "2026-11-21T22:00:00+02:00"


def test_a_table_asked_for_is_what_is_printed_unasked(workspace: Path, crm) -> None:
    assert crm("create", "lead", "Ирина", "-o", "table").out == "L-1\n"
    assert crm("update", "L-1", "-s", "comment=ждёт", "-o", "table").out == ""


def test_times_in_json_are_the_workspaces_wherever_they_stand(lost: str, crm) -> None:
    told = [
        crm("log", "-o", "json").out,
        crm("show", lost, "--with", "history", "-o", "json").out,
        crm("move", lost, "new", "--dry-run", "-o", "json").out,
    ]
    assert all("2026-11-21T22:00:00+02:00" in text and "+00:00" not in text for text in told)


def test_a_dry_run_in_json_lines_has_an_object_a_line(lost: str, crm) -> None:
    lines = crm("update", lost, "-s", "comment=ждёт", "--dry-run", "-o", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [lost]


@pytest.mark.parametrize("command", [("db", "stats"), ("pipeline", "show", "retail"), ("status",)])
def test_one_object_is_one_line_in_json_lines(lost: str, crm, command: tuple[str, ...]) -> None:
    (line,) = crm(*command, "-o", "jsonl").out.splitlines()
    assert isinstance(json.loads(line), dict)


def test_a_dry_run_in_ids_prints_those_that_would_change(lost: str, crm) -> None:
    ran = crm("update", lost, "-s", "comment=ждёт", "--dry-run", "-o", "ids")
    assert (ran.out, ran.err) == ("D-1\n", "1 to change\n")


def test_a_confirmation_shows_values_as_people_read_them(lost: str, crm) -> None:
    assert "source = Instagram" in crm("update", lost, "-s", "source=instagram").err


def test_an_address_with_a_letter_of_the_other_alphabet_is_noted(workspace: Path, crm) -> None:
    for address in ("аnna@example.com", "anna@аcme.com"):
        ran = crm("create", "lead", address, "-s", f"email={address}", "--allow-duplicate")
        assert (ran.code, '"а" is Cyrillic among Latin letters' in ran.err) == (0, True)
    ran = crm("create", "lead", "Анна", "-s", "email=анна@пример.укр")
    assert "Cyrillic" not in ran.err


def test_an_address_with_a_semicolon_is_attached_encoded(lost: str, crm) -> None:
    assert crm("link", lost, "https://example.com/a;b").code == 0
    assert json.loads(crm("show", lost, "-o", "json").out)["documents"] == ["https://example.com/a%3Bb"]
    assert crm("unlink", lost, "https://example.com/a;b").code == 0
    assert '";"' in crm("link", lost, "a;b.pdf").err


def test_a_deletion_tells_what_goes_on_referring_to_the_record(lost: str, crm) -> None:
    crm("create", "contact", "Анна", "-s", "contact_type=client", "-s", "last_name=Ким")
    crm("link", lost, "C-1")
    assert "note: 1 record refers to C-1: D-1" in crm("delete", "C-1", "--yes").err


def test_a_refused_value_of_great_length_is_cut_in_the_message(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    assert len(crm("update", "L-1", "-s", f"comment={'x' * 70_000}").err) < 300

"""`create`: ids on standard output, defaults, titles, duplicates, JSON from other programs."""

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize("typed", [["Ирина"], ["-s", "source=call"], ["--owner", "anna"], ["--tag", "vip"]])
def test_fields_typed_beside_a_file_are_refused_and_not_dropped(
    workspace: Path, crm, typed: list[str]
) -> None:
    ran = crm("create", "lead", *typed, "--from", "-", stdin='{"title": "Олег"}')
    assert ran.code == 2
    assert "--from brings the fields itself" in ran.err


def test_the_new_id_stands_alone_on_standard_output(workspace: Path, crm) -> None:
    ran = crm("create", "lead", "Ирина, опт")
    assert (ran.code, ran.out) == (0, "L-1\n")
    assert 'L-1 "Ирина, опт" created' in ran.err


def test_quiet_silences_the_confirmation_alone(workspace: Path, crm) -> None:
    ran = crm("create", "lead", "Ирина", "-q")
    assert (ran.out, ran.err) == ("L-1\n", "")


def test_json_is_the_record_as_one_object(workspace: Path, crm) -> None:
    ran = crm("create", "deal", "Партия", "--pipeline", "wholesale", "-s", "amount=10000", "-o", "json")
    record = json.loads(ran.out)
    assert record["id"] == "D-1"
    assert (record["pipeline"], record["stage"], record["outcome"]) == ("wholesale", "new", "open")
    assert (record["amount"], record["currency"]) == ("10000.00", "UAH")


def test_a_record_type_may_be_singular_or_plural(workspace: Path, crm) -> None:
    assert crm("create", "leads", "Один").out == "L-1\n"
    assert crm("create", "companies", "Ромашка").out == "O-1\n"


def test_a_lead_without_any_name_is_refused_with_the_command(workspace: Path, crm) -> None:
    ran = crm("create", "lead")
    assert ran.code == 1
    assert "crmctl create lead -s title='<Title>'" in ran.err


def test_the_title_of_a_contact_is_built_from_the_name(workspace: Path, crm) -> None:
    crm("create", "contact", "-s", "first_name=Анна", "-s", "last_name=Коваль", "-s", "contact_type=client")
    assert json.loads(crm("show", "C-1", "-o", "json").out)["title"] == "Анна Коваль"


def test_fields_that_records_without_stages_must_hold_are_a_gate_too(workspace: Path, crm) -> None:
    ran = crm("create", "contact", "Анна")
    assert ran.code == 1
    assert "contact_type" in ran.err


def test_the_placeholder_of_a_suggested_command_is_refused_as_a_value(workspace: Path, crm) -> None:
    ran = crm("create", "lead", "-s", "title=<Title>")
    assert ran.code == 2
    assert "stands for a value" in ran.err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("create", "leed", "x"), 'did you mean "lead"?'),
        (("create", "lead", "x", "-s", "sourse=website"), 'did you mean "source"?'),
        (("create", "lead", "x", "-s", "source=nowhere"), "unknown"),
        (("create", "lead", "x", "-s", "source"), "FIELD=VALUE"),
        (("create", "lead", "x", "--stage", "nowhere"), 'unknown stage "nowhere"'),
        (("create", "lead", "x", "-s", "id=L-7"), "cannot be set by hand"),
        (("create", "deal", "x", "-s", "amount=1.234"), "two ways"),
        (("create", "deal", "x", "-s", "amount=1000.005"), "2 decimals"),
        (("create", "deal", "x", "-s", "close_date=31.12.2026"), "not a date"),
        (("create", "lead", "x", "-o", "jason"), 'did you mean "json"?'),
    ],
)
def test_wrong_use_exits_2_and_writes_nothing(workspace: Path, crm, argv: tuple[str, ...], told: str) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm(*argv)
    assert ran.code == 2
    assert told in ran.err
    assert (workspace / "crm.json").read_bytes() == before


def test_an_unknown_pipeline_exits_4(workspace: Path, crm) -> None:
    assert crm("create", "deal", "x", "--pipeline", "nowhere").code == 4


def test_a_reference_to_a_record_that_is_not_there_exits_4(workspace: Path, crm) -> None:
    assert crm("create", "deal", "x", "-s", "contact=C-9").code == 4


def test_a_known_contact_is_refused_unless_allowed(workspace: Path, crm) -> None:
    anna = ("create", "contact", "Анна", "-s", "contact_type=client", "-s", "email=anna@example.com")
    crm(*anna)
    again = crm(*anna)
    assert again.code == 1
    assert "C-1" in again.err
    assert crm(*anna, "--allow-duplicate").out == "C-2\n"


def test_several_records_come_from_json_lines_on_standard_input(workspace: Path, crm) -> None:
    lines = '{"title": "Первый", "phone": ["(050) 123-45-67"]}\n{"title": "Второй", "source": "website"}\n'
    ran = crm("create", "lead", "--from", "-", stdin=lines)
    assert ran.out == "L-1\nL-2\n"
    assert json.loads(crm("show", "L-1", "-o", "json").out)["phone"] == ["+380501234567"]


def test_one_bad_record_of_several_keeps_all_out(workspace: Path, crm) -> None:
    ran = crm("create", "lead", "--from", "-", stdin='[{"title": "Первый"}, {"comment": "без названия"}]')
    assert ran.code == 1
    assert crm("list", "leads", "--count").out == "0\n"


def test_money_keeps_the_currency_typed_with_it(workspace: Path, crm) -> None:
    crm("create", "deal", "x", "-s", "amount=$22,700.00")
    record = json.loads(crm("show", "D-1", "-o", "json").out)
    assert (record["amount"], record["currency"]) == ("22700.00", "USD")


def test_a_dry_run_shows_the_record_and_writes_nothing(workspace: Path, crm) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("create", "lead", "Ирина", "--dry-run")
    assert ran.code == 0
    assert "+ create" in ran.out
    assert (workspace / "crm.json").read_bytes() == before


def test_leads_are_off_where_the_mode_is_deals(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    crm("init", "--template", "simple", "-q")
    assert crm("create", "lead", "x").code == 2
    assert crm("create", "deal", "x").out == "D-1\n"


def test_a_company_of_a_name_that_is_there_is_created_and_told(workspace: Path, crm) -> None:
    crm("create", "company", "Beta")
    ran = crm("create", "company", "BETA")
    assert (ran.code, ran.out) == (0, "O-2\n")
    assert 'O-2 "BETA" has the name of O-1: kept apart' in ran.err


def test_companies_of_one_name_that_come_together_are_told_too(workspace: Path, crm) -> None:
    (workspace / "in.json").write_text('[{"title": "Beta"}, {"title": "Beta"}]', "utf-8")
    ran = crm("create", "company", "--from", "in.json")
    assert (ran.code, "has the name of O-1" in ran.err) == (0, True)


def test_a_workspace_may_say_that_companies_of_one_name_are_one(workspace: Path, crm, edit) -> None:
    edit("crmctl.yaml", "duplicates:\n", "duplicates:\n  company: [[title]]\n")
    crm("create", "company", "Beta")
    ran = crm("create", "company", "beta")
    assert (ran.code, "a company with this title exists: O-1" in ran.err) == (1, True)

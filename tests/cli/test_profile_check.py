"""`crmctl profile check FILE`: what an import would make of a file."""

import json
import shlex
from pathlib import Path

import pytest


@pytest.fixture
def surveyed(crm):
    def look(*argv: str) -> dict[str, object]:
        (found,) = json.loads(crm("profile", "check", *argv, "-o", "json").out)
        return dict(found)

    return look


def test_a_file_is_looked_at_without_being_imported(put, surveyed, crm) -> None:
    before = crm("runs", "-o", "json").out
    name = put(
        "in.csv", "Title,Phone,Source,Shoe size\nОлег,0501234567,call,42\nЯн,12,Fare,\nЭд,0501234568,Fare,\n"
    )
    found = surveyed(name, "--type", "leads")
    assert (found["profile"], found["record"], found["rows"], found["created"]) == (None, "lead", 3, 1)
    assert found["columns"][1] == {"column": "Phone", "field": "phone"}  # type: ignore[index]
    assert found["unknown_columns"] == [{"column": "Shoe size", "close": None}]
    fare, phone = found["values"]  # type: ignore[misc]
    assert (fare["problem"], fare["column"], fare["value"], fare["count"], fare["line"]) == (
        "unknown",
        "Source",
        "Fare",
        2,
        3,
    )
    assert (phone["problem"], phone["value"]) == ("refused", "12")
    assert found["importable"] is False
    assert crm("profile", "check", name, "--type", "leads").code == 1
    assert crm("runs", "-o", "json").out == before
    assert crm("list", "leads", "--count").out == "0\n"


def test_a_file_that_goes_in_passes_and_names_the_import(put, surveyed, crm) -> None:
    found = surveyed(put("in out.csv", "Title,Phone,Source\nОлег,0501234567,call\n"), "--type", "leads")
    assert found["next"] == "crmctl import leads 'in out.csv'"
    assert found["importable"] is True
    assert crm("profile", "check", "in out.csv", "--type", "leads").code == 0


def test_the_type_of_a_file_is_that_of_its_profile_or_of_the_most_columns(put, surveyed, crm) -> None:
    deals = put("a.csv", "Название сделки;Стадия сделки;Сумма\nШкаф;new;10\n")
    assert surveyed(deals)["record"] == "deal"
    assert (
        surveyed(put("b.csv", "First name,Birthday,Position\nOleg,2000-01-01,chief\n"))["record"] == "contact"
    )


def test_stages_that_are_not_known_are_told_whatever_else_is_wrong_with_their_rows(
    put, surveyed, crm
) -> None:
    name = put("in.csv", "Title,Phone,Stage\nОлег,12,frist\n")
    values = {(each["column"], each["value"]) for each in surveyed(name, "--type", "leads")["values"]}  # type: ignore[attr-defined]
    assert values == {("Phone", "12"), ("Stage", "frist")}


def test_dates_and_numbers_with_two_readings_are_told_apart_from_what_is_none(put, surveyed, crm) -> None:
    name = put("in.csv", 'Title,Amount,Created\nA,"1,234",05/06/2026\nB,10,14/03/2026\n')
    values = surveyed(name, "--type", "leads")["values"]
    found = {each["value"]: each["problem"] for each in values}  # type: ignore[attr-defined]
    assert found == {"1,234": "two_readings", "05/06/2026": "two_readings", "14/03/2026": "refused"}


def test_a_file_is_looked_at_as_the_import_of_the_same_options_reads_it(put, surveyed, crm) -> None:
    name = put("in.txt", 'Клиент,Amount,Created,Source\nA,"1,234",05/06/2026,call\n')
    how = (
        *("--format", "csv", "--map", "Клиент=title", "--decimal", "."),
        *("--date-format", "%d/%m/%Y", "--excel-serial-dates"),
    )
    found = surveyed(name, "--type", "leads", *how)
    assert (found["importable"], found["values"], found["unknown_columns"]) == (True, [], [])
    assert crm(*shlex.split(str(found["next"]))[1:]).code == 0
    assert (
        crm("list", "leads", "--fields", "title,amount", "-o", "csv").out == "title,amount\nA,1234.00 UAH\n"
    )


@pytest.mark.parametrize("how", [("--date-format", "dd.mm"), ("--decimal", "x"), ("--map", "Title")])
def test_an_option_that_means_nothing_is_wrong_use_here_too(put, surveyed, crm, how: tuple[str, ...]) -> None:
    name = put("in.csv", "Title,Phone\nA,0501234567\n")
    assert crm("profile", "check", name, *how).code == 2
    assert crm("profile", "suggest", name, *how).code == 2


def test_a_header_alone_is_a_file_of_no_rows(put, surveyed, crm) -> None:
    found = surveyed(put("in.csv", "Title,Phone\n"), "--type", "leads")
    assert (found["rows"], found["importable"]) == (0, True)
    assert crm("profile", "suggest", "in.csv").code == 0


def test_a_file_that_is_no_text_is_shown_and_checked_without_a_crash(
    put, surveyed, crm, workspace: Path
) -> None:
    (workspace / "x.yaml").write_bytes(b"version: 1\n\xff\n")
    assert crm("profile", "show", "x.yaml").code == 0
    assert crm("profile", "show", "x.yaml", "-o", "json").code == 3
    assert crm("profile", "check", "x.yaml").code == 1


def test_a_row_that_is_at_fault_as_a_whole_is_told_once(put, surveyed, crm) -> None:
    found = surveyed(put("in.csv", "Title,Phone\nОлег,1,2,3\nЯн,1,2,3\n"), "--type", "leads")
    (value,) = found["values"]  # type: ignore[misc]
    assert (value["problem"], value["column"], value["count"]) == ("refused", "", 2)
    assert found["refusals"] == []


def test_what_the_rules_refuse_is_told_beside_what_the_cells_hold(put, surveyed, crm) -> None:
    found = surveyed(put("in.csv", "Title,Pipeline,Stage\nОпт,wholesale,shipping\n"), "--type", "deals")
    assert found["values"] == []
    assert {refusal["rows"] for refusal in found["refusals"]} == {1}  # type: ignore[attr-defined]
    assert all("required and empty" in refusal["reason"] for refusal in found["refusals"])  # type: ignore[attr-defined]


def test_the_command_to_go_on_with_says_what_was_said_by_hand(put, surveyed, crm) -> None:
    name = put("in.csv", "made by hand\nTitle|Stage\nОлег|frist\n")
    found = surveyed(name, "--type", "leads", "--skip-rows", "1", "--delimiter", "|")
    assert found["next"] == (
        "mkdir -p profiles && crmctl profile suggest in.csv --type leads --delimiter '|' --skip-rows 1"
        " > profiles/in.yaml"
    )


def test_a_column_name_of_endless_length_is_cut_wherever_it_is_told(put, crm) -> None:
    name = put("a.csv", f"Title,{'N' * 100_000}\nx,y\n")
    for argv in (
        ("import", "leads", name),
        ("import", "leads", name, "--ignore-unknown"),
        ("profile", "check", name, "--type", "lead"),
    ):
        ran = crm(*argv)
        assert max(map(len, (ran.out + ran.err).splitlines())) < 400, argv


@pytest.mark.parametrize("ending", ["csv", "tsv", "json"])
def test_a_file_of_more_columns_than_any_list_has_is_refused(put, crm, ending: str) -> None:
    names = [f"c{number}" for number in range(1001)]
    text = json.dumps([dict.fromkeys(names, "x")])
    if ending != "json":
        text = "".join(("," if ending == "csv" else "\t").join(row) + "\n" for row in (names, names))
    for argv in (("import", "leads"), ("profile", "check"), ("profile", "suggest")):
        ran = crm(*argv, put(f"a.{ending}", text))
        assert ran.code == 1
        assert "1,001 columns, and 1,000 are the most" in ran.err


def test_a_type_of_records_that_the_columns_do_not_show_is_to_be_decided(put, crm, surveyed) -> None:
    name = put("o.csv", "Order;Who;What;Price\n1;Al;Desk;5\n")
    assert "  # decide: the columns do not show it" in crm("profile", "suggest", name).out
    assert "--type says it" in crm("profile", "check", name).out
    assert surveyed(name)["guessed"] is True
    assert "# decide" not in crm("profile", "suggest", name, "--type", "deal").out
    assert surveyed(name, "--type", "deal")["guessed"] is False
    plain = put("deals.csv", "Title,Amount,Expected close,Contact\nx,5,2026-12-01,\n")
    assert "# decide" not in crm("profile", "suggest", plain).out


def test_what_would_be_created_and_what_stands_in_its_way_are_told_together(put, crm) -> None:
    ran = crm("profile", "check", put("a.csv", "Title,Shoe size\nx,42\n"), "--type", "lead")
    assert (
        "1 to create without the columns that are no field: the import would refuse this file as it is"
        in (ran.out)
    )

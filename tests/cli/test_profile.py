"""`crmctl profile`."""

import json
from pathlib import Path

import pytest

SHOP = """version: 1
profile: shop
record: lead
detect: {all: [Order no]}
columns: {Order no: external_id, Buyer: title}
"""


@pytest.fixture
def put(workspace: Path):
    def write(name: str, text: str, encoding: str = "utf-8") -> str:
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_bytes(text.encode(encoding))
        return name

    return write


def surveyed(crm, *argv: str) -> dict[str, object]:
    (found,) = json.loads(crm("profile", "check", *argv, "-o", "json").out)
    return dict(found)


def test_profiles_are_listed_with_where_they_come_from(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    found = {each["name"]: each for each in json.loads(crm("profile", "list", "-o", "json").out)}
    assert found["shop"] == {"name": "shop", "title": "", "record": "lead", "origin": "own"}
    assert found["bitrix24-leads"]["origin"] == "shipped"


def test_a_faulty_profile_is_told_beside_the_list(put, crm) -> None:
    put("profiles/shop.yaml", SHOP + "x: 1\n")
    ran = crm("profile", "list", "-o", "ids")
    assert ran.code == 0
    assert 'warning: profiles/shop.yaml:6:1: unknown key "x"' in ran.err


def test_profiles_are_listed_and_shown_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "amocrm-deals" in crm("profile", "list").out
    shown = crm("profile", "show", "amocrm-deals")
    assert shown.code == 0
    assert shown.out.startswith("# yaml-language-server:")
    assert crm("profile", "check", "amocrm-deals").code == 0
    Path("deals.csv").write_text("Title\nx\n", "utf-8")
    assert crm("profile", "check", "deals.csv").code == 3
    assert list(tmp_path.iterdir()) == [tmp_path / "deals.csv"]


def test_a_profile_is_shown_as_its_file_stands_and_as_an_object(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    assert crm("profile", "show", "shop").out == SHOP
    assert json.loads(crm("profile", "show", "shop", "-o", "json").out)["columns"] == {
        "Order no": "external_id",
        "Buyer": "title",
    }


def test_a_profile_that_is_not_there_is_named_with_a_close_one(workspace: Path, crm) -> None:
    ran = crm("profile", "show", "bitrix-leads")
    assert ran.code == 4
    assert 'did you mean "bitrix24-leads"?' in ran.err


def test_faults_of_a_profile_are_told_at_their_places(put, crm) -> None:
    text = SHOP.replace("Buyer: title", "Buyer: titl, Way: {field: source, lookup: {Fair: fare}}")
    ran = crm("profile", "check", put("x.yaml", text), "-o", "parsable")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        'x.yaml:5:41: warning: leads have no field "titl" [style-profile-field]',
        'x.yaml:5:83: error: there is no value of list "source" "fare" [reference-profile-word]',
    ]


def test_a_profile_without_a_fault_passes(put, crm) -> None:
    put("profiles/shop.yaml", SHOP)
    for target in ("shop", "profiles/shop.yaml"):
        ran = crm("profile", "check", target)
        assert (ran.code, ran.out) == (0, "no errors in 1 file\n") or ran.err == "no errors in 1 file\n"


def test_findings_of_profiles_are_an_array_as_those_of_validate(put, crm) -> None:
    put("profiles/shop.yaml", SHOP + "x: 1\n")
    (found,) = json.loads(crm("profile", "check", "profiles/shop.yaml", "-o", "json").out)
    assert (found["rule"], found["line"], found["column"]) == ("schema-unknown-key", 6, 1)
    assert crm("validate").code == 1


def test_fields_of_a_shipped_profile_that_a_workspace_lacks_are_told_and_no_fault(
    workspace: Path, crm
) -> None:
    ran = crm("profile", "check", "bitrix24-leads", "-o", "parsable")
    assert ran.code == 0
    assert "[style-profile-field]" in ran.out


def test_profiles_and_files_are_checked_apart(put, crm) -> None:
    ran = crm("profile", "check", "bitrix24-leads", put("a.csv", "Title\nx\n"))
    assert ran.code == 2


def test_what_is_neither_a_file_nor_a_profile_is_not_found(workspace: Path, crm) -> None:
    assert crm("profile", "check", "nowhere").code == 4


def test_a_file_is_looked_at_without_being_imported(put, crm) -> None:
    before = crm("runs", "-o", "json").out
    name = put(
        "in.csv", "Title,Phone,Source,Shoe size\nОлег,0501234567,call,42\nЯн,12,Fare,\nЭд,0501234568,Fare,\n"
    )
    found = surveyed(crm, name, "--type", "leads")
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


def test_a_file_that_goes_in_passes_and_names_the_import(put, crm) -> None:
    found = surveyed(crm, put("in out.csv", "Title,Phone,Source\nОлег,0501234567,call\n"), "--type", "leads")
    assert found["next"] == "crmctl import leads 'in out.csv'"
    assert found["importable"] is True
    assert crm("profile", "check", "in out.csv", "--type", "leads").code == 0


def test_the_type_of_a_file_is_that_of_its_profile_or_of_the_most_columns(put, crm) -> None:
    deals = put("a.csv", "Название сделки;Стадия сделки;Сумма\nШкаф;new;10\n")
    assert surveyed(crm, deals)["record"] == "deal"
    assert (
        surveyed(crm, put("b.csv", "First name,Birthday,Position\nOleg,2000-01-01,chief\n"))["record"]
        == "contact"
    )


def test_stages_that_are_not_known_are_told_whatever_else_is_wrong_with_their_rows(put, crm) -> None:
    name = put("in.csv", "Title,Phone,Stage\nОлег,12,frist\n")
    values = {(each["column"], each["value"]) for each in surveyed(crm, name, "--type", "leads")["values"]}  # type: ignore[attr-defined]
    assert values == {("Phone", "12"), ("Stage", "frist")}


def test_dates_and_numbers_with_two_readings_are_told_apart_from_what_is_none(put, crm) -> None:
    name = put("in.csv", 'Title,Amount,Created\nA,"1,234",05/06/2026\nB,10,14/03/2026\n')
    values = surveyed(crm, name, "--type", "leads")["values"]
    found = {each["value"]: each["problem"] for each in values}  # type: ignore[attr-defined]
    assert found == {"1,234": "two_readings", "05/06/2026": "two_readings", "14/03/2026": "refused"}


def test_a_draft_is_named_like_its_file_and_leads_to_an_import(put, crm) -> None:
    name = put(
        "Our Shop.csv",
        "Заказ;Title;Phone;Source;Created;Amount\n"
        "1;Олег;0501234567;Ярмарка;14/03/2026;1.250\n2;Ян;0501234568;call;05/06/2026;980,50\n",
    )
    draft = crm("profile", "suggest", name, "--type", "leads")
    assert draft.code == 0
    assert "profile: our-shop\n" in draft.out
    assert "decimal: ','\n" in draft.out
    assert "date_format: ['%d/%m/%Y']\n" in draft.out
    assert "Заказ: '-'  # no field" in draft.out
    assert "Ярмарка: null  # decide: 1 time" in draft.out
    put(
        "shop.yaml",
        draft.out.replace("Заказ: '-'", "Заказ: external_id").replace("Ярмарка: null", "Ярмарка: call"),
    )
    assert crm("profile", "check", "shop.yaml").code == 0
    ran = crm("import", "leads", name, "--profile", "shop.yaml")
    assert ran.code == 0
    rows = json.loads(crm("list", "leads", "-o", "json", "--sort", "id").out)
    assert [(row["amount"], row["external_id"]) for row in rows] == [("1250.00", "1"), ("980.50", "2")]


def test_what_leaves_two_readings_is_a_comment_and_nothing_is_declared(put, crm) -> None:
    name = put("in.csv", 'Title,Amount,Created\nA,"1,234",05/06/2026\n')
    draft = crm("profile", "suggest", name, "--type", "leads").out
    assert '# decimal: decide: "1,234" can be read in two ways' in draft
    assert '# date_format: decide: dates like "05/06/2026" can be %d/%m/%Y or %m/%d/%Y' in draft
    assert "\ndecimal:" not in draft
    assert "\ndate_format:" not in draft


def test_a_draft_of_a_known_layout_begins_with_its_profile(put, crm) -> None:
    name = put(
        "deals.csv",
        "ID;Название сделки;Стадия сделки;Сумма;Ответственный;Доступен для всех\n"
        "1;Шкаф;Где-то;10;Сэм [7];да\n",
        "cp1251",
    )
    draft = crm("profile", "suggest", name).out
    assert "encodings: [utf-8-sig, windows-1251]\n" in draft
    assert "Где-то: null" in draft
    put("mine.yaml", draft)
    assert crm("profile", "check", "mine.yaml").code == 0
    ran = crm("import", "deals", name, "--profile", "mine.yaml", "--pipeline", "retail")
    assert ran.code == 0


def test_a_draft_does_not_mind_the_empty_file_that_it_is_written_into(put, crm) -> None:
    name = put("in.csv", "Title,Phone\nОлег,0501234567\n")
    put("profiles/in.yaml", "")
    assert crm("profile", "suggest", name).code == 0


def test_an_encoding_and_a_delimiter_may_be_said_by_hand(put, crm) -> None:
    name = put("old.csv", "Клиент|Phone\nОлег|0501234567\n", "cp1251")
    assert crm("profile", "suggest", name, "--type", "leads").code == 1
    draft = crm("profile", "suggest", name, "--type", "leads", "--encoding", "cp1251")
    assert "encodings: [utf-8-sig, cp1251]\ndelimiter: '|'\n" in draft.out
    put("p.yaml", draft.out.replace("Клиент: '-'", "Клиент: title"))
    assert crm("import", "leads", name, "--profile", "p.yaml", "-s", "source=call").code == 0


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_refused(put, crm, text: str) -> None:
    name = put("in.csv", text)
    assert crm("profile", "check", name).code == 1
    assert crm("profile", "suggest", name).code == 1


def test_a_header_alone_is_a_file_of_no_rows(put, crm) -> None:
    found = surveyed(crm, put("in.csv", "Title,Phone\n"), "--type", "leads")
    assert (found["rows"], found["importable"]) == (0, True)
    assert crm("profile", "suggest", "in.csv").code == 0


def test_a_file_that_is_no_text_is_shown_and_checked_without_a_crash(put, crm, workspace: Path) -> None:
    (workspace / "x.yaml").write_bytes(b"version: 1\n\xff\n")
    assert crm("profile", "show", "x.yaml").code == 0
    assert crm("profile", "show", "x.yaml", "-o", "json").code == 3
    assert crm("profile", "check", "x.yaml").code == 1


def test_a_row_that_is_at_fault_as_a_whole_is_told_once(put, crm) -> None:
    found = surveyed(crm, put("in.csv", "Title,Phone\nОлег,1,2,3\nЯн,1,2,3\n"), "--type", "leads")
    (value,) = found["values"]  # type: ignore[misc]
    assert (value["problem"], value["column"], value["count"]) == ("refused", "", 2)
    assert found["refusals"] == []


def test_what_the_rules_refuse_is_told_beside_what_the_cells_hold(put, crm) -> None:
    found = surveyed(crm, put("in.csv", "Title,Pipeline,Stage\nОпт,wholesale,shipping\n"), "--type", "deals")
    assert found["values"] == []
    assert {refusal["rows"] for refusal in found["refusals"]} == {1}  # type: ignore[attr-defined]
    assert all("required and empty" in refusal["reason"] for refusal in found["refusals"])  # type: ignore[attr-defined]


def test_the_command_to_go_on_with_says_what_was_said_by_hand(put, crm) -> None:
    name = put("in.csv", "made by hand\nTitle|Stage\nОлег|frist\n")
    found = surveyed(crm, name, "--type", "leads", "--skip-rows", "1", "--delimiter", "|")
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


def test_a_type_of_records_that_the_columns_do_not_show_is_to_be_decided(put, crm) -> None:
    name = put("o.csv", "Order;Who;What;Price\n1;Al;Desk;5\n")
    assert "  # decide: the columns do not show it" in crm("profile", "suggest", name).out
    assert "--type says it" in crm("profile", "check", name).out
    assert surveyed(crm, name)["guessed"] is True
    assert "# decide" not in crm("profile", "suggest", name, "--type", "deal").out
    assert surveyed(crm, name, "--type", "deal")["guessed"] is False
    plain = put("deals.csv", "Title,Amount,Expected close,Contact\nx,5,2026-12-01,\n")
    assert "# decide" not in crm("profile", "suggest", plain).out


def test_how_numbers_and_dates_are_written_is_told_by_columns_that_are_no_field_too(put, crm) -> None:
    rows = "1;1.500,00;03.02.2026;1.2.3\n2;2.000,50;13.02.2026;1.2.4\n"
    draft = crm("profile", "suggest", put("o.csv", "Order;Worth;Day;Version\n" + rows)).out
    assert "decimal: ','\ndate_format: ['%d.%m.%Y']\n" in draft
    draft = crm("profile", "suggest", put("p.csv", "Order;Day\n1;03/02/2026\n2;04/02/2026\n")).out
    assert "# date_format: decide" in draft
    draft = crm("profile", "suggest", put("q.csv", "Order;Day;Code\n1;2026-02-03;1.25 kg\n")).out
    assert "date_format" not in draft
    assert "decimal" not in draft


def test_what_would_be_created_and_what_stands_in_its_way_are_told_together(put, crm) -> None:
    ran = crm("profile", "check", put("a.csv", "Title,Shoe size\nx,42\n"), "--type", "lead")
    assert (
        "1 to create without the columns that are no field: the import would refuse this file as it is"
        in (ran.out)
    )

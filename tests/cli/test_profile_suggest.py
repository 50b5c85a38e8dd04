"""`crmctl profile suggest`: a draft of a profile for a file."""

import json
from pathlib import Path

import pytest


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


def test_a_date_in_one_form_that_is_not_declared_leads_to_a_draft_that_declares_it(put, crm) -> None:
    name = put("in.csv", "Title,Phone,Created,Source\nA,0501234567,05.06.26,call\n")
    (found,) = json.loads(crm("profile", "check", name, "--type", "leads", "-o", "json").out)
    assert [each["problem"] for each in found["values"]] == ["refused"]
    assert "crmctl profile suggest in.csv" in found["next"]
    assert "date_format: ['%d.%m.%y']\n" in crm("profile", "suggest", name, "--type", "leads").out


def test_an_own_field_whose_name_begins_like_a_column_of_history_keeps_its_column(put, crm) -> None:
    settings = Path("crmctl.yaml").read_text("utf-8")
    own = settings.replace("\nfields:\n", "\nfields:\n  lead: {entered_by: {type: text}}\n")
    Path("crmctl.yaml").write_text(own, "utf-8")
    name = put("in.csv", "Title,Phone,entered_by\nA,0501234567,Anna\n")
    assert "entered_by: entered_by\n" in crm("profile", "suggest", name, "--type", "leads").out


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


def test_what_is_said_by_hand_stands_in_the_draft(put, crm) -> None:
    name = put("in.csv", 'Клиент,Amount,Created\nA,"1,234",05/06/2026\n')
    how = ("--map", "Клиент=title", "--decimal", ",", "--date-format", "%d/%m/%Y")
    draft = crm("profile", "suggest", name, "--type", "leads", *how).out
    for line in ("decimal: ','", "date_format: ['%d/%m/%Y']", "  Клиент: title"):
        assert f"{line}\n" in draft


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


def test_how_numbers_and_dates_are_written_is_told_by_columns_that_are_no_field_too(put, crm) -> None:
    rows = "1;1.500,00;03.02.2026;1.2.3\n2;2.000,50;13.02.2026;1.2.4\n"
    draft = crm("profile", "suggest", put("o.csv", "Order;Worth;Day;Version\n" + rows)).out
    assert "decimal: ','\ndate_format: ['%d.%m.%Y']\n" in draft
    draft = crm("profile", "suggest", put("p.csv", "Order;Day\n1;03/02/2026\n2;04/02/2026\n")).out
    assert "# date_format: decide" in draft
    draft = crm("profile", "suggest", put("q.csv", "Order;Day;Code\n1;2026-02-03;1.25 kg\n")).out
    assert "date_format" not in draft
    assert "decimal" not in draft

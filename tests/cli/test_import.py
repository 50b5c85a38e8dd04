"""`import`: all or nothing, in part, again, undone; what is rejected comes back to be mended."""

import json
from pathlib import Path

import pytest

HEADER = "Название лида,Телефон,Источник,Сумма\n"
GOOD = HEADER + 'Ирина,(050) 123-45-67,instagram,"1 000,50"\nОлег,067 123 45 67,Веб-сайт,$25\n'
BAD = GOOD + "Пётр,,откуда-то,10\nМарк,,call,1.234\n"


@pytest.fixture
def write(workspace: Path):
    def write(name: str, text: str, encoding: str = "utf-8") -> str:
        (workspace / name).write_bytes(text.encode(encoding))
        return name

    return write


def summary(ran) -> dict[str, object]:
    return json.loads(ran.out)


def test_columns_map_by_title_and_alias_and_cells_are_read_by_type(write, crm) -> None:
    ran = crm("import", "leads", write("leads.csv", GOOD))
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "R-1: 2 rows: 2 created (undo: crmctl undo R-1)"
    records = json.loads(crm("list", "leads", "-o", "json").out)
    assert [(r["phone"], r["source"], r["amount"], r["currency"]) for r in records] == [
        (["+380501234567"], "instagram", "1000.50", "UAH"),
        (["+380671234567"], "website", "25.00", "USD"),
    ]


def test_the_summary_as_json_has_the_promised_keys(write, crm) -> None:
    found = summary(crm("import", "leads", write("leads.csv", GOOD), "-o", "json"))
    assert found == {
        "run": "R-1",
        "files": ["leads.csv"],
        "rows": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 0,
        "rejects": None,
    }


def test_one_rejected_row_keeps_everything_out_and_each_cell_is_named(write, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("import", "leads", write("leads.csv", BAD))
    assert ran.code == 1
    assert "line 4" in ran.err
    assert "откуда-то" in ran.err
    assert "line 5" in ran.err
    assert "two ways" in ran.err
    assert (workspace / "crm.json").read_bytes() == before


def test_partial_imports_the_rest_exits_7_and_the_rejects_import_once_mended(
    write, crm, workspace: Path
) -> None:
    ran = crm(
        "import", "leads", write("leads.csv", BAD), "--partial", "--rejects", "rejects.csv", "-o", "json"
    )
    assert ran.code == 7
    assert (summary(ran)["created"], summary(ran)["rejected"], summary(ran)["rejects"]) == (
        2,
        2,
        "rejects.csv",
    )
    rejects = (workspace / "rejects.csv").read_text("utf-8")
    assert "_line" in rejects
    assert "_error" in rejects
    (workspace / "rejects.csv").write_text(
        rejects.replace("откуда-то", "call").replace("1.234", "1234"), "utf-8"
    )
    again = crm("import", "leads", "rejects.csv", "-o", "json")
    assert (again.code, summary(again)["created"]) == (0, 2)


def test_more_rejects_than_allowed_write_nothing(write, crm) -> None:
    name = write("leads.csv", BAD)
    assert crm("import", "leads", name, "--partial", "--max-rejects", "1").code == 1
    assert crm("import", "leads", name, "--partial", "--max-rejects", "50%").code == 7


def test_the_same_file_twice_changes_nothing(write, crm, workspace: Path) -> None:
    name = write("leads.csv", GOOD + 'Ирина,(050) 123-45-67,instagram,"1 000,50"\n')
    crm("import", "leads", name)
    before = (workspace / "crm.json").read_bytes()
    ran = crm("import", "leads", name, "-o", "json")
    assert (ran.code, summary(ran)["unchanged"], summary(ran)["run"]) == (0, 3, None)
    assert (workspace / "crm.json").read_bytes() == before


def test_undo_of_the_run_forgets_its_rows(write, crm) -> None:
    name = write("leads.csv", GOOD)
    crm("import", "leads", name)
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "leads", "--count").out == "0\n"
    assert summary(crm("import", "leads", name, "-o", "json"))["created"] == 2


def test_an_unknown_column_is_refused_with_a_close_name_or_passed_over(write, crm) -> None:
    name = write("leads.csv", "Title,Sorce\nИрина,call\n")
    ran = crm("import", "leads", name)
    assert ran.code == 2
    assert '"Sorce"' in ran.err
    assert crm("import", "leads", name, "--ignore-unknown").code == 0


def test_a_column_is_mapped_by_hand(write, crm) -> None:
    name = write("leads.csv", "Кто;Откуда\nИрина;call\n")
    assert crm("import", "leads", name, "--map", "Кто=title", "--map", "Откуда=source").code == 0
    assert json.loads(crm("show", "L-1", "-o", "json").out)["source"] == "call"


def test_gates_hold_for_imports_too(write, crm) -> None:
    name = write("deals.csv", "Название,Направление,Стадия\nПартия,Опт,Передан на отправку\n")
    ran = crm("import", "deals", name)
    assert ran.code == 1
    assert "waybill" in ran.err


def test_an_unknown_stage_is_rejected_and_named(write, crm) -> None:
    ran = crm("import", "leads", write("leads.csv", "Название,Стадия\nИрина,Думает\n"))
    assert ran.code == 1
    assert "Думает" in ran.err


def test_original_dates_are_kept_and_make_the_history(write, crm) -> None:
    text = "title,pipeline,stage,created_at,closed_at,lost_reason\nСтарая,wholesale,lost,2025-01-10,2025-03-01,price\n"
    assert crm("import", "deals", write("deals.csv", text)).code == 0
    record = json.loads(crm("show", "D-1", "--with", "history", "-o", "json").out)
    assert record["created_at"].startswith("2025-01-10")
    assert record["closed_at"].startswith("2025-03-01")
    assert [entry["at"][:10] for entry in record["history"]] == ["2025-01-10", "2025-03-01"]


def test_a_closed_record_without_a_date_has_none(write, crm) -> None:
    crm(
        "import",
        "deals",
        write("deals.csv", "title,pipeline,stage,lost_reason\nСтарая,wholesale,lost,price\n"),
    )
    assert "closed_at" not in json.loads(crm("show", "D-1", "-o", "json").out)


@pytest.mark.parametrize(
    ("mode", "code", "comment", "count"),
    [
        ("skip", 0, "старый", 1),
        ("update", 0, "новый", 1),
        ("fill", 0, "старый", 1),
        ("error", 1, "старый", 1),
        ("create", 0, "старый", 2),
    ],
)
def test_known_records_are_treated_as_asked(
    write, crm, mode: str, code: int, comment: str, count: int
) -> None:
    crm(
        "create",
        "contact",
        "Анна",
        "-s",
        "contact_type=client",
        "-s",
        "email=anna@example.com",
        "-s",
        "comment=старый",
    )
    name = write(
        "contacts.csv",
        "title,email,contact_type,comment,position\nАнна,ANNA@example.com,client,новый,директор\n",
    )
    assert crm("import", "contacts", name, "--on-duplicate", mode).code == code
    record = json.loads(crm("show", "C-1", "-o", "json").out)
    assert record["comment"] == comment
    assert record.get("position") == ("директор" if mode in ("update", "fill") else None)
    assert crm("list", "contacts", "--count").out == f"{count}\n"


def test_a_windows_file_is_refused_with_the_encoding_to_name(write, crm) -> None:
    name = write("leads.csv", GOOD, "cp1251")
    ran = crm("import", "leads", name)
    assert ran.code in (1, 2)
    assert "--encoding cp1251" in ran.err
    assert crm("import", "leads", name, "--encoding", "cp1251").code == 0


def test_an_unclosed_quote_is_refused_at_the_line_where_it_opened(write, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("import", "leads", write("leads.csv", 'title,comment\nИрина,"ок"\nОлег,"не закрыто\nещё\n'))
    assert ran.code == 1
    assert "line 3" in ran.err
    assert (workspace / "crm.json").read_bytes() == before


def test_a_dry_run_tells_and_writes_nothing(write, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("import", "leads", write("leads.csv", GOOD), "--dry-run")
    assert ran.code == 0
    assert ran.out.count("+ create") == 2
    assert (workspace / "crm.json").read_bytes() == before


def test_standard_input_is_a_file_too(workspace: Path, crm) -> None:
    assert crm("import", "leads", "-", stdin=GOOD).code == 0
    assert crm("list", "leads", "--count").out == "2\n"


def test_a_missing_file_exits_4(workspace: Path, crm) -> None:
    assert crm("import", "leads", "nowhere.csv").code == 4


def test_defaults_fill_what_a_row_leaves_empty(write, crm) -> None:
    name = write("leads.csv", "title,source\nИрина,\nОлег,call\n")
    crm("import", "leads", name, "--set", "source=website", "--owner", "anna")
    records = json.loads(crm("list", "leads", "-o", "json").out)
    assert [(r["source"], r["owner"]) for r in records] == [("website", "anna"), ("call", "anna")]

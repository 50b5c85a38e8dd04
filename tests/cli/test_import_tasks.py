"""`import tasks`: those of another system, and those of an export, open and over."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm) -> Path:
    """L-1 and L-2, both known by an outside id, L-2 by one that a contact has, too."""
    monkeypatch.chdir(tmp_path)
    crm("init", "--template", "club", "-q")
    (tmp_path / "leads.csv").write_text("external_id,title\nA-7,Ирина\nA-8,Олег\n", "utf-8")
    assert crm("import", "leads", "leads.csv", "-q").code == 0
    (tmp_path / "contacts.csv").write_text("external_id,last_name\nA-8,Бойко\n", "utf-8")
    assert crm("import", "contacts", "contacts.csv", "-q").code == 0
    return tmp_path


def brought(crm, text: str, *options: str):
    return crm("import", "tasks", "-", "--now", "2026-11-21T10:00", *options, stdin=text)


def shown(crm, record_id: str) -> dict:
    return json.loads(crm("show", record_id, "-o", "json").out)


def test_a_task_names_its_client_by_id_or_by_an_outside_id(club: Path, crm) -> None:
    ran = brought(crm, "Название,Шаблон,Клиент,Срок\n,cold_call,L-1,2026-12-01\nПозвонить,call,A-7,\n")
    assert (ran.code, ran.err) == (0, "R-3: 2 rows: 2 created (undo: crmctl undo R-3)\n")
    first, second = shown(crm, "T-1"), shown(crm, "T-2")
    assert (first["title"], first["for"], first["type"]) == ("Звонки холодным клиентам", ["L-1"], "call")
    assert (first["due"][:10], first["status"], first["author"]) == ("2026-12-01", "new", "anna")
    assert (second["title"], second["for"]) == ("Позвонить", ["L-1"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,call,,A-9,,", '"A-9" is no id, and no client has it as external_id'),
        ("x,call,,A-8,,", '"A-8" is that of L-2, C-1'),
        ("x,call,,L-9,,", "for (For): L-9 does not exist"),
        ("x,call,,,,", 'a task of type "call" is for one client, not for none'),
        ("x,call,,L-1; L-2,,", "not for 2: L-1, L-2"),
        ("x,group_call,,L-1; L-2,,", 'a task of type "group_call" is one of type "call" for each client'),
        ("x,internal,cold_call,,,", 'template "cold_call" is of type "call", not "internal"'),
        ("x,,nonsense,L-1,,", 'template: unknown task template "nonsense"'),
        ("x,,cold_call,L-1,done,not_bought", '"not_bought" is no result of this task'),
        ("x,,cold_call,L-1,done,", "a task that is done has a result"),
        ("x,,cold_call,L-1,new,bought", 'a task that is "new" has no result'),
        ("x,,cold_call,L-1,done,refused", "required and empty: refusal_reason (Причина отказа)"),
        ("x,meeting,,L-1,,", "required and empty: due (Due)"),
    ],
)
def test_what_no_new_task_could_be_is_rejected_by_name(club: Path, crm, row: str, told: str) -> None:
    ran = brought(crm, f"title,type,template,for,status,result\n{row}\n")
    assert ran.code == 1
    assert told in ran.err
    assert crm("list", "tasks", "--count").out == "0\n"


@pytest.mark.parametrize("status", ["", "new", "in_progress"])
def test_a_date_of_completion_alone_does_not_make_an_open_task(club: Path, crm, status: str) -> None:
    ran = brought(crm, f"title,template,for,status,closed_at\nx,cold_call,L-1,{status},2026-11-03\n")
    assert ran.code == 1
    assert "line 2: closed_at is of a task that is over, with a result\n" in ran.err
    assert crm("list", "tasks", "--count").out == "0\n"


def test_a_result_without_a_date_is_one_of_the_time_of_the_import(club: Path, crm) -> None:
    assert brought(crm, "title,template,for,result\nx,cold_call,L-1,will_buy\n").code == 0
    assert shown(crm, "T-1")["closed_at"][:16] == "2026-11-21T10:00"


def test_a_number_that_a_rejected_row_used_up_was_never_a_task(club: Path, crm) -> None:
    head = "id,title,template,for\n"
    assert brought(crm, f"{head},bad,cold_call,L-9\n,good,cold_call,L-1\n", "--partial").code == 7
    assert crm("list", "tasks", "-o", "ids").out == "T-2\n"
    assert "line 2: T-1 does not exist\n" in brought(crm, f"{head}T-1,x,cold_call,L-1\n").err
    crm("delete", "T-2", "--purge", "--yes")
    assert "line 2: T-2 was removed\n" in brought(crm, f"{head}T-2,x,cold_call,L-1\n").err


def test_a_task_that_is_over_keeps_its_result_and_nothing_follows(club: Path, crm) -> None:
    rows = (
        "title,template,for,status,result,created_at,closed_at,refusal_reason,visit_date,group\n"
        "Звонок,cold_call,L-1,done,will_buy,2026-11-01,2026-11-03,,,\n"
        "Отказ,cold_call,L-1,Выполнена,Условный отказ,,,far,,\n"
        "Проба,cold_call,L-1,,trial,,,,2026-11-09,Йога\n"
        "Брошен,cold_call,L-2,cancelled,,,2026-11-02,,,\n"
        "Вода,order_water,,done,,,,,,\n"
    )
    assert brought(crm, rows).err.startswith("R-3: 5 rows: 5 created")
    assert crm("list", "tasks", "--where", "open", "--count").out == "0\n"
    called = shown(crm, "T-1")
    assert (called["status"], called["result"], called["closed_at"][:10]) == (
        "done",
        "will_buy",
        "2026-11-03",
    )
    assert [shown(crm, f"T-{n}").get("result") for n in (2, 3, 4, 5)] == ["refused", "trial", None, "done"]
    assert shown(crm, "L-1")["stage"] == "contact"
    assert "data-dates" not in crm("validate", "--data").out
    assert "due" not in called
    operations = [entry["op"] for entry in json.loads(crm("log", "T-1", "-o", "json").out)]
    assert operations == ["complete", "create"]
    assert crm("list", "tasks", "--where", "open", "--as-of", "2026-11-02", "-o", "ids").out == "T-1\n"


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "jsonl"])
def test_what_is_exported_comes_back_as_it_was(
    club: Path, crm, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm("create", "task", "--template", "cold_call", "--for", "L-1", "--now", "2026-11-01")
    crm("create", "task", "--template", "invite_yoga", "--for", "L-1", "--for", "L-2", "--due", "+1d")
    crm("complete", "T-1", "--result", "trial", "-s", "visit_date=tomorrow", "-s", "group=Йога; цигун")
    crm("complete", "T-2", "--result", "call_back", "-s", "due=+2d", "--note", "занято\nпотом")
    crm("create", "task", "Вода", "-s", "checklist=одна", "-s", "checklist+=две", "-s", "watchers=oleg; ira")
    crm("cancel", "T-6", "--note", "есть")
    crm("create", "task", "--template", "cold_call", "--for", "L-2", "--due", "+1d")
    crm("update", "T-7", "--unset", "due", "--unset", "assignee", "--unset", "category")
    crm("take", "T-3")
    crm("delete", "T-2", "--yes")
    crm("export", "tasks", f"tasks.{suffix}")
    before = (club / f"tasks.{suffix}").read_bytes()
    same = crm("import", "tasks", f"tasks.{suffix}")
    assert (same.code, "6 unchanged" in same.err) == (0, True)
    crm("init", "--template", "club", "-q", "other")
    monkeypatch.setenv("CRMCTL_WORKSPACE", "other")
    assert crm("import", "leads", "leads.csv", "-q").code == 0
    ran = crm("import", "tasks", f"tasks.{suffix}", "--user", "oleg")
    assert (ran.code, "6 created" in ran.err) == (0, True), ran.err
    crm("export", "tasks", f"again.{suffix}")
    after = (club / f"again.{suffix}").read_text("utf-8")
    assert without_upkeep(after, suffix) == without_upkeep(before.decode(), suffix)


def without_upkeep(text: str, suffix: str) -> list[dict]:
    """Return the rows of an export, without what says when it was last written and by whom."""
    if suffix == "json":
        rows = json.loads(text)
    elif suffix == "jsonl":
        rows = [json.loads(line) for line in text.splitlines()]
    else:
        import csv
        import io

        rows = list(csv.DictReader(io.StringIO(text), delimiter="\t" if suffix == "tsv" else ","))
    return [
        {name: value for name, value in row.items() if name not in ("updated_at", "updated_by")}
        for row in rows
    ]


def test_an_edited_export_changes_open_tasks_and_ends_none(club: Path, crm) -> None:
    crm("create", "task", "--template", "cold_call", "--for", "L-1")
    assert brought(crm, "id,assignee,for\nT-1,oleg,A-7\n").code == 0
    assert shown(crm, "T-1")["assignee"] == "oleg"
    ran = brought(crm, "id,status,result\nT-1,done,bought\n")
    assert (ran.code, "T-1" in ran.err, "crmctl complete T-1 --result bought" in ran.err) == (1, True, True)
    ran = brought(crm, "id,status\nT-1,cancelled\n")
    assert (ran.code, "crmctl cancel T-1" in ran.err) == (1, True)
    ran = brought(crm, "id,due\nT-1,2026-01-01\n")
    assert (ran.code, "is in the past" in ran.err) == (1, True)
    ran = brought(crm, "id,for\nT-1,L-1; L-2\n")
    assert (ran.code, "for one client" in ran.err) == (1, True)


def test_the_same_file_twice_is_once_and_an_undo_takes_it_back(club: Path, crm) -> None:
    rows = "title,template,for\nЗвонок,cold_call,L-1\n"
    assert "1 created" in brought(crm, rows).err
    assert "1 unchanged" in brought(crm, rows).err
    assert crm("undo", "R-3", "--yes").code == 0
    assert crm("list", "tasks", "--count").out == "0\n"
    assert "1 created" in brought(crm, rows).err


def test_tasks_are_known_by_their_client_where_that_is_asked_for(club: Path, crm) -> None:
    rows = "title,template,for,priority\nЗвонок,cold_call,A-7,{}\nЗвонок,cold_call,L-2,{}\n"
    options = ("--key", "title,for", "--on-duplicate", "update")
    assert "2 created" in brought(crm, rows.format("low", "low"), *options).err
    assert "2 updated" in brought(crm, rows.format("high", "normal"), *options).err
    assert [shown(crm, each)["priority"] for each in ("T-1", "T-2")] == ["high", "normal"]


def test_an_overdue_task_may_come_in_and_several_columns_name_its_clients(club: Path, crm) -> None:
    (club / "tasks.yaml").write_text(
        (club / "tasks.yaml")
        .read_text("utf-8")
        .replace("types:\n", "types:\n  duel: {title: Спор, clients: many}\n"),
        "utf-8",
    )
    rows = "title,type,due,Клиент,Клиенты\nСпор,duel,2026-01-01,A-7,L-2\n"
    ran = brought(crm, rows)
    assert ran.code == 0, ran.err
    assert shown(crm, "T-1")["for"] == ["L-1", "L-2"]
    assert crm("list", "tasks", "--where", "overdue", "-o", "ids").out == "T-1\n"


def test_without_sound_rules_for_tasks_none_are_imported(club: Path, crm) -> None:
    (club / "tasks.yaml").write_text("version: 1\ntemplates: 3\n", "utf-8")
    assert brought(crm, "title\nВода\n").code == 3

"""`list`, `filter`, `search`, `export`: which records, in which order, in which form."""

import json
from pathlib import Path

import pytest

DEALS = [
    {"title": "Альфа", "amount": "500", "owner": "anna"},
    {"title": "Бета", "amount": "12000", "owner": "oleg"},
    {"title": "Гамма", "amount": "300 USD"},
    {"title": "Дельта"},
]


@pytest.fixture
def deals(workspace: Path, crm) -> None:
    assert crm("create", "deal", "--from", "-", "--pipeline", "wholesale", stdin=json.dumps(DEALS)).code == 0


def ids(crm, *argv: str) -> list[str]:
    return crm(*argv, "-o", "ids").out.split()


def test_a_written_record_shows_true_and_false_in_csv_as_an_import_reads_them(workspace: Path, crm) -> None:
    crm("create", "contact", "Анна", "-s", "contact_type=client")
    told = crm("update", "C-1", "-s", "do_not_contact=yes", "-o", "csv").out
    header, row = (line.split(",") for line in told.splitlines())
    assert row[header.index("do_not_contact")] == "true"


def test_json_is_an_array_of_flat_records(deals: None, crm) -> None:
    records = json.loads(crm("list", "deals", "-o", "json").out)
    assert [record["id"] for record in records] == ["D-1", "D-2", "D-3", "D-4"]
    assert "amount" not in records[3]
    assert all(record["record"] == "deal" for record in records)


def test_an_empty_list_is_an_empty_array(workspace: Path, crm) -> None:
    assert json.loads(crm("list", "deals", "-o", "json").out) == []
    assert crm("list", "deals").code == 0


def test_sorting_falls_with_a_minus_and_puts_empty_values_last(deals: None, crm) -> None:
    assert ids(crm, "filter", "deals", "amount is empty or amount >= 0", "--sort", "-amount") == [
        "D-2",
        "D-1",
        "D-4",
    ]


def test_limit_offset_and_count(deals: None, crm) -> None:
    assert ids(crm, "list", "deals", "--limit", "2", "--offset", "1") == ["D-2", "D-3"]
    assert crm("list", "deals", "--limit", "2", "--count").out == "4\n"
    assert len(ids(crm, "list", "deals", "--limit", "0")) == 4


def test_fields_choose_the_columns(deals: None, crm) -> None:
    assert (
        crm("list", "deals", "--fields", "title,amount", "--limit", "1", "-o", "csv").out
        == "title,amount\nАльфа,500.00 UAH\n"
    )
    assert json.loads(crm("list", "deals", "--fields", "title", "--limit", "1", "-o", "json").out) == [
        {"title": "Альфа"}
    ]


def test_records_in_other_currencies_are_passed_over_with_a_note(deals: None, crm) -> None:
    ran = crm("filter", "deals", "amount >= 100", "-o", "ids")
    assert ran.out.split() == ["D-1", "D-2"]
    assert "1 record in other currencies" in ran.err


def test_an_error_in_an_expression_has_a_caret(deals: None, crm) -> None:
    ran = crm("filter", "deals", "stage = new and ammount >= 10k")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        'error: unknown field "ammount"',
        "  stage = new and ammount >= 10k",
        "                  ^^^^^^^",
        'hint: did you mean "amount"?',
    ]


def test_a_list_can_fail_for_cron(deals: None, crm) -> None:
    assert crm("list", "deals", "--where", "amount > 1m", "--fail-if-empty").code == 1
    assert crm("list", "deals", "--where", "amount > 1k", "--fail-if-any").code == 1
    assert crm("list", "deals", "--where", "amount > 1m", "--fail-if-any").code == 0


def test_an_amount_is_never_without_its_currency(deals: None, crm) -> None:
    crm("create", "deal", "Евро", "--pipeline", "wholesale", "-s", "amount=50 EUR")
    found = json.loads(
        crm("list", "deals", "--fields", "title,amount", "--where", "title = Евро", "-o", "json").out
    )
    assert found == [{"title": "Евро", "amount": "50.00", "currency": "EUR"}]
    cards = json.loads(crm("board", "wholesale", "-o", "json").out)["columns"][0]["cards"]
    assert {card["title"]: card.get("currency") for card in cards}["Евро"] == "EUR"


def test_a_stage_alone_is_its_id_in_tables_for_programs(deals: None, crm) -> None:
    assert set(crm("list", "deals", "--fields", "stage", "-o", "csv").out.split()) == {"stage", "new"}
    assert set(crm("export", "deals", "-", "--fields", "stage").out.split()) == {"stage", "new"}


def test_a_view_is_a_saved_filter(deals: None, crm) -> None:
    assert ids(crm, "list", "deals", "--view", "mine") == ["D-1"]
    assert crm("list", "deals", "--view", "nowhere").code == 4


def test_every_built_in_view_is_of_the_records_it_makes_sense_for(deals: None, crm) -> None:
    names = ("new", "mine", "changed-today", "changed-yesterday", "changed-by-me", "no-next-step")
    for kind in ("leads", "deals"):
        assert [crm("list", kind, "--view", name).code for name in names] == [0] * len(names)
    assert crm("list", "deals", "--view", "overdue").code == 0
    assert crm("list", "leads", "--view", "overdue").code == 2
    assert crm("list", "contacts", "--view", "new").code == 0
    assert crm("list", "contacts", "--view", "no-next-step").code == 2


def test_a_closed_deal_needs_no_next_step(deals: None, crm) -> None:
    before = ids(crm, "list", "deals", "--view", "no-next-step")
    crm("move", "D-1", "lost", "--reason", "price")
    assert ids(crm, "list", "deals", "--view", "no-next-step") == [each for each in before if each != "D-1"]


def test_a_view_of_the_workspace_takes_the_place_of_a_built_in_one(deals: None, workspace: Path, crm) -> None:
    path = workspace / "crmctl.yaml"
    own = "views:\n  mine: {record: deal, where: 'owner is empty or lost'}"
    path.write_text(path.read_text("utf-8").replace("\nviews:", f"\n{own}"), "utf-8")
    crm("move", "D-1", "lost", "--reason", "price")
    assert "D-1" in ids(crm, "list", "deals", "--view", "mine")


def test_a_table_shows_titles_and_whole_values_in_a_pipe(deals: None, crm) -> None:
    out = crm("list", "deals", "--limit", "1").out
    assert "Альфа" in out
    assert "500.00 UAH" in out


def test_control_characters_never_reach_the_terminal(workspace: Path, crm) -> None:
    crm("create", "lead", "a\x1b[31mred\u202eevil")
    out = crm("list", "leads").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "^[[31m" in out


def test_search_finds_a_phone_however_it_is_typed(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=(050) 123-45-67")
    for typed in ("0501234567", "+380 50 123 45 67", "123-45-67"):
        assert ids(crm, "search", typed) == ["L-1"], typed


def test_search_finds_what_stands_in_notes_alone_and_half_there(workspace: Path, crm) -> None:
    for title in ("Daisy", "Oak", "Elm"):
        assert crm("create", "lead", title).code == 0
    assert crm("note", "L-2", "Called about tulips").code == 0
    assert crm("note", "L-3", "tulips").code == 0
    assert ids(crm, "search", "tulips") == ["L-2", "L-3"]
    assert ids(crm, "search", "TULIPS oak") == ["L-2"]
    assert ids(crm, "search", "L-2") == ["L-2"]


def test_search_does_not_tell_yo_from_ye(workspace: Path, crm) -> None:
    crm("create", "lead", "Алёна Щукина")
    assert ids(crm, "search", "алена") == ["L-1"]


def test_an_export_and_an_import_are_the_identity(deals: None, crm, tmp_path: Path, monkeypatch) -> None:
    crm(
        "update", "D-1", "-s", "comment=первая строка\nвторая; '=формула'", "-s", "tags=vip", "-s", "tags=опт"
    )
    before = json.loads(crm("list", "deals", "-o", "json").out)
    assert crm("export", "deals", "deals.csv").code == 0
    other = tmp_path / "other"
    crm("init", str(other), "--template", "trade", "-q")
    monkeypatch.chdir(other)
    ran = crm("import", "deals", str(tmp_path / "deals.csv"))
    assert ran.code == 0, ran.err
    assert json.loads(crm("list", "deals", "-o", "json").out) == before


def test_an_edited_export_updates_by_id_and_a_stale_one_is_rejected(
    deals: None, crm, workspace: Path
) -> None:
    crm("export", "deals", "deals.csv", "--fields", "id,revision,title")
    text = (workspace / "deals.csv").read_text("utf-8").replace("Альфа", "Омега")
    (workspace / "deals.csv").write_text(text, "utf-8")
    ran = crm("import", "deals", "deals.csv", "-o", "json")
    assert (json.loads(ran.out)["updated"], json.loads(ran.out)["unchanged"]) == (1, 3)
    crm("update", "D-2", "-s", "comment=свежее")
    stale = text.replace("Бета", "Сигма")
    (workspace / "deals.csv").write_text(stale, "utf-8")
    assert crm("import", "deals", "deals.csv").code == 1


def test_a_whole_workspace_comes_back_from_its_exports(
    workspace: Path, crm, tmp_path: Path, monkeypatch
) -> None:
    crm(
        "create",
        "lead",
        "Ирина, опт",
        "-s",
        "company_name=Ромашка",
        "-s",
        "phone=(050) 123-45-67",
        "-s",
        "phone=12345",
    )
    crm(
        "convert",
        "L-1",
        "--to",
        "contact,company,deal",
        "--pipeline",
        "retail",
        "-s",
        "contact.contact_type=client",
    )
    kinds = ("companies", "contacts", "leads", "deals")
    before = [json.loads(crm("list", kind, "-o", "json").out) for kind in kinds]
    for kind in kinds:
        crm("export", kind, f"{kind}.csv")
    other = tmp_path / "other"
    crm("init", str(other), "--template", "trade", "-q")
    monkeypatch.chdir(other)
    for kind in kinds:
        ran = crm("import", kind, str(tmp_path / f"{kind}.csv"))
        assert ran.code == 0, ran.err
    assert [json.loads(crm("list", kind, "-o", "json").out) for kind in kinds] == before


def test_a_stage_that_the_configuration_dropped_is_known_while_records_hold_it(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    page = workspace / "pipelines" / "wholesale.yaml"
    page.write_text(page.read_text("utf-8").replace("{stage: new,", "{stage: fresh,"), "utf-8")
    assert ids(crm, "filter", "deals", "stage = new", "--pipeline", "wholesale") == ["D-1"]
    assert "new (archived)" in crm("list", "deals").out
    assert crm("filter", "deals", "stage = nowhere").code == 2


def test_an_empty_expression_filters_nothing_and_is_wrong_use(deals: None, crm) -> None:
    ran = crm("filter", "deals", " ")
    assert (ran.code, "an empty expression" in ran.err) == (2, True)


def test_the_outcome_can_be_asked_for_like_its_flag(deals: None, crm) -> None:
    for asked, flag in (
        ("outcome = open", "open"),
        ("outcome != open", "not open"),
        ("outcome in (won, lost)", "won or lost"),
        ("outcome not in (won, lost)", "open"),
    ):
        assert crm("filter", "deals", asked, "-o", "ids").out == crm("filter", "deals", flag, "-o", "ids").out
    assert "one of: open, won, lost" in crm("filter", "deals", "outcome = sold").err

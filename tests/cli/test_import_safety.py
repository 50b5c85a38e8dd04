"""What an import and an export must not do: write over what is there, mix up records, lose a currency."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def write(workspace: Path):
    def write(name: str, text: str) -> str:
        (workspace / name).write_text(text)
        return name

    return write


def rows_of(crm, kind: str = "leads") -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in json.loads(crm("list", kind, "-o", "json").out)}


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix != ".lock"
    }


BAD = "title,email\nОлег,bad\n"
OWN = [
    "crm.json",
    "crm.json.lock",
    "crmctl.yaml",
    ".crmctl/x.csv",
    "pipelines/new.yaml",
    "link.csv",
    "./crm.json",
]


@pytest.mark.parametrize("target", OWN)
def test_nothing_of_the_workspace_is_written_over(write, crm, workspace: Path, target: str) -> None:
    crm("create", "lead", "Ирина")
    (workspace / "link.csv").symlink_to("crm.json")
    write("leads.csv", BAD)
    crm("list", "leads")
    before = content(workspace)
    for call in (
        ("export", "leads", target, "-o", "json"),
        ("import", "leads", "leads.csv", "--rejects", target),
        ("import", "leads", "leads.csv", "--partial", "--rejects", target),
    ):
        assert crm(*call).code == 2
        assert content(workspace) == before


def test_rejects_take_the_place_of_no_input(write, crm, workspace: Path) -> None:
    name = write("leads.csv", BAD)
    (workspace / "link.csv").symlink_to(name)
    for target in (name, f"./{name}", "link.csv"):
        ran = crm("import", "leads", name, "--partial", "--rejects", target)
        assert ran.code == 2
        assert "would be lost" in ran.err
    assert (workspace / name).read_text() == BAD
    assert rows_of(crm) == {}


def test_a_rejects_file_may_be_replaced_by_what_is_left_of_it(write, crm, workspace: Path) -> None:
    name = write("leads.csv", BAD + "Пётр,worse\n")
    assert crm("import", "leads", name, "--rejects", "bad.csv").code == 1
    mended = (workspace / "bad.csv").read_text().replace('"bad"', '"oleg@example.com"')
    (workspace / "bad.csv").write_text(mended)
    assert crm("import", "leads", "bad.csv", "--rejects", "bad.csv").code == 1
    assert (workspace / "bad.csv").read_text() == mended
    assert crm("import", "leads", "bad.csv", "--partial", "--rejects", "bad.csv").code == 7
    assert "worse" in (workspace / "bad.csv").read_text()
    assert "Олег" not in (workspace / "bad.csv").read_text()


def test_rejects_do_not_go_to_standard_output(write, crm) -> None:
    assert crm("import", "leads", write("leads.csv", BAD), "--rejects", "-").code == 2


def test_an_id_that_a_rejected_row_names_goes_to_no_other_row(write, crm) -> None:
    name = write("leads.csv", "id,title,email\n,first,\nL-1,one,\nL-2,two,bad\n,new one,\n")
    assert crm("import", "leads", name, "--partial", "--rejects", "bad.csv").code == 7
    assert {key: row["title"] for key, row in rows_of(crm).items()} == {
        "L-1": "one",
        "L-3": "first",
        "L-4": "new one",
    }
    crm("create", "lead", "later")
    Path("bad.csv").write_text(Path("bad.csv").read_text().replace('"bad"', '"two@example.com"'))
    assert crm("import", "leads", "bad.csv").code == 0
    assert rows_of(crm)["L-2"]["title"] == "two"


def test_a_row_rejected_at_a_gate_keeps_its_id(write, crm) -> None:
    name = write("deals.csv", "id,title,pipeline,stage\nD-7,one,wholesale,lost\n,two,wholesale,\n")
    assert crm("import", "deals", name, "--partial").code == 7
    mended = write("more.csv", "id,title,pipeline,stage\nD-7,one,wholesale,\n")
    assert crm("import", "deals", mended).code == 0
    assert {key: row["title"] for key, row in rows_of(crm, "deals").items()} == {"D-7": "one", "D-8": "two"}


@pytest.mark.parametrize("target", ["deals.csv", "deals.json"])
def test_an_amount_keeps_its_currency_where_no_column_has_it(workspace: Path, crm, target: str) -> None:
    crm("create", "deal", "Партия", "--pipeline", "wholesale", "-s", "amount=10 EUR")
    assert crm("export", "deals", target, "--fields", "id,title,amount").code == 0
    assert "10.00 EUR" in Path(target).read_text()
    ran = crm("import", "deals", target, "-o", "json")
    assert json.loads(ran.out)["unchanged"] == 1


def test_a_bare_amount_is_in_the_currency_of_the_known_record(write, crm) -> None:
    crm("create", "deal", "Партия", "--pipeline", "wholesale", "-s", "amount=10 EUR")
    assert crm("import", "deals", write("deals.csv", "id,amount\nD-1,12\n")).code == 0
    deal = rows_of(crm, "deals")["D-1"]
    assert (deal["amount"], deal["currency"]) == ("12.00", "EUR")
    assert crm("import", "deals", write("deals.csv", "id,amount\nD-1,13 USD\n")).code == 0
    assert rows_of(crm, "deals")["D-1"]["currency"] == "USD"


def test_a_bare_amount_of_a_new_record_is_in_the_currency_set_for_all(write, crm) -> None:
    assert (
        crm("import", "leads", write("leads.csv", "title,amount\nИрина,12\n"), "-s", "currency=EUR").code == 0
    )
    assert rows_of(crm)["L-1"]["currency"] == "EUR"


def test_what_came_back_to_an_old_value_is_written_back(write, crm) -> None:
    for amount in ("100", "200", "100"):
        name = write("night.csv", f"external_id,title,amount\nX-1,Ирина,{amount}\n")
        assert crm("import", "leads", name, "--on-duplicate", "update").code == 0
    assert rows_of(crm)["L-1"]["amount"] == "100.00"
    again = crm("import", "leads", "night.csv", "--on-duplicate", "update", "-o", "json")
    assert json.loads(again.out)["unchanged"] == 1


def test_a_file_with_two_rows_of_one_record_changes_nothing_the_second_time(
    write, crm, workspace: Path
) -> None:
    name = write("leads.csv", "external_id,title,amount\nX-1,Ирина,100\nX-1,Ирина,200\n")
    crm("import", "leads", name, "--on-duplicate", "update")
    before = (workspace / "crm.json").read_bytes()
    assert (
        json.loads(crm("import", "leads", name, "--on-duplicate", "update", "-o", "json").out)["unchanged"]
        == 2
    )
    assert (workspace / "crm.json").read_bytes() == before


def test_a_row_whose_record_was_changed_by_id_since_makes_no_second_record(write, crm) -> None:
    name = write("leads.csv", "title\nИрина\n")
    crm("import", "leads", name)
    crm("import", "leads", write("edited.csv", "id,title\nL-1,Ира\n"))
    for mode in ("skip", "update", "fill", "create"):
        assert crm("import", "leads", name, "--on-duplicate", mode).code == 0
        assert list(rows_of(crm)) == ["L-1"]


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "a", "title": "b"}',
        '{"title": "a", "weight": NaN}',
        '{"title": "\\ud800"}',
        '{"title": ' + "[" * 100_000,
        '{"title": "a", "tags": ["a;b", "c"]}',
        '{"title": "a"',
    ],
)
def test_json_without_one_reading_creates_nothing(workspace: Path, crm, text: str) -> None:
    assert crm("create", "lead", "--from", "-", stdin=text).code == 2
    assert rows_of(crm) == {}


def test_json_handed_in_keeps_numbers_and_lists(workspace: Path, crm) -> None:
    text = '[{"title": "a", "amount": 1.5, "tags": ["b", "c"], "comment": null}]'
    assert crm("create", "lead", "--from", "-", stdin=text).code == 0
    lead = rows_of(crm)["L-1"]
    assert (lead["amount"], lead["tags"]) == ("1.50", ["b", "c"])


def test_an_element_of_a_list_is_not_taken_apart_and_rejects_its_row_alone(write, crm) -> None:
    name = write("leads.json", '[{"title":"a","tags":["a;b","c"]},\n{"title":"b","tags":["c"]}]')
    ran = crm("import", "leads", name)
    assert ran.code == 1
    assert 'line 1: tags "a;b; c": "a;b" has a ;' in ran.err
    assert crm("import", "leads", name, "--partial", "--rejects", "bad.csv").code == 7
    assert rows_of(crm)["L-1"]["tags"] == ["c"]
    Path("bad.csv").write_text(Path("bad.csv").read_text().replace("a;b", "a, b"))
    assert crm("import", "leads", "bad.csv").code == 0
    assert rows_of(crm)["L-2"]["tags"] == ["a, b", "c"]
    text = '{"title":"a","tags":["a;b"]}'
    assert '"tags": "a;b" has a ;' in crm("create", "lead", "--from", "-", stdin=text).err


def test_a_rejected_cell_is_told_with_its_column_and_value(write, crm) -> None:
    name = write("leads.csv", BAD)
    ran = crm("import", "leads", name, "--rejects", "bad.csv", "-o", "json")
    error = json.loads(ran.err)["error"]
    assert error["details"][0] == {
        "message": 'line 2: email "bad": not an e-mail address (write it like anna@example.com)',
        "file": name,
        "line": 2,
        "field": "email",
        "column": "email",
        "value": "bad",
    }
    assert 'email ""bad"": not an e-mail address' in Path("bad.csv").read_text()


def test_a_dry_run_as_json_has_what_each_row_would_become(write, crm) -> None:
    crm("create", "lead", "Ирина", "-s", "comment=старый")
    text = "id,title,comment,email\nL-1,Ирина,новый,\nL-1,Ирина,,\n,Олег,,\n,Пётр,,bad\n"
    plan = json.loads(crm("import", "leads", write("leads.csv", text), "--dry-run", "-o", "json").out)["plan"]
    assert [(row["line"], row["action"], row["id"]) for row in plan] == [
        (2, "update", "L-1"),
        (3, "unchanged", "L-1"),
        (4, "create", "L-2"),
        (5, "reject", None),
    ]
    assert plan[0]["changes"] == {"comment": ["старый", "новый"]}
    assert plan[2]["changes"]["title"] == [None, "Олег"]
    assert "bad" in plan[3]["reasons"][0]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--pipeline", "nosuch", 4),
        ("--stage", "nosuch", 2),
        ("--date-format", "bogus", 2),
        ("--max-rejects", "many", 2),
        ("--max-rejects", "5", 2),
    ],
)
def test_an_option_that_means_nothing_is_refused_also_where_every_row_is_known(
    write, crm, option: str, value: str, code: int
) -> None:
    name = write("leads.csv", "title\nИрина\n")
    crm("import", "leads", name)
    assert crm("import", "leads", name, option, value).code == code


def test_an_unknown_owner_is_refused_also_where_every_row_is_known(write, crm, workspace: Path) -> None:
    file = workspace / "crmctl.yaml"
    file.write_text(f"{file.read_text()}\nusers:\n  - {{id: anna, name: Анна}}\n")
    name = write("leads.csv", "title\nИрина\n")
    crm("import", "leads", name)
    assert crm("import", "leads", name, "--owner", "nobody").code == 2


def test_records_without_stages_take_none(write, crm) -> None:
    name = write("contacts.csv", "last_name,contact_type\nКоваль,client\n")
    assert crm("import", "contacts", name, "--stage", "new").code == 2


def test_an_export_may_have_tabs(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    assert crm("export", "leads", "-", "--fields", "id,title", "--delimiter", "tab").out.startswith(
        "id\ttitle\n"
    )


def test_many_whole_numbers_are_numbers_in_json_and_come_back(workspace: Path, crm) -> None:
    file = workspace / "crmctl.yaml"
    own = "fields:\n  lead:\n    sizes: {type: integer, title: Sizes, multiple: true}\n"
    file.write_text(file.read_text().replace("fields:\n", own, 1))
    crm("create", "lead", "Ирина", "-s", "sizes=1", "-s", "sizes=3")
    assert rows_of(crm)["L-1"]["sizes"] == [1, 3]
    crm("export", "leads", "leads.json", "--fields", "id,sizes")
    assert '"sizes":[1,3]' in Path("leads.json").read_text()
    assert json.loads(crm("import", "leads", "leads.json", "-o", "json").out)["unchanged"] == 1


def test_records_dated_in_the_future_are_told_of(write, crm) -> None:
    text = "title,created_at\nA,2099-01-01\nB,2026-01-01\nC,2098-01-01\n"
    ran = crm("import", "leads", write("late.csv", text), "--now", "2026-11-20")
    assert ran.code == 0
    assert "note: 2 records are dated in the future" in ran.err
    assert len(rows_of(crm, "leads")) == 3


def test_rows_that_are_to_be_created_regardless_leave_the_records_they_name_alone(
    write, crm, workspace: Path
) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    name = write("deals.csv", "id,revision,title,pipeline\nD-1,9,ZZ,wholesale\nD-7,4,Far,wholesale\n")
    ran = crm("import", "deals", name, "--on-duplicate", "create", "-o", "json")
    assert (json.loads(ran.out)["created"], json.loads(ran.out)["updated"]) == (2, 0)
    found = rows_of(crm, "deals")
    assert {key: (row["title"], row["revision"]) for key, row in found.items()} == {
        "D-1": ("Acme", 1),
        "D-7": ("Far", 4),
        "D-8": ("ZZ", 1),
    }
    before = (workspace / "crm.json").read_bytes()
    again = crm("import", "deals", name, "--on-duplicate", "create", "-o", "json")
    assert json.loads(again.out)["unchanged"] == 2
    assert (workspace / "crm.json").read_bytes() == before


def test_a_removed_record_lends_its_id_to_no_row(write, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("delete", "L-1", "--yes")
    ran = crm("import", "leads", write("leads.csv", "id,title\nL-1,Олег\n"), "--on-duplicate", "create")
    assert ran.code == 1
    assert "L-1 is in the trash" in ran.err


def test_an_export_of_nothing_is_imported_as_nothing(workspace: Path, crm) -> None:
    assert crm("export", "leads", "none.jsonl").code == 0
    ran = crm("import", "leads", "none.jsonl")
    assert (ran.code, ran.err) == (0, "nothing to do: 0 rows\n")
    assert crm("import", "leads", "-", "--format", "jsonl", stdin="").code == 0
    assert crm("import", "leads", "-", "--format", "json", stdin="").code == 1


def test_a_dry_run_shows_times_as_every_other_output_does(write, crm) -> None:
    name = write("leads.csv", "title,created_at\nИрина,2026-07-01T12:00:00\n")
    plan = json.loads(crm("import", "leads", name, "--dry-run", "-o", "json").out)["plan"]
    assert plan[0]["changes"]["created_at"] == [None, "2026-07-01T12:00:00+03:00"]


def test_a_bound_on_rejects_needs_rows_to_be_left_out(write, crm) -> None:
    ran = crm("import", "leads", write("leads.csv", "title\nИрина\n"), "--max-rejects", "5%")
    assert (ran.code, "hint: --partial --max-rejects 5%" in ran.err) == (2, True)


def test_a_rejected_row_does_not_hold_its_unique_values(write, crm, workspace: Path) -> None:
    file = workspace / "crmctl.yaml"
    own = "  lead:\n    code: {type: text, unique: true}\n    tag: {type: text, unique: true}\n"
    file.write_text(file.read_text().replace("fields:\n", f"fields:\n{own}", 1))
    name = write("leads.csv", "title,code,tag\nА,1,x\nБ,2,x\nВ,2,y\n")
    assert crm("import", "leads", name, "--partial").code == 7
    assert [row["title"] for row in rows_of(crm).values()] == ["А", "В"]


def test_a_unique_value_that_one_row_gives_up_a_later_one_takes(write, crm, workspace: Path) -> None:
    file = workspace / "crmctl.yaml"
    own = "  lead:\n    code: {type: text, unique: true}\n"
    file.write_text(file.read_text().replace("fields:\n", f"fields:\n{own}", 1))
    for code in ("a", "z"):
        crm("create", "lead", code, "-s", f"code={code}")
    assert crm("import", "leads", write("leads.csv", "id,code\nL-1,b\nL-2,a\n")).code == 0
    assert [row["code"] for row in rows_of(crm).values()] == ["b", "a"]

"""`merge`: records that are one become one, with all that refers to them, and undo takes that back whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CLIENT = ("-s", "contact_type=client")


@pytest.fixture
def two(workspace: Path, crm) -> None:
    """C-1 and C-2, who are one: C-2 has a company, a deal, a task and a note."""
    crm(
        "create",
        "contact",
        "-s",
        "first_name=Иван",
        "-s",
        "last_name=Петров",
        "-s",
        "phone=0501234567",
        *CLIENT,
    )
    crm(
        *(
            "create",
            "contact",
            "--allow-duplicate",
            *CLIENT,
            "-s",
            "first_name=Иван",
            "-s",
            "last_name=ПЕТРОВ",
        ),
        *("-s", "phone=0671234567", "-s", "email=i@b.example", "-s", "position=Директор", "-s", "tags=vip"),
        *("-s", "external_id=old-2"),
    )
    crm("create", "company", "Ромашка")
    crm("link", "C-2", "O-1")
    crm("create", "deal", "Сделка", "--pipeline", "retail", "-s", "contact=C-2")
    crm("create", "task", "Позвонить", "--for", "C-2")
    crm("note", "C-2", "любит чай")


def shown(crm, record: str, *more: str) -> dict[str, Any]:
    return json.loads(crm("show", record, *more, "-o", "json").out)


def state(workspace: Path) -> dict[str, Any]:
    """Return all records of the store, upkeep left out: what an undo has to bring back."""
    tables = json.loads((workspace / "crm.json").read_text("utf-8"))
    upkeep = {"revision", "updated_at", "updated_by"}
    return {
        name: {key: {k: v for k, v in line.items() if k not in upkeep} for key, line in tables[name].items()}
        for name in ("contacts", "companies", "deals", "tasks", "leads", "trash")
    }


def test_the_winner_lacks_nothing_any_more_that_the_other_had(two: None, crm) -> None:
    ran = crm("merge", "C-1", "C-2", "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert "crmctl undo R-1" in ran.err
    contact = shown(crm, "C-1")
    assert contact["phone"] == ["+380501234567", "+380671234567"]
    assert contact["phone_typed"] == ["0501234567", "0671234567"]
    assert (contact["email"], contact["tags"], contact["companies"]) == (["i@b.example"], ["vip"], ["O-1"])
    assert (contact["position"], contact["last_name"]) == ("Директор", "Петров")
    assert contact["merged_from"] == ["C-2"]


def test_what_referred_to_the_other_refers_to_the_winner(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    assert shown(crm, "D-1")["contact"] == "C-1"
    assert shown(crm, "T-1")["for"] == ["C-1"]
    assert shown(crm, "O-1", "--with", "related")["related"][0]["id"] == "C-1"
    assert crm("db", "check").code == 0
    assert "data-reference" not in crm("validate", "--data").out


def test_what_was_said_of_the_other_is_found_with_the_winner(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    assert shown(crm, "C-1")["note_count"] == 1
    history = shown(crm, "C-1", "--with", "history")["history"]
    assert [each["note"] for each in history if each["op"] == "note"] == ["любит чай"]
    card = crm("show", "C-1", "--with", "history").out
    assert "любит чай" in card
    assert "(came with C-2)" in card
    assert "C-2  Иван ПЕТРОВ  (merged_from)" in card
    assert {each["id"] for each in json.loads(crm("log", "C-1", "-o", "json").out)} == {"C-1", "C-2"}
    assert "C-1" in crm("search", "чай").out


@pytest.mark.parametrize(
    "call",
    [
        ("show", "C-2"),
        ("update", "C-2", "-s", "position=x"),
        ("note", "C-2", "x"),
        ("delete", "C-2", "--yes"),
    ],
)
def test_who_looks_for_the_other_is_told_where_it_went(two: None, crm, call: tuple[str, ...]) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    refused = crm(*call)
    assert refused.code == 4
    assert "C-2 was merged into C-1" in refused.err
    assert "crmctl show C-1" in refused.err


def test_a_record_does_not_come_to_refer_to_the_other_again(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    refused = crm("update", "D-1", "-s", "contact=C-2")
    assert refused.code == 4
    assert "C-2 was merged into C-1" in refused.err


def test_undo_takes_a_merge_back_whole_and_its_undo_does_it_again(two: None, crm, workspace: Path) -> None:
    before = state(workspace)
    crm("merge", "C-1", "C-2", "--yes")
    merged = state(workspace)
    assert crm("undo", "R-1", "--yes").code == 0
    assert state(workspace) == before
    assert crm("undo", "9", "--yes").code == 0
    assert state(workspace) == merged
    assert "merged into C-1" in crm("show", "C-2").err
    assert crm("undo", "10", "--yes").code == 0
    assert state(workspace) == before
    assert crm("db", "check").code == 0


def test_undo_keeps_a_merge_whose_winner_changed_since_whole(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    crm("update", "C-1", "-s", "position=Владелец")
    ran = crm("undo", "R-1", "--yes", "-o", "json")
    undone = json.loads(ran.out)
    assert (ran.code, undone["reversed"], undone["changed_since"]) == (1, [], ["C-1"])
    assert {"C-1", "C-2", "D-1"} <= set(undone["kept"])
    assert shown(crm, "D-1")["contact"] == "C-1"


def test_undo_leaves_a_link_that_was_changed_since(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    crm("create", "contact", "Олег", *CLIENT)
    crm("update", "D-1", "-s", "contact=C-3")
    ran = crm("undo", "R-1", "--yes", "-o", "json")
    assert (ran.code, json.loads(ran.out)["kept"]) == (7, ["D-1"])
    assert (shown(crm, "D-1")["contact"], shown(crm, "T-1")["for"]) == ("C-3", ["C-2"])


def test_a_merge_is_undone_although_what_the_other_named_is_gone_since(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    crm("delete", "O-1", "--yes")
    assert crm("undo", "R-1", "--yes").code == 0
    assert shown(crm, "C-2")["companies"] == ["O-1"]


def test_of_two_merges_in_a_row_the_later_is_undone_first(two: None, crm) -> None:
    crm("create", "contact", "Пётр", *CLIENT)
    crm("merge", "C-1", "C-2", "--yes")
    crm("merge", "C-3", "C-1", "--yes")
    assert "C-2 was merged into C-3" in crm("show", "C-2").err
    assert shown(crm, "C-3")["merged_from"] == ["C-1", "C-2"]
    assert shown(crm, "D-1")["contact"] == "C-3"
    early = crm("undo", "R-1", "--yes")
    assert early.code == 1
    assert "merged into C-3" in early.err
    assert crm("undo", "R-2", "--yes").code == 0
    assert crm("undo", "R-1", "--yes").code == 0
    assert shown(crm, "D-1")["contact"] == "C-2"


def test_a_merge_asks_and_without_a_terminal_needs_a_yes(two: None, crm) -> None:
    refused = crm("merge", "C-1", "C-2")
    assert (refused.code, "merge C-2 into C-1" in refused.err) == (2, True)
    assert crm("show", "C-2").code == 0


def test_a_person_sees_where_they_differ_before_they_agree(two: None, crm, terminal) -> None:
    child = terminal("merge", "C-1", "C-2")
    child.expect("Field")
    child.expect("Директор")
    child.expect("merge C-2 into C-1")
    assert max(len(line) for line in child.before.splitlines()) <= 80
    child.sendline("n")
    child.expect("nothing was changed")
    assert crm("show", "C-2").code == 0


def test_a_dry_run_tells_all_of_it_and_changes_nothing(two: None, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    ran = crm("merge", "C-1", "C-2", "-n")
    assert ran.code == 0
    assert '- merge C-2 "Иван ПЕТРОВ" into C-1' in ran.out
    assert "~ position: (empty) -> Директор" in ran.out
    assert "~ contact: C-2 -> C-1" in ran.out
    assert (workspace / "crm.json").read_bytes() == before


def test_a_conflict_is_told_and_decided_by_set(two: None, crm) -> None:
    crm("update", "C-1", "-s", "position=Менеджер")
    told = crm("merge", "C-1", "C-2", "-n").err
    assert "position Директор stays with C-2 in the trash, C-1 keeps Менеджер" in told
    assert crm("merge", "C-1", "C-2", "--yes", "-s", "position=Владелец", "-s", "tags+=new").code == 0
    contact = shown(crm, "C-1")
    assert (contact["position"], contact["tags"]) == ("Владелец", ["vip", "new"])


def test_another_record_stays_where_it_is_named(two: None, crm) -> None:
    assert crm("merge", "C-1", "C-2", "--into", "C-2", "--yes").code == 0
    assert shown(crm, "C-2")["merged_from"] == ["C-1"]
    assert crm("show", "C-1").code == 4


def test_json_says_what_was_taken_and_what_was_left(two: None, crm) -> None:
    crm("update", "C-1", "-s", "position=Менеджер")
    told = json.loads(crm("merge", "C-1", "C-2", "--yes", "-o", "json").out)
    (group,) = told["merged"]
    assert (told["run"], group["winner"], group["losers"]) == ("R-1", "C-1", ["C-2"])
    assert group["filled"] == {"external_id": "C-2"}
    assert set(group["united"]) == {"phone", "email", "tags", "companies"}
    assert group["left"] == [{"field": "position", "record": "C-2", "value": "Директор"}]
    assert group["links"] == ["D-1", "T-1"]


@pytest.mark.parametrize(
    ("call", "code", "told"),
    [
        (("C-1",), 2, "merge what"),
        (("C-1", "C-1"), 2, "cannot be merged with itself"),
        (("C-1", "c-1", "C-2"), 2, "cannot be merged with itself"),
        (("C-1", "O-1"), 2, "only records of one type"),
        (("T-1", "T-1"), 2, "itself"),
        (("C-1", "C-9"), 4, "contact C-9 does not exist"),
        (("C-1", "x"), 2, '"x" is not an id'),
        (("C-1", "C-2", "-s", "positon=x"), 2, "positon"),
        (("C-1", "C-2", "--plan", "x.yaml"), 2, "--plan"),
        ((), 2, "merge what"),
    ],
)
def test_what_cannot_be_merged_is_refused(
    two: None, crm, call: tuple[str, ...], code: int, told: str
) -> None:
    refused = crm("merge", *call, "--yes")
    assert (refused.code, told in refused.err) == (code, True), refused.err


def test_a_dry_run_refuses_as_the_merge_would(two: None, crm) -> None:
    for call in (("C-1", "C-9"), ("C-1", "O-1")):
        assert crm("merge", *call, "-n").code == crm("merge", *call, "--yes").code


def test_who_stays_is_told_in_other_formats(two: None, crm) -> None:
    assert crm("merge", "C-1", "C-2", "--yes", "-o", "ids").out == "C-1\n"
    crm("undo", "--yes")
    assert "Директор" in crm("merge", "C-1", "C-2", "--yes", "-o", "csv").out


def test_tasks_are_not_merged(two: None, crm) -> None:
    crm("create", "task", "Ещё", "--for", "C-2")
    assert crm("merge", "T-1", "T-2", "--yes").code == 2


def test_the_oldest_date_and_a_refusal_to_be_contacted_hold(workspace: Path, crm) -> None:
    crm("create", "contact", "Олег", *CLIENT, "-s", "do_not_contact=false")
    crm(
        "create",
        "contact",
        "Олег",
        *CLIENT,
        "-s",
        "do_not_contact=true",
        "--now",
        "2020-01-01",
        "--user",
        "oleg",
    )
    crm("merge", "C-1", "C-2", "--yes")
    contact = shown(crm, "C-1")
    assert contact["do_not_contact"] is True
    assert (contact["created_at"][:10], contact["created_by"]) == ("2020-01-01", "oleg")


def test_the_winner_must_hold_what_its_type_requires(workspace: Path, crm) -> None:
    path = workspace / "crmctl.yaml"
    crm("create", "contact", "Олег", *CLIENT)
    crm("create", "contact", "Олег", *CLIENT)
    text = path.read_text("utf-8")
    path.write_text(text.replace("contact: [contact_type]", "contact: [contact_type, address]"), "utf-8")
    refused = crm("merge", "C-1", "C-2", "--yes")
    assert refused.code == 1
    assert "address" in refused.err
    assert "hint: crmctl merge C-1 C-2 --yes -s address=" in refused.err
    assert crm("merge", "C-1", "C-2", "--yes", "-s", "address=Киев").code == 0


def test_a_person_is_asked_for_what_the_winner_lacks(workspace: Path, crm, terminal) -> None:
    path = workspace / "crmctl.yaml"
    for _ in range(2):
        crm("create", "contact", "Олег", *CLIENT)
    text = path.read_text("utf-8")
    path.write_text(text.replace("contact: [contact_type]", "contact: [contact_type, address]"), "utf-8")
    child = terminal("merge", "C-1", "C-2")
    child.expect("merge C-2 into C-1")
    child.sendline("y")
    child.expect("address")
    child.sendline("Киев")
    child.expect("1 record merged into 1")
    assert shown(crm, "C-1")["address"] == "Киев"


def test_a_unique_value_goes_over_to_the_winner_and_back(workspace: Path, crm) -> None:
    path = workspace / "crmctl.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(
            "  contact:\n    city:", "  contact:\n    inn: {type: text, unique: true}\n    city:", 1
        ),
        "utf-8",
    )
    assert "inn" in path.read_text("utf-8")
    crm("create", "contact", "Олег", *CLIENT)
    crm("create", "contact", "Олег", *CLIENT, "-s", "inn=77")
    crm("merge", "C-1", "C-2", "--yes")
    assert shown(crm, "C-1")["inn"] == "77"
    assert crm("undo", "R-1", "--yes").code == 0
    assert ("inn" in shown(crm, "C-1"), shown(crm, "C-2")["inn"]) == (False, "77")
    assert crm("undo", "4", "--yes").code == 0
    assert shown(crm, "C-1")["inn"] == "77"


def test_deals_keep_the_winners_stage_unless_a_stage_is_named(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "deal", "Сделка", "--pipeline", "wholesale")
    crm("move", "D-2", "visit", "-s", "visit_date=2026-10-01")
    told = crm("merge", "D-1", "D-2", "-n")
    assert "stage visit stays with D-2" in told.err
    moved = crm("merge", "D-1", "D-2", "--yes", "-s", "stage=visit")
    assert moved.code == 0, moved.err
    assert (shown(crm, "D-1")["stage"], shown(crm, "D-1")["visit_date"]) == ("visit", "2026-10-01")
    crm("undo", "R-1", "--yes")
    refused = crm("merge", "D-1", "D-2", "--yes", "-s", "stage=order")
    assert refused.code == 1
    assert "hint: crmctl merge D-1 D-2 --yes -s stage=order -s amount=" in refused.err
    assert shown(crm, "D-1")["stage"] == "new"


def test_a_merged_deal_is_counted_once_and_before_the_merge_twice(workspace: Path, crm) -> None:
    for amount in ("100", "100"):
        crm(
            "create",
            "deal",
            "Сделка",
            "--pipeline",
            "retail",
            "-s",
            f"amount={amount}",
            "--now",
            "2026-01-10",
        )
    crm("merge", "D-1", "D-2", "--yes", "--now", "2026-02-10")

    def count(*more: str) -> int:
        return sum(
            row["count"] for row in json.loads(crm("funnel", "retail", "-o", "json", *more).out)["rows"]
        )

    now = ("--now", "2026-03-01")
    assert count(*now) == 1
    assert count(*now, "--as-of", "2026-01-20") == 2
    assert len(json.loads(crm("list", "deals", "-o", "json", *now, "--as-of", "2026-01-20").out)) == 2
    assert len(json.loads(crm("list", "deals", "-o", "json", *now, "--as-of", "2026-02-20").out)) == 1


def test_lines_of_a_deal_lead_to_the_product_that_stays(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "product", "Чай", "-s", "price=10")
    crm("create", "deal", "Сделка", "--pipeline", "retail")
    crm("item", "add", "D-1", "P-1", "--quantity", "1")
    crm("item", "add", "D-1", "P-2", "--quantity", "2")
    assert crm("merge", "P-1", "P-2", "--yes").code == 0
    deal = json.loads((workspace / "crm.json").read_text("utf-8"))["deals"]["1"]
    assert (deal["items"], deal["amount"]) == (["P-1 3 x 10.00 UAH"], "30.00")


def test_a_deal_is_not_its_own_former_deal(workspace: Path, crm) -> None:
    for _ in range(3):
        crm("create", "deal", "Сделка", "--pipeline", "retail")
    crm("link", "D-2", "D-1")
    crm("link", "D-3", "D-2")
    crm("merge", "D-1", "D-2", "--yes")
    assert "previous_deal" not in shown(crm, "D-1")
    assert shown(crm, "D-3")["previous_deal"] == "D-1"


@pytest.fixture
def leads(workspace: Path, crm) -> None:
    """L-1, which became C-1, and L-2, still open."""
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    crm("create", "lead", "Ирина", "-s", "phone=0501234567", "-s", "comment=ещё раз", "--allow-duplicate")
    crm("convert", "L-1", "--to", "contact", "-s", "contact.contact_type=client", "-s", "source=call")
    crm("create", "task", "Позвонить", "--for", "L-2")


def test_a_converted_lead_is_the_one_that_stays(leads: None, crm) -> None:
    refused = crm("merge", "L-2", "L-1", "--yes")
    assert (refused.code, "--into L-1" in refused.err) == (1, True)
    assert crm("merge", "L-2", "L-1", "--into", "L-1", "--yes").code == 0
    assert shown(crm, "L-1")["comment"] == "ещё раз"
    assert shown(crm, "L-1")["converted_to"] == ["C-1"]
    assert shown(crm, "C-1")["origin_lead"] == "L-1"


def test_two_converted_leads_are_merged_by_what_they_became(leads: None, crm) -> None:
    crm("convert", "L-2", "--to", "contact", "-s", "contact.contact_type=client", "-s", "source=call")
    refused = crm("merge", "L-1", "L-2", "--yes")
    assert (refused.code, "both converted" in refused.err) == (1, True)


def test_what_came_of_a_lead_says_that_it_came_of_the_winner(leads: None, crm, workspace: Path) -> None:
    crm("create", "lead", "Олег", "-s", "phone=0671234567")
    crm("merge", "L-1", "L-3", "--yes")
    crm("create", "contact", "Пётр", *CLIENT)
    crm("merge", "C-2", "C-1", "--yes")
    assert shown(crm, "L-1")["converted_to"] == ["C-2"]
    assert shown(crm, "C-2")["origin_lead"] == "L-1"


def rows(workspace: Path, *lines: str) -> str:
    (workspace / "in.csv").write_text(
        "\n".join(("external_id,first_name,last_name,email,contact_type", *lines)) + "\n", "utf-8"
    )
    return "in.csv"


def test_the_import_that_made_the_duplicates_does_not_make_them_again(workspace: Path, crm) -> None:
    file = rows(workspace, "a1,Олег,Бойко,o@x.example,client", "a2,Олег,Бойко,o2@x.example,client")
    crm("import", "contacts", file)
    crm("merge", "C-1", "C-2", "--yes")
    for mode in ("skip", "update", "fill", "error"):
        again = json.loads(crm("import", "contacts", file, "--on-duplicate", mode, "-o", "json").out)
        assert (again["created"], again["unchanged"]) == (0, 2)
    file = rows(workspace, "a1,Олег,Бойко,o@x.example,client", "a2,Олег,Бойко,o3@x.example,client")
    changed = json.loads(crm("import", "contacts", file, "--on-duplicate", "update", "-o", "json").out)
    assert (changed["created"], changed["updated"]) == (0, 1)
    assert shown(crm, "C-1")["email"] == ["o@x.example", "o2@x.example", "o3@x.example"]


@pytest.mark.parametrize("named", ["old-2", "Иван ПЕТРОВ"])
def test_a_row_that_refers_to_the_other_by_its_names_means_the_winner(
    two: None, crm, workspace: Path, named: str
) -> None:
    crm("update", "C-1", "-s", "external_id=old-1", "-s", "last_name=Петровский")
    crm("merge", "C-1", "C-2", "--yes")
    (workspace / "in.csv").write_text(f"title,contact\nНовая,{named}\n", "utf-8")
    ran = crm("import", "deals", "in.csv", "--pipeline", "retail")
    assert ran.code == 0, ran.err
    assert shown(crm, "D-2")["contact"] == "C-1"


def test_a_row_that_names_the_other_by_its_id_is_rejected_naming_the_winner(
    two: None, crm, workspace: Path
) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    (workspace / "in.csv").write_text("id,position\nC-2,x\n", "utf-8")
    assert "C-2 was merged into C-1" in crm("import", "contacts", "in.csv").err


def test_a_message_reaches_the_winner(two: None, crm, workspace: Path) -> None:
    line = {"channel": "telegram", "from": {"id": "77", "name": "Иван", "phone": "0671234567"}, "text": "раз"}
    (workspace / "in.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    crm("inbox", "in.jsonl")
    crm("merge", "C-1", "C-2", "--yes")
    second = {**line, "from": {"id": "77"}, "text": "два"}
    (workspace / "in.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(second) + "\n", "utf-8")
    told = json.loads(crm("inbox", "in.jsonl", "-o", "json").out)
    assert (told["created"], shown(crm, "C-1")["message_count"]) == (0, 2)


def test_restore_brings_the_other_back_alone_and_says_so(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    ran = crm("restore", "C-2")
    assert (ran.code, "was merged into C-1" in ran.err) == (0, True)
    assert "merged_into" not in shown(crm, "C-2")
    assert len(json.loads(crm("log", "C-1", "-o", "json").out)) == 2


def test_a_round_trip_keeps_what_came_with_a_record(two: None, crm, workspace: Path, tmp_path: Path) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    crm("export", "contacts", "out.csv")
    assert "merged_from" in (workspace / "out.csv").read_text("utf-8").splitlines()[0]
    again = json.loads(crm("import", "contacts", "out.csv", "-o", "json").out)
    assert again["unchanged"] == 1


def test_a_hook_is_asked_before_a_merge(two: None, crm, trusting: Callable[[str, str], Path]) -> None:
    trusting("before-change", 'grep -q \'"operation":"merge"\' && { echo "no merging" >&2; exit 1; }; exit 0')
    refused = crm("merge", "C-1", "C-2", "--yes")
    assert (refused.code, "no merging" in refused.err) == (1, True)
    assert crm("show", "C-2").code == 0


def test_the_history_of_the_other_has_where_it_went_in_a_key_of_its_own(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    (last,) = (each for each in json.loads(crm("log", "C-2", "-o", "json").out) if each["op"] == "merge")
    assert (last["into"], "note" in last) == ("C-1", False)
    assert "merge" in crm("log", "C-2").out
    assert "into C-1" in crm("log", "C-2").out

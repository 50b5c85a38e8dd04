"""Letters that stages ask for: they wait in the outbox until somebody sends them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

SHIP = ("-s", "waybill=20450123456789")
RETAIL = "pipelines/retail.yaml"
TASK = "on_enter: [{task: track_parcel, due: +2d}]"


@pytest.fixture
def deal(workspace: Path, crm, edit) -> str:
    """D-1 of a contact with an address, in a pipeline that writes a letter when it ships."""
    edit(RETAIL, TASK, "on_enter: [{mail: templates/parcel.txt}]")
    crm(
        "create",
        "contact",
        "-s",
        "first_name=Ирина",
        "-s",
        "email=ira@example.com",
        "-s",
        "contact_type=client",
    )
    crm("create", "deal", "Чай", "--pipeline", "retail", "-s", "contact=C-1", "-s", "payment_details=card")
    return "D-1"


def waiting(crm) -> list[str]:
    return [each["record"] for each in json.loads(crm("mail", "--outbox", "-o", "json").out)]


def test_a_stage_writes_to_the_outbox_and_tells(deal: str, crm) -> None:
    ran = crm("move", deal, "shipping", *SHIP)
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "note: 1 letter in the outbox: crmctl mail --outbox"
    assert "templates/parcel.txt" in crm("mail", "--outbox").out
    assert "outbox: 1 letter: crmctl mail --outbox\n" in crm("status").out
    assert json.loads(crm("status", "-o", "json").out)["letters_waiting"] == 1


def test_what_waits_is_written_when_it_goes_out(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    crm("update", deal, "-s", "waybill=20450123456780")
    ran = crm("mail", "--outbox", "--out", "letters.mbox")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "R-1: 1 letter written to letters.mbox")
    assert "ira@example.com" in Path("letters.mbox").read_text("utf-8")
    assert waiting(crm) == []
    assert "letter_count" in crm("show", deal, "-o", "json").out
    assert crm("mail", "--outbox", "--out", "more.mbox").err.splitlines()[-1] == "no letters"


def test_undo_takes_back_a_letter_that_waits_and_undoing_that_brings_it_back(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    crm("undo")
    assert waiting(crm) == []
    crm("undo", crm("log").out.split()[0].lstrip("#"), "--yes")
    assert waiting(crm) == [deal]


def test_undo_of_letters_that_were_only_written_lets_them_wait_again(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    crm("mail", "--outbox", "--out", "letters")
    crm("undo", "--yes")
    assert waiting(crm) == [deal]
    crm("undo", crm("log").out.split()[0].lstrip("#"), "--yes")
    assert waiting(crm) == []


def test_what_waits_is_sent_once_and_cannot_be_taken_back(deal: str, crm, office: Any) -> None:
    crm("move", deal, "shipping", *SHIP)
    move = crm("log").out.split()[0].lstrip("#")
    assert crm("mail", "--outbox", "--send").err == "R-1: 1 letter sent\n"
    assert crm("mail", "--outbox", "--send").err == "no letters\n"
    assert office.letters == ["ira@example.com"]
    crm("undo", move, "--yes")
    assert "which cannot be taken back" in crm("undo", "R-1", "--yes").err
    assert waiting(crm) == []


def test_a_letter_that_the_server_does_not_take_waits_on(deal: str, crm, office: Any) -> None:
    crm("move", deal, "shipping", *SHIP)
    office.refused = {"ira@example.com": "550 no such user"}
    ran = crm("mail", "--outbox", "--send")
    assert (ran.code, "550 no such user" in ran.err) == (1, True)
    office.refused, office.cut = {}, 1
    assert crm("mail", "--outbox", "--send").code == 1
    assert waiting(crm) == [deal]
    assert crm("mail", "--outbox", "--send").code == 0
    assert office.letters == ["ira@example.com"]


def test_a_letter_that_a_killed_process_sent_is_not_sent_again(deal: str, crm, office: Any) -> None:
    crm("move", deal, "shipping", *SHIP)
    before = Path("crm.json").read_bytes()
    crm("mail", "--outbox", "--send")
    (entry,) = json.loads(crm("log", deal, "--operation", "mail", "-o", "json").out)
    # As it is after a kill between the server's answer and the commit.
    Path("crm.json").write_bytes(before)
    line = {"key": entry["key"], "record": deal, "told": entry["note"], "at": "2026-11-21T08:00:00+00:00"}
    database = sha256(str(Path("crm.json").resolve()).encode()).hexdigest()[:8]
    journal = Path(".crmctl/mail") / f"outbox-{database}.jsonl"
    journal.write_text(json.dumps(line) + "\n" + json.dumps(line | {"done": "sent"}) + "\n")
    assert waiting(crm) == [deal]
    crm("mail", "--outbox", "--send")
    assert (office.letters, waiting(crm)) == (["ira@example.com"], [])
    assert len(json.loads(crm("log", deal, "--operation", "mail", "-o", "json").out)) == 1


def test_a_letter_is_dropped_by_the_record_that_it_is_about(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    assert crm("mail", "--outbox", "--drop", deal, "-n").code == 0
    assert waiting(crm) == [deal]
    ran = crm("mail", "--outbox", "--drop", deal)
    assert (ran.code, ran.err) == (0, "R-1: 1 letter dropped\n")
    assert waiting(crm) == []
    assert "letter templates/parcel.txt dropped, not sent" in crm("show", deal, "--with", "history").out
    assert crm("mail", "--outbox", "--drop", deal).code == 4
    crm("undo", "R-1", "--yes")
    assert waiting(crm) == [deal]


def test_a_letter_is_dropped_though_others_change_its_record_meanwhile(
    deal: str, crm, trusting, outer: str
) -> None:
    crm("move", deal, "shipping", *SHIP)
    meanwhile = f"touch $OUT/once; {outer} -C $OUT --no-hooks -q update {deal} -s comment=x"
    trusting("before-change", f"[ -e $OUT/once ] || {{ {meanwhile}; }}")
    ran = crm("mail", "--outbox", "--drop", deal)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "R-1: 1 letter dropped")
    assert waiting(crm) == []
    assert crm("list", "deals", "--where", "comment = x", "--count").out == "1\n"


def test_a_stage_that_is_entered_twice_before_the_letter_goes_out_makes_one(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    crm("move", deal, "awaiting_payment")
    crm("move", deal, "shipping")
    assert waiting(crm) == [deal]
    crm("mail", "--outbox", "--out", "letters")
    assert waiting(crm) == []
    assert [each.name for each in Path("letters").iterdir()] == ["D-1.eml"]


def test_a_dry_run_and_a_refused_move_write_no_letter(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP, "-n")
    assert crm("move", deal, "shipping").code == 1
    assert waiting(crm) == []


def test_a_letter_that_cannot_be_written_waits_and_holds_back_no_other(deal: str, crm, edit) -> None:
    crm("create", "deal", "Кофе", "--pipeline", "retail", "-s", "payment_details=card")
    crm("create", "deal", "Мёд", "--pipeline", "retail", "-s", "contact=C-1", "-s", "payment_details=card")
    crm("create", "deal", "Сыр", "--pipeline", "retail", "-s", "contact=C-1", "-s", "payment_details=card")
    for each in ("D-1", "D-2", "D-3", "D-4"):
        crm("move", each, "shipping", *SHIP)
    edit("templates/parcel.txt", "{{ workspace.name }}", "{{ nope if deal.id == 'D-3' }}")
    ran = crm("mail", "--outbox", "--out", "letters")
    assert ran.code == 7
    assert 'note: D-2 "Кофе" gets no letter: no contact and no company' in ran.err
    assert 'warning: D-3 "Мёд": not to be written: ' in ran.err
    assert sorted(each.name for each in Path("letters").iterdir()) == ["D-1.eml", "D-4.eml"]
    assert waiting(crm) == ["D-2", "D-3"]


def test_the_counts_add_up_whatever_becomes_of_letters(deal: str, crm, edit) -> None:
    def counted(*argv: str) -> dict[str, int]:
        found = json.loads(crm("mail", "--outbox", *argv, "-o", "json").out)
        letters = found.pop("letters")
        counts = {name: count for name, count in found.items() if count and name != "run"}
        assert sum(counts.values()) == len(letters)
        return counts

    crm("create", "deal", "Кофе", "--pipeline", "retail", "-s", "payment_details=card")
    crm("create", "deal", "Мёд", "--pipeline", "retail", "-s", "contact=C-1", "-s", "payment_details=card")
    for each in ("D-1", "D-2", "D-3"):
        crm("move", each, "shipping", *SHIP)
    edit("templates/parcel.txt", "{{ workspace.name }}", "{{ nope if deal.id == 'D-3' }}")
    assert counted("-n") == {"to_send": 1, "unwritten": 1, "skipped": 1}
    assert counted("--drop", "D-3") == {"dropped": 1}
    assert counted("--out", "letters") == {"written": 1, "skipped": 1}


def test_the_letter_of_a_deleted_record_waits_for_it_to_come_back(deal: str, crm) -> None:
    crm("move", deal, "shipping", *SHIP)
    crm("delete", deal, "--yes")
    assert waiting(crm) == []
    assert crm("mail", "--outbox", "--out", "letters").err.splitlines()[-1] == "no letters"
    crm("restore", deal)
    assert waiting(crm) == [deal]


def test_imported_records_ask_for_letters_only_where_actions_are_run(deal: str, crm, edit) -> None:
    edit(RETAIL, "{stage: new, ", "{stage: new, on_enter: [{mail: templates/parcel.txt}], ")
    Path("a.csv").write_text("title,pipeline\nA,retail\nB,retail\n", "utf-8")
    crm("import", "deals", "a.csv")
    assert waiting(crm) == []
    crm("import", "deals", "a.csv", "--on-duplicate", "create", "--set", "comment=x", "--run-actions")
    # Rows that are known from before make no new deals.
    assert waiting(crm) == []
    Path("b.csv").write_text("title,pipeline\nC,retail\nD,retail\n", "utf-8")
    ran = crm("import", "deals", "b.csv", "--run-actions")
    assert "2 letters in the outbox" in ran.err
    run = ran.err.splitlines()[-1].partition(":")[0]
    assert len(waiting(crm)) == 2
    crm("undo", run, "--yes")
    assert waiting(crm) == []


def test_a_template_without_a_subject_has_that_which_is_given_or_the_title(deal: str, crm, edit) -> None:
    edit("templates/parcel.txt", "Subject: Ваш заказ «{{ deal.title }}» отправлен\n\n", "")
    assert "style-letter-subject" in crm("validate").out
    crm("move", deal, "shipping", *SHIP)
    assert crm("mail", "--outbox", "-n").out == '+ D-1 "Чай" to ira@example.com: Чай\n'
    assert crm("mail", "--outbox", "-n", "--subject", "О {{ title }}").out.endswith(": О Чай\n")


def test_a_template_that_is_not_there_is_found_by_validate(deal: str, crm, edit) -> None:
    edit(RETAIL, "templates/parcel.txt", "templates/parcle.txt")
    ran = crm("validate")
    assert ran.code == 1
    assert '"templates/parcle.txt" does not exist' in ran.out

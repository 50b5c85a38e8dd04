"""`inbox`: messages join known clients, make leads of unknown ones, and are taken once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.model.message import Message, Sender

Write = Callable[..., str]


@pytest.fixture(autouse=True)
def _club(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+02:00")
    crm("init", "--template", "club", "-q")


@pytest.fixture
def write() -> Write:
    """Write messages to a file of JSON Lines, and return its name."""

    def to(*messages: dict[str, object], name: str = "in.jsonl") -> str:
        lines = (f"{json.dumps(each, ensure_ascii=False)}\n" for each in messages)
        Path(name).write_text("".join(lines), "utf-8")
        return name

    return to


def message(sender: dict[str, object], text: str = "Здравствуйте", **more: object) -> dict[str, object]:
    return {"channel": "telegram", "from": sender, "text": text, **more}


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "--with", "history", "-o", "json").out)


def said(crm, record: str) -> list[str]:
    return [entry["note"] for entry in shown(crm, record)["history"] if "note" in entry]


def counts(crm, *argv: str) -> dict[str, object]:
    return json.loads(crm("inbox", *argv, "-o", "json").out)


def test_somebody_unknown_becomes_a_lead_at_the_first_stage(crm, write: Write) -> None:
    sender = {"id": 77, "name": "Олег Бойко", "phone": "050 123-45-67", "email": "oleg@example.com"}
    ran = crm("inbox", write(message(sender, at="2026-11-20T09:30:00+02:00")))
    assert (ran.code, ran.out, ran.err) == (0, "", "R-1: 1 message: 1 created (undo: crmctl undo R-1)\n")
    lead = shown(crm, "L-1")
    assert (lead["title"], lead["name"], lead["stage"]) == ("Олег Бойко", "Олег Бойко", "contact")
    assert (lead["phone"], lead["phone_typed"]) == (["+380501234567"], ["050 123-45-67"])
    assert (lead["email"], lead["messenger"], lead["source"]) == (["oleg@example.com"], ["77"], "telegram")
    assert (lead["comment"], lead["created_at"]) == ("Здравствуйте", "2026-11-20T09:30:00+02:00")
    assert said(crm, "L-1") == ["telegram, Олег Бойко (oleg@example.com): Здравствуйте"]
    assert crm("list", "leads", "--where", "untouched", "-o", "ids").out == "L-1\n"


def test_two_messages_of_one_unknown_sender_make_one_lead(crm, write: Write) -> None:
    found = counts(crm, write(message({"id": "77"}), message({"id": "@77"}, "Вы тут?")))
    assert (found["created"], found["joined"]) == (1, 1)
    assert said(crm, "L-1") == ["telegram, 77: Здравствуйте", "telegram, @77: Вы тут?"]
    assert shown(crm, "L-1")["message_count"] == 2


@pytest.mark.parametrize(
    "sender",
    [
        {"id": "ivan"},
        {"id": "@Ivan"},
        {"phone": "8 (050) 123-45-67"},
        {"email": "IVAN@Example.com"},
        {"id": "999", "name": "Другое имя", "phone": "+380501234567"},
    ],
)
def test_a_client_is_known_by_any_way_however_written(crm, write: Write, sender: dict[str, object]) -> None:
    reach = ("messenger=@ivan", "phone=0501234567", "email=ivan@example.com")
    crm("create", "contact", "Иван", *(part for each in reach for part in ("-s", each)))
    ran = crm("inbox", write(message(sender)))
    assert (ran.code, crm("list", "leads", "--count").out) == (0, "0\n")
    assert said(crm, "C-1")[0].endswith(": Здравствуйте")


def test_the_surest_way_decides(crm, write: Write) -> None:
    crm("create", "contact", "Иван", "-s", "messenger=77")
    crm("create", "contact", "Пётр", "-s", "phone=0501234567")
    crm("inbox", write(message({"id": "77", "phone": "0501234567"})))
    assert (len(said(crm, "C-1")), len(said(crm, "C-2"))) == (1, 0)


def test_an_id_counts_within_its_channel(crm, write: Write) -> None:
    crm("inbox", write(message({"id": "77"}), {**message({"id": "77"}), "channel": "viber"}))
    crm("inbox", write(message({"id": "77"}, "1"), {**message({"id": "77"}, "2"), "channel": "viber"}))
    assert [each.partition(": ")[2] for each in said(crm, "L-1")] == ["Здравствуйте", "1"]
    assert [each.partition(": ")[2] for each in said(crm, "L-2")] == ["Здравствуйте", "2"]


def test_a_message_is_in_the_history_of_the_client_and_of_all_that_is_open(crm, write: Write) -> None:
    crm("create", "contact", "Иван", "-s", "phone=0501234567")
    crm("create", "lead", "Открытый", "-s", "phone=0501234567")
    crm("create", "lead", "Закрытый", "-s", "phone=0501234567")
    crm("reject", "L-2", "--reason", "spam")
    crm("create", "deal", "Абонемент", "-s", "contact=C-1")
    crm("create", "deal", "Прошлый", "-s", "contact=C-1")
    crm("move", "D-2", "lost", "--reason", "price")
    assert counts(crm, write(message({"phone": "0501234567"})))["joined"] == 1
    assert [len(said(crm, each)) for each in ("C-1", "L-1", "L-2", "D-1", "D-2")] == [1, 1, 0, 1, 0]


def test_a_company_is_a_client_too(crm, write: Write) -> None:
    crm("create", "company", "Ромашка", "-s", "email=info@romashka.example")
    crm("create", "deal", "Корпоративный", "-s", "company=O-1")
    crm("inbox", write(message({"email": "info@romashka.example"})))
    assert (len(said(crm, "O-1")), len(said(crm, "D-1"))) == (1, 1)


def test_what_a_lead_became_gets_the_message(crm, write: Write) -> None:
    crm("inbox", write(message({"id": "77", "name": "Олег"})))
    crm("convert", "L-1", "--to", "contact,deal")
    crm("inbox", write(message({"id": "77"}, "Когда занятие?")))
    assert [each.endswith("Когда занятие?") for each in (said(crm, "C-1")[-1], said(crm, "D-1")[-1])] == [
        True,
        True,
    ]
    assert len(said(crm, "L-1")) == 1


def test_a_client_of_whom_nothing_is_open_is_named(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    crm("reject", "L-1", "--reason", "far")
    ran = crm("inbox", write(message({"phone": "0501234567"})))
    assert 'note: nothing is open for L-1 "Ирина": create a lead, a deal or a task\n' in ran.err
    assert (len(said(crm, "L-1")), crm("list", "leads", "--count").out) == (1, "1\n")


def test_a_name_alone_makes_a_lead_and_is_never_a_reason_to_join(crm, write: Write) -> None:
    write(message({"name": "Аноним"}, "раз"), message({"name": "Аноним"}, "два"))
    assert counts(crm, "in.jsonl")["created"] == 2


def test_numbers_that_are_none_and_those_to_be_ignored_are_never_a_reason_to_join(
    crm, write: Write, edit
) -> None:
    edit(
        "crmctl.yaml",
        "  contact: [[phone], [email], [messenger]]",
        "  contact: [[phone]]\n  ignore: {phone: ['+380500000000']}",
    )
    senders = ({"phone": "12345"}, {"phone": "0500000000"})
    write(*(message(each, text) for each in senders for text in ("раз", "два")))
    assert counts(crm, "in.jsonl")["created"] == 4


def test_a_channel_that_is_no_source_is_kept_as_details(crm, write: Write) -> None:
    ran = crm(
        "inbox",
        write({**message({"id": "7"}), "channel": "Телеграм"}, {**message({"id": "8"}), "channel": "vk"}),
    )
    assert 'warning: "vk" is not among the sources: it is kept as source_details\n' in ran.err
    assert ran.code == 0
    assert shown(crm, "L-1")["source"] == "telegram"
    assert (shown(crm, "L-2").get("source"), shown(crm, "L-2")["source_details"]) == (None, "vk")


def test_the_gate_of_the_first_stage_holds(crm, write: Write, edit) -> None:
    edit("pipelines/leads.yaml", "stage: contact,", "stage: contact, require: [phone],")
    ran = crm("inbox", write(message({"id": "77"}), message({"phone": "0501234567"})))
    assert (ran.code, crm("list", "leads", "-o", "ids").out.split()) == (7, ["L-2"])
    assert "in.jsonl: line 1: lead" in ran.err
    assert "phone (Phone)" in ran.err


def test_the_first_stage_sets_off_its_actions(crm, write: Write, edit) -> None:
    edit(
        "pipelines/leads.yaml",
        "max_age: 1d}",
        "max_age: 1d, on_enter: [{task: cold_call, due: +1d}, {set: {tags: [new]}}]}",
    )
    crm("inbox", write(message({"id": "77"})))
    assert (shown(crm, "L-1")["tags"], shown(crm, "T-1")["for"]) == (["new"], ["L-1"])
    crm("undo", "R-1", "--yes")
    assert crm("list", "tasks", "--count").out == "0\n"


def test_where_newcomers_start_must_be_said(crm, write: Write, edit) -> None:
    pipeline = Path("pipelines/leads.yaml").read_text("utf-8")
    Path("pipelines/more.yaml").write_text(pipeline.replace("pipeline: leads", "pipeline: more"), "utf-8")
    edit("crmctl.yaml", "default: {lead: leads, deal: memberships}", "default: {deal: memberships}")
    ran = crm("inbox", write(message({"id": "77"})))
    assert (ran.code, "default: {lead: PIPELINE}" in ran.err) == (2, True)
    edit("crmctl.yaml", "default: {deal", "default: {lead: more, deal")
    assert crm("inbox", "in.jsonl").code == 0
    assert shown(crm, "L-1")["pipeline"] == "more"


def test_a_message_is_taken_once(crm, write: Write) -> None:
    by_id = message({"id": "77"}, id="m1")
    again = message({"id": "77"}, "исправлено", id="m1")
    by_content = message({"id": "77"}, "без номера", at="2026-11-21T08:00:00Z")
    found = counts(crm, write(by_id, again, by_content, by_content))
    assert (found["created"], found["joined"], found["unchanged"]) == (1, 1, 2)
    ran = crm("inbox", "in.jsonl")
    assert (ran.code, ran.err) == (0, "nothing to do: 4 messages: 4 unchanged\n")
    assert json.loads(crm("runs", "-o", "json").out)[0]["id"] == "R-1"


@pytest.mark.parametrize("own", [{"id": "m1"}, {"at": "2026-11-21T08:00:00Z"}])
def test_a_message_is_one_however_its_phone_and_its_channel_are_written(
    crm, write: Write, own: dict[str, str]
) -> None:
    phones = ("0501234567", "+380501234567", "8 (050) 123-45-67")
    by_phone = [message({"phone": each}, **own) for each in phones]
    by_id = [{**message({"id": "77"}, **own), "channel": each} for each in ("viber", "Viber")]
    found = counts(crm, write(*by_phone, *by_id))
    assert (found["created"], found["joined"], found["unchanged"]) == (2, 0, 3)
    assert counts(crm, write(*reversed(by_phone), *reversed(by_id)))["unchanged"] == 5


def test_what_older_histories_know_as_it_was_written_stays_known(crm, write: Write) -> None:
    by_phone, by_id = message({"phone": "0501234567"}, id="m1"), {**message({"id": "77"}), "channel": "Viber"}
    crm("inbox", write(by_phone, by_id))
    data = Path("crm.json").read_text("utf-8")
    kept = Message("telegram", Sender(phone="0501234567", number="+380501234567"), id="m1")
    named = Message("Viber", Sender("77"), "Здравствуйте")
    for each in (kept, named):
        assert each.key in data
        data = data.replace(each.key, each.former_key)
    Path("crm.json").write_text(data, "utf-8")
    assert crm("db", "check", "--accept").code == 0
    assert counts(crm, write(by_phone, by_id))["unchanged"] == 2
    assert counts(crm, write({**by_id, "text": "Вы тут?"}))["joined"] == 1


def test_what_was_undone_can_be_taken_again_and_an_undone_undo_cannot(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    crm("wait", "L-1", "--until", "+3d")
    write(message({"phone": "0501234567"}), message({"id": "77"}))
    crm("inbox", "in.jsonl")
    assert crm("undo", "R-1", "--yes").code == 0
    lead = shown(crm, "L-1")
    assert (lead.get("message_count"), [entry.get("note") for entry in lead["history"]]) == (None, [None] * 3)
    assert json.loads(crm("show", "T-1", "-o", "json").out)["status"] == "waiting"
    assert crm("search", "Здравствуйте").out == ""
    assert counts(crm, "in.jsonl")["created"] == 1
    crm("undo", "--yes")
    crm("undo", "4", "--yes")
    assert counts(crm, "in.jsonl")["unchanged"] == 2


def test_an_undo_leaves_what_was_changed_since(crm, write: Write) -> None:
    crm("inbox", write(message({"id": "77"}), message({"id": "88"})))
    crm("update", "L-2", "-s", "comment=звонил")
    assert crm("undo", "R-1", "--yes").code == 7
    assert crm("list", "leads", "-o", "ids").out == "L-2\n"
    assert counts(crm, "in.jsonl")["unchanged"] == 1


def test_a_later_message_does_not_hold_the_undo_of_an_earlier_one_back(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "messenger=77")
    crm("inbox", write(message({"id": "77"}, "раз")))
    crm("inbox", write(message({"id": "77"}, "два")))
    assert crm("undo", "R-1", "--yes").code == 0
    assert (said(crm, "L-1"), shown(crm, "L-1")["message_count"]) == (["telegram, 77: два"], 1)


def test_a_dry_run_tells_what_would_become_of_each(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    write(message({"id": "77"}), message({"phone": "0501234567"}), message({}), message({"id": "77"}))
    ran = crm("inbox", "in.jsonl", "-n", "--rejects", "out.jsonl")
    assert (ran.code, Path("out.jsonl").exists()) == (7, False)
    assert '+ create L-2 "77"' in ran.out
    assert "! refused in.jsonl: line 3: from names nobody" in ran.out
    plan = counts(crm, "in.jsonl", "-n")["plan"]
    assert [(each["place"], each["action"], each["records"]) for each in plan] == [
        ("line 1", "create", ["L-2"]),
        ("line 2", "join", ["L-1"]),
        ("line 3", "reject", []),
        ("line 4", "unchanged", ["L-2"]),
    ]
    assert (crm("list", "leads", "--count").out, crm("runs").out) == ("1\n", "")


def test_messages_come_from_standard_input_and_several_files(crm, write: Write) -> None:
    write(message({"id": "1"}), name="a.jsonl")
    write(message({"id": "2"}), name="b.jsonl")
    text = json.dumps(message({"id": "3"}))
    ran = crm("inbox", "a.jsonl", "-", "b.jsonl", "-o", "json", stdin=text)
    assert json.loads(ran.out)["files"] == ["a.jsonl", "-", "b.jsonl"]
    assert crm("list", "leads", "--count").out == "3\n"


def test_files_that_cannot_be_read_stop_it_all(crm, write: Write) -> None:
    write(message({"id": "1"}))
    assert crm("inbox", "in.jsonl", "no.jsonl").code == 4
    assert crm("inbox", ".").code == 2
    assert crm("inbox").code == 2
    Path("list.json").write_text('[{"channel": "call"},', "utf-8")
    assert crm("inbox", "in.jsonl", "list.json").code == 1
    assert crm("list", "leads", "--count").out == "0\n"


def test_a_message_without_a_date_is_of_now_and_one_of_the_future_is_told_of(crm, write: Write) -> None:
    ran = crm("inbox", write(message({"id": "1"}), message({"id": "2"}, at="2031-01-01T00:00:00Z")))
    assert "note: 1 message is dated in the future: --as-of does not know of it until then\n" in ran.err
    assert shown(crm, "L-1")["created_at"] == "2026-11-21T10:00:00+02:00"
    assert shown(crm, "L-2")["created_at"] == "2031-01-01T02:00:00+02:00"


def test_a_past_message_is_told_of_the_past(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "messenger=77", "--now", "2026-11-01")
    crm("inbox", write(message({"id": "77"}, at="2026-11-10T09:00:00+02:00")))
    counted = "message_count > 0"
    assert crm("list", "leads", "--where", counted, "-o", "ids", "--as-of", "2026-11-09").out == ""
    assert crm("list", "leads", "--where", counted, "-o", "ids", "--as-of", "2026-11-10").out == "L-1\n"


def test_search_and_log_find_what_was_said(crm, write: Write) -> None:
    crm("create", "contact", "Иван", "-s", "messenger=77")
    crm("inbox", write(message({"id": "77"}, "Есть ли йога? " + "x" * 3000)))
    assert crm("search", "йога", "-o", "ids").out == "C-1\n"
    assert "telegram, 77: Есть ли йога?" in crm("log", "--operation", "message").out
    assert "more characters: -o json)" in crm("show", "C-1", "--with", "history").out
    assert len(said(crm, "C-1")[0]) > 3000


def test_an_import_does_not_take_messages_for_its_rows(crm, write: Write) -> None:
    Path("leads.csv").write_text("title,messenger\nИрина,77\n", "utf-8")
    crm("import", "leads", "leads.csv")
    crm("inbox", write(message({"id": "77"})))
    crm("update", "L-1", "-s", "title=Ирина Коваль")
    assert "1 unchanged" in crm("import", "leads", "leads.csv", "--on-duplicate", "update").err


def test_errors_in_the_file_of_tasks_do_not_stop_it(crm, write: Write) -> None:
    crm("create", "lead", "Ирина", "-s", "messenger=77")
    crm("wait", "L-1", "--until", "+3d")
    Path("tasks.yaml").write_text("version: 1\ntypes: 5\n", "utf-8")
    found = counts(crm, write(message({"id": "77"})))
    assert (found["joined"], found["waits_ended"]) == (1, 1)


def test_a_lead_without_a_name_is_called_by_how_it_is_reached(crm, write: Write) -> None:
    senders = ({"id": "77", "phone": "8-050-123-45-67"}, {"email": "mailto:<X@Example.COM>"}, {"id": "@ivan"})
    crm("inbox", write(*(message(each) for each in senders)))
    titles = [each["title"] for each in json.loads(crm("list", "leads", "-o", "json").out)]
    assert titles == ["+380501234567", "X@example.com", "@ivan"]


def test_values_that_only_look_right_are_told_of(crm, write: Write) -> None:
    ran = crm("inbox", write(message({"email": "x@\u0435xample.com"}), message({"phone": "123456"})))
    assert '"\u0435" is Cyrillic among Latin letters' in ran.err
    assert "123456 is no valid phone number: kept as typed, and never a reason to match" in ran.err


def test_what_drives_a_terminal_is_shown_escaped(crm, write: Write) -> None:
    sender = {"id": "\x1b]0\x07", "name": "И\u202eван\u200b"}
    ran = crm("inbox", write({**message(sender, "\x1b[2J"), "channel": "tele\x1b[31mgram"}))
    shown = crm("show", "L-1", "--with", "history").out + crm("log").out + ran.err + crm("list", "leads").out
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "Иван" in shown


def test_two_at_once_take_every_message_once(crm, write: Write, shell, tmp_path: Path) -> None:
    write(*(message({"id": str(number)}, id=number) for number in range(50)))
    ran = shell("crmctl inbox in.jsonl & crmctl inbox in.jsonl & wait", tmp_path)
    assert sorted(line.split(":")[0] for line in ran.stdout.splitlines()) == ["R-1", "nothing to do"]
    assert crm("list", "leads", "--count").out == "50\n"


def test_what_a_message_brings_fills_what_is_empty_and_takes_nothing_over(crm, write: Write) -> None:
    crm("create", "contact", "Иван", "-s", "phone=0501234567")
    crm("create", "contact", "Пётр", "-s", "email=petr@example.com")
    sender = {"id": "77", "name": "Ваня", "phone": "0501234567", "email": "petr@example.com"}
    crm("inbox", write(message(sender), message({"id": "77", "phone": "0671234567"}, "мой второй")))
    contact = shown(crm, "C-1")
    assert (contact["title"], contact["phone"], contact["messenger"]) == ("Иван", ["+380501234567"], ["77"])
    assert ("email" in contact, "source" in contact, contact["message_count"]) == (False, False, 2)
    assert (
        "telegram, Ваня (petr@example.com): Здравствуйте  messenger: (empty) -> 77" in crm("log", "C-1").out
    )
    crm("undo", "--yes")
    assert "messenger" not in shown(crm, "C-1")


def test_who_shared_a_phone_is_known_by_the_id_from_then_on(crm, write: Write) -> None:
    crm("create", "contact", "Иван", "-s", "phone=0501234567", "-s", "messenger=old")
    crm("inbox", write(message({"id": "77", "phone": "0501234567"})))
    assert counts(crm, write(message({"id": "77"}, "это снова я")))["joined"] == 1
    assert (len(said(crm, "C-1")), shown(crm, "C-1")["messenger"]) == (2, ["old"])


def test_contacts_who_share_a_phone_get_the_message_and_nothing_else(crm, write: Write) -> None:
    for name in ("Иван", "Мария"):
        crm("create", "contact", name, "-s", "phone=0501234567", "--allow-duplicate")
    crm("inbox", write(message({"id": "77", "phone": "0501234567"})))
    for contact in ("C-1", "C-2"):
        assert (len(said(crm, contact)), "messenger" in shown(crm, contact)) == (1, False)


def test_a_role_that_may_not_create_leads_takes_in_what_known_clients_write(crm, write: Write, edit) -> None:
    crm("create", "lead", "Ирина", "-s", "messenger=77")
    edit("crmctl.yaml", "default:", "users: [{id: anna, role: desk}]\n\ndefault:")
    path = Path("pipelines/leads.yaml")
    path.write_text(path.read_text("utf-8") + "access: [{role: desk, actions: [view]}]\n", "utf-8")
    ran = crm("inbox", write(message({"id": "77"}), message({"id": "88"})))
    assert (ran.code, "1 joined, 1 rejected" in ran.err) == (7, True)
    assert 'role "desk" may not create leads' in ran.err


@pytest.mark.parametrize("target", ["leads.csv", "leads.jsonl"])
def test_a_comment_is_no_longer_than_what_an_import_takes_back(
    crm, write: Write, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = crm("inbox", write(message({"id": "77"}, "ы" * 65_536, subject="Прайс")))
    told = "warning: the comment of L-1 is cut after 65,536 characters: its history has the whole\n"
    assert told in ran.err
    comment = shown(crm, "L-1")["comment"]
    assert comment == f"Прайс\n\n{'ы' * 65_529}"
    assert said(crm, "L-1") == [f"telegram, 77: Прайс\n\n{'ы' * 65_536}"]
    assert crm("export", "leads", target).code == 0
    assert "1 unchanged" in crm("import", "leads", target, "--on-duplicate", "update").err
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    crm("init", "--template", "club", "-q")
    assert crm("import", "leads", f"../{target}").code == 0
    assert shown(crm, "L-1")["comment"] == comment


def test_programs_are_told_what_is_not_kept_as_it_came(crm) -> None:
    head = "From: a@b.example\nContent-Type: multipart/mixed\nSubject: "
    Path("in.eml").write_text(f"{head}{'x' * 1001}\n\n--x\n\nБеру\n--x--\n", "utf-8")
    assert counts(crm, "in.eml")["warnings"] == [
        "in.eml: its subject is cut after 1,000 characters",
        "in.eml: its parts cannot be told apart, or are no plain text: kept as they came",
    ]
    assert str(shown(crm, "L-1")["comment"]).endswith("x\n\n--x\n\nБеру\n--x--")

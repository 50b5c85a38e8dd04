"""`inbox` where there are no leads: somebody unknown becomes a deal, with a contact where contacts may be so."""

import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _simple(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+02:00")
    crm("init", "--template", "simple", "-q")


def take(crm, text: str, channel: str = "telegram", **sender: str) -> dict[str, object]:
    line = json.dumps({"channel": channel, "from": sender, "text": text}, ensure_ascii=False)
    return json.loads(crm("inbox", "-", "-o", "json", stdin=line).out)


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "--with", "history", "-o", "json").out)


def test_somebody_unknown_becomes_a_deal_of_a_contact(crm) -> None:
    assert take(crm, "Почём кофе?", id="77", name="Иван", phone="0501234567")["created"] == 1
    deal, contact = shown(crm, "D-1"), shown(crm, "C-1")
    assert (deal["title"], deal["source"], deal["comment"]) == ("Иван", "telegram", "Почём кофе?")
    assert (deal["contact"], deal["stage"]) == ("C-1", "new")
    assert (contact["title"], contact["phone"], contact["messenger"]) == ("Иван", ["+380501234567"], ["77"])
    again = take(crm, "Ау", phone="+380501234567")
    assert (again["created"], again["joined"]) == (0, 1)
    assert [len(shown(crm, each)["history"]) for each in ("C-1", "D-1")] == [2, 2]


def test_where_contacts_must_hold_more_the_deal_stands_alone_and_is_known_again(crm, edit) -> None:
    edit("crmctl.yaml", "mode: deals", "mode: deals\nrequire: {contact: [birthday]}")
    assert take(crm, "Почём кофе?", name="Иван", phone="0501234567")["created"] == 1
    assert crm("list", "contacts", "--count").out == "0\n"
    deal = shown(crm, "D-1")
    assert (deal["comment"], deal.get("contact")) == ("Иван (0501234567)\n\nПочём кофе?", None)
    assert take(crm, "Ау", phone="(050) 123-45-67", name="Иван")["created"] == 0
    assert take(crm, "Я другой", phone="0501234568", name="Иван")["created"] == 1
    assert len(shown(crm, "D-1")["history"]) == 2


def test_a_channel_that_is_no_source_stands_in_the_comment(crm) -> None:
    take(crm, "Почём кофе?", channel="сарафан", name="Иван")
    assert shown(crm, "D-1")["comment"] == "source_details: сарафан\n\nПочём кофе?"


def test_the_blacklist_holds_for_contacts_and_deals_too(crm) -> None:
    crm("blacklist", "add", "phone", "0501234567")
    assert take(crm, "x", phone="0501234567")["blacklisted"] == 1
    assert crm("list", "deals", "--count").out == "0\n"


def test_a_refused_deal_leaves_no_contact_behind(crm, edit) -> None:
    edit("pipelines/deals.yaml", "probability: 10, max_age", "probability: 10, require: [amount], max_age")
    found = take(crm, "x", phone="0501234567")
    assert (found["created"], found["rejected"]) == (0, 1)
    assert crm("list", "contacts", "--count").out == "0\n"


def test_own_fields_of_deals_are_filled_and_found(crm, edit) -> None:
    edit("crmctl.yaml", "  deal:\n", "  deal:\n    phone: {type: phone}\n")
    crm("create", "deal", "Чай", "-s", "phone=0501234568")
    assert take(crm, "x", phone="0501234568")["joined"] == 1
    take(crm, "x", phone="0501234567")
    assert shown(crm, "D-2")["phone"] == "+380501234567"


def test_who_wrote_and_where_from_count_for_the_length_of_the_comment(crm, edit) -> None:
    edit("crmctl.yaml", "mode: deals", "mode: deals\nrequire: {contact: [birthday]}")
    take(crm, "ы" * 65_536, channel="сарафан", name="Иван")
    comment = str(shown(crm, "D-1")["comment"])
    assert (comment[:35], len(comment)) == ("Иван\n\nsource_details: сарафан\n\nыыыы", 65_536)

"""Messages that `inbox` does not take: named, counted, kept in a file that can be mended and taken again."""

import json
import stat
from pathlib import Path

import pytest

GOOD = '{"channel": "telegram", "from": {"id": "77"}, "text": "да"}'


pytestmark = pytest.mark.usefixtures("empty_club")


def put(*lines: str, name: str = "in.jsonl") -> None:
    Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def rejects(name: str = "out.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "not JSON: expecting value at character 1"),
        ('{"channel": "call", "from": {"id": "1"}', "not JSON: expecting ',' delimiter"),
        ('["channel"]x', "not JSON: extra data"),
        ('"text"', "not an object"),
        ("17", "not an object"),
        ("{}", "from is missing"),
        ('{"channel": "call", "text": "x"}', "from is missing"),
        ('{"from": {"id": "1"}}', "channel is missing"),
        ('{"channel": " ", "from": {"id": "1"}}', "channel is missing"),
        ('{"channel": "call", "from": "Иван"}', "from is not an object"),
        ('{"channel": "call", "from": {"id": " ", "name": "\\u200b"}}', "from names nobody"),
        ('{"channel": "call", "from": {"id": "a;b"}}', "from.id has a ;, which stands between"),
        ('{"channel": "call", "from": {"id": true}}', "from.id is no text"),
        ('{"channel": "call", "from": {"phone": ["1"]}}', "from.phone is no text"),
        ('{"channel": "call", "from": {"phone": "12"}}', 'from.phone "12": not a phone number'),
        ('{"channel": "call", "from": {"email": "a@b"}}', 'from.email "a@b": not an e-mail address'),
        ('{"channel": "call", "from": {"id": "1"}, "text": {}}', "text is no text"),
        ('{"channel": "call", "from": {"id": "1"}, "text": "a\\u0000"}', "text contains a NUL character"),
        ('{"channel": "call", "from": {"id": "1"}, "text": "\\ud800"}', "text contains half of a character"),
        ('{"channel": "call", "from": {"id": "1"}, "at": "вчера"}', 'at "вчера": not a date'),
        ('{"channel": "call", "from": {"id": "1"}, "at": 1763719200}', 'at "1763719200": not a date'),
        ('{"channel": "call", "from": {"id": "1"}, "at": "2026-02-30"}', "no such date"),
        ('{"channel": "call", "from": {"id": "1"}, "at": "0001-01-01"}', "is out of range"),
        ('{"channel": "call", "channel": "sms", "from": {"id": "1"}}', '"channel" stands twice'),
        ('{"channel": "call", "from": {"id": NaN}}', "NaN is not a number in JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"x": ' * 50_000, "nested too deeply"),
    ],
)
def test_a_malformed_line_is_named_and_the_others_are_taken(crm, line: str, reason: str) -> None:
    put(GOOD, line)
    ran = crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    assert (ran.code, crm("list", "leads", "--count").out) == (7, "1\n")
    assert ran.err == "R-1: 2 messages: 1 created, 1 rejected -> out.jsonl (undo: crmctl undo R-1)\n"
    (rejected,) = rejects()
    assert (rejected["_file"], rejected["_place"]) == ("in.jsonl", "line 2")
    assert reason in str(rejected["_error"])
    assert stat.S_IMODE(Path("out.jsonl").stat().st_mode) == 0o600
    assert reason in crm("inbox", "out.jsonl", "-q", "-n").out


def test_without_a_file_the_first_are_named(crm) -> None:
    put(*("x" for _ in range(25)))
    ran = crm("inbox", "in.jsonl")
    assert ran.code == 7
    assert "warning: in.jsonl: line 20: not JSON" in ran.err
    assert "line 21" not in ran.err
    assert "warning: and 5 more\nhint: --rejects FILE writes them all" in ran.err
    assert "nothing to do: 25 messages: 25 rejected\n" in ran.err


def test_rejected_messages_are_mended_and_taken(crm) -> None:
    put('{"channel": "call", "from": {"phone": "12"}, "text": "позвоните"}', GOOD[:-1])
    crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    text = Path("out.jsonl").read_text("utf-8")
    mended = text.replace('"12"', '"0501234567"').replace('да\\"', 'да\\"}')
    Path("out.jsonl").write_text(mended, "utf-8")
    ran = crm("inbox", "out.jsonl", "--rejects", "out.jsonl")
    assert (ran.code, crm("list", "leads", "--count").out) == (0, "2\n")
    assert Path("out.jsonl").read_text("utf-8") == ""


def test_what_is_rejected_again_and_again_stays_as_it_came(crm) -> None:
    put("не JSON", '{"channel": "call", "from": {}}')
    crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    for _ in range(3):
        crm("inbox", "out.jsonl", "--rejects", "out.jsonl")
    first, second = rejects()
    assert (first["_raw"], first["_file"], first["_place"]) == ("не JSON", "out.jsonl", "line 1")
    assert list(second) == ["channel", "from", "_file", "_place", "_error"]


def test_the_file_of_rejects_takes_the_place_of_no_other_input(crm) -> None:
    put(GOOD, "x")
    before = Path("in.jsonl").read_bytes()
    ran = crm("inbox", "in.jsonl", "--rejects", "in.jsonl")
    assert (ran.code, "its other messages would be lost" in ran.err) == (2, True)
    assert Path("in.jsonl").read_bytes() == before
    for target in ("crm.json", "crmctl.yaml", "-"):
        assert crm("inbox", "in.jsonl", "--rejects", target).code == 2
    assert crm("inbox", "in.jsonl", "--rejects", "nowhere/out.jsonl").code == 4
    assert crm("list", "leads", "--count").out == "0\n"


def test_a_run_without_rejects_empties_the_file_of_an_earlier_one(crm) -> None:
    put("x")
    crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    put(GOOD)
    assert "->" not in crm("inbox", "in.jsonl", "--rejects", "out.jsonl").err
    assert rejects() == []
    Path("out.jsonl").unlink()
    crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    assert not Path("out.jsonl").exists()


@pytest.mark.parametrize(
    ("listed", "sender"),
    [
        (("phone", "0501234567"), {"phone": "8 050 123 45 67"}),
        (("email", "spam@example.com"), {"email": "Spam@example.com"}),
        (("domain", "example.com"), {"email": "x@mail.example.com"}),
        (("messenger", "@spammer"), {"id": "spammer"}),
        (("messenger", "77"), {"id": 77}),
        (("source", "viber"), {"id": "1"}),
    ],
)
def test_who_is_on_the_blacklist_is_dropped_and_counted(
    crm, listed: tuple[str, str], sender: dict[str, object]
) -> None:
    crm("blacklist", "add", *listed, "--reason", "спам")
    put(json.dumps({"channel": "viber", "from": sender, "text": "x"}))
    ran = crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    assert (ran.code, crm("list", "leads", "--count").out) == (0, "0\n")
    assert ran.err == "nothing to do: 1 message: 1 blacklisted -> out.jsonl\n"
    assert "is on the blacklist" in str(rejects()[0]["_error"])
    crm("blacklist", "remove", *listed)
    assert crm("inbox", "out.jsonl").code == 0
    assert crm("list", "leads", "--count").out == "1\n"


def test_a_listed_client_is_dropped_though_known_and_the_wait_goes_on(crm) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=0501234567")
    crm("wait", "L-1", "--until", "+3d")
    crm("blacklist", "add", "phone", "0501234567")
    put('{"channel": "call", "from": {"phone": "0501234567"}}')
    found = json.loads(crm("inbox", "in.jsonl", "-o", "json").out)
    assert (found["blacklisted"], found["rejected"], found["waits_ended"]) == (1, 0, 0)


def test_a_rejected_lead_writes_in_vain_once_it_is_listed(crm) -> None:
    put(GOOD)
    crm("inbox", "in.jsonl")
    crm("reject", "L-1", "--reason", "spam", "--blacklist")
    put(GOOD.replace("да", "купите"))
    assert "1 blacklisted" in crm("inbox", "in.jsonl").err


def test_keys_that_mean_nothing_are_told_of(crm) -> None:
    put('{"channel": "call", "from": {"id": "1", "nick": "x"}, "txt": "да", "chat": {"id": 5}}')
    ran = crm("inbox", "in.jsonl")
    assert ran.code == 0
    assert 'passed over: "txt", which is no key (did you mean "text"?)' in ran.err
    assert 'passed over: "from.nick", which is no key (keys: id, name, phone, email)' in ran.err


def test_lines_in_another_encoding_are_rejected_each_by_itself(crm) -> None:
    bad = '{"channel": "call", "from": {"name": "Иван"}}\n'.encode("cp1251")
    Path("in.jsonl").write_bytes(f"\ufeff{GOOD}\r\n\r\n".encode() + bad)
    ran = crm("inbox", "in.jsonl")
    assert (ran.code, crm("list", "leads", "--count").out) == (7, "1\n")
    assert "line 3: not UTF-8: byte 0xc8 at 39" in ran.err


def test_other_unicode_is_recognised_by_its_mark_and_arrays_are_taken(crm) -> None:
    Path("in.jsonl").write_bytes(f"{GOOD}\n".encode("utf-16"))
    assert crm("inbox", "in.jsonl").code == 0
    Path("list.json").write_text(f" [{GOOD}, {GOOD.replace('да', 'нет')}, 5]", "utf-8")
    ran = crm("inbox", "list.json")
    assert (ran.code, "list.json: message 3: not an object" in ran.err) == (7, True)
    assert "1 joined, 1 unchanged, 1 rejected" in ran.err


def test_an_endless_line_is_rejected_in_bounded_memory(crm) -> None:
    Path("in.jsonl").write_bytes(b'{"channel": "' + b"x" * 5_000_000 + b'"}\n' + GOOD.encode())
    ran = crm("inbox", "in.jsonl", "--rejects", "out.jsonl")
    assert (ran.code, crm("list", "leads", "--count").out) == (7, "1\n")
    assert "is longer than 1,048,576 bytes" in str(rejects()[0]["_error"])


def test_nothing_in_a_file_is_nothing_to_do(crm) -> None:
    put()
    ran = crm("inbox", "in.jsonl")
    assert (ran.code, ran.err) == (0, "nothing to do: 0 messages\n")

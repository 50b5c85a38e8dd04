"""The blacklist: who is on it, who is refused for it, and taking that back."""

import json
from pathlib import Path

import pytest

NUMBER = "+380501234567"


def listed(crm, *kind: str) -> list[dict[str, str]]:
    found = json.loads(crm("blacklist", "list", *kind, "-o", "json").out)
    assert isinstance(found, list)
    return found


def test_values_are_listed_as_records_keep_them_with_who_when_and_why(workspace: Path, crm) -> None:
    ran = crm("blacklist", "add", "phone", "(050) 123-45-67", "--reason", "хамит")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"R-1: 1 value listed: phone {NUMBER} (undo: crmctl undo R-1)\n"
    crm("blacklist", "add", "email", "<Spam@Mail.Example>", "--user", "oleg")
    crm("blacklist", "add", "domain", "*.Рассылки.example")
    rows = listed(crm)
    assert [(row["kind"], row["value"], row["by"]) for row in rows] == [
        ("domain", "xn--80aqfdxha4f.example", "anna"),
        ("email", "Spam@mail.example", "oleg"),
        ("phone", NUMBER, "anna"),
    ]
    assert rows[-1]["reason"] == "хамит"
    assert [row["kind"] for row in listed(crm, "phone")] == ["phone"]
    assert "хамит" in crm("blacklist", "list").out
    assert crm("blacklist", "list", "email", "-o", "ids").out == "Spam@mail.example\n"


def test_a_value_is_listed_once(workspace: Path, crm) -> None:
    crm("blacklist", "add", "phone", "0501234567", "--reason", "хамит")
    again = crm("blacklist", "add", "phone", NUMBER, "050 123 45 67")
    assert (again.code, "is listed already, since" in again.err, "nothing to change" in again.err) == (
        0,
        True,
        True,
    )
    crm("blacklist", "add", "email", "a@b.example", "A@b.example")
    assert len(listed(crm)) == 2


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "12"),
        ("email", "a@"),
        ("domain", "example"),
        ("domain", "a b.example"),
        ("source", "nowhere"),
        ("messenger", " "),
        ("fax", "1"),
    ],
)
def test_what_no_field_takes_is_not_listed(workspace: Path, crm, kind: str, value: str) -> None:
    assert crm("blacklist", "add", kind, value).code == 2
    assert crm("blacklist", "list").err == "nothing is listed\n"


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        ("phone", NUMBER, "phone=050 123 45 67"),
        ("email", "spam@mail.example", "email=ok@mail.example; SPAM@mail.example"),
        ("domain", "mail.example", "email=a@mail.example"),
        ("domain", "mail.example", "email=a@news.Mail.example"),
        ("messenger", "@Spammer", "messenger=@spammer"),
        ("source", "Instagram", "source=instagram"),
    ],
)
def test_create_refuses_what_is_listed_and_names_the_entry(
    workspace: Path, crm, kind: str, value: str, typed: str
) -> None:
    assert crm("blacklist", "add", kind, value, "--reason", "спам").code == 0
    ran = crm("create", "lead", "X", "-s", typed, "--allow-duplicate")
    assert ran.code == 1
    assert "lead cannot be created: " in ran.err
    assert "is on the blacklist" in ran.err
    assert "by anna: спам" in ran.err
    assert f"hint: crmctl blacklist remove {kind} " in ran.err
    assert (
        json.loads(crm("create", "lead", "X", "-s", typed, "-o", "json").err)["error"]["code"]
        == "blacklisted"
    )
    assert crm("list", "leads", "--count").out == "0\n"


@pytest.mark.parametrize(
    "typed", ["email=a@notmail.example", "email=mail.example@other.example", "phone=0501234568"]
)
def test_what_only_resembles_an_entry_is_taken(workspace: Path, crm, typed: str) -> None:
    crm("blacklist", "add", "domain", "mail.example")
    crm("blacklist", "add", "phone", NUMBER)
    assert crm("create", "lead", "X", "-s", typed).code == 0


def test_contacts_companies_and_fields_of_ones_own_are_looked_at_too(workspace: Path, crm, edit) -> None:
    edit("crmctl.yaml", "\nfields:\n", "\nfields:\n  lead:\n    second: {type: phone}\n")
    crm("blacklist", "add", "phone", NUMBER)
    assert crm("create", "contact", "X", "-s", "contact_type=client", "-s", f"phone={NUMBER}").code == 1
    assert crm("create", "company", "X", "-s", f"phone={NUMBER}").code == 1
    assert "second +380" in crm("create", "lead", "X", "-s", f"second={NUMBER}").err


def test_an_import_rejects_rows_and_says_why(workspace: Path, crm) -> None:
    crm("blacklist", "add", "domain", "mail.example", "--reason", "рассылки")
    (workspace / "leads.csv").write_text("title,email\nA,a@mail.example\nB,b@other.example\n", "utf-8")
    ran = crm("import", "leads", "leads.csv", "--partial", "--rejects", "bad.csv")
    assert (ran.code, crm("list", "leads", "--count").out) == (7, "1\n")
    rejects = (workspace / "bad.csv").read_text("utf-8")
    assert "a@mail.example is on the blacklist (domain mail.example)" in rejects
    assert "рассылки" in rejects
    crm("blacklist", "remove", "domain", "mail.example")
    assert crm("import", "leads", "bad.csv").code == 0


def test_an_import_adds_no_listed_value_to_a_known_record_but_lets_be_what_it_has(
    workspace: Path, crm
) -> None:
    crm("create", "lead", "X", "-s", f"phone={NUMBER}")
    crm("create", "lead", "Y")
    crm("blacklist", "add", "phone", NUMBER)
    (workspace / "leads.csv").write_text(f"id,phone,comment\nL-1,{NUMBER},old\nL-2,{NUMBER},new\n", "utf-8")
    ran = crm("import", "leads", "leads.csv", "--partial")
    assert (ran.code, "1 updated" in ran.err, "1 rejected" in ran.err) == (7, True, True)
    crm("export", "leads", "out.csv")
    assert crm("import", "leads", "out.csv").code == 0


def test_values_are_taken_off_all_or_none(workspace: Path, crm) -> None:
    crm("blacklist", "add", "phone", "-", stdin="050 123 45 67\n\n050 123 45 68\n")
    gone = crm("blacklist", "remove", "phone", NUMBER, "+380501234569")
    assert (gone.code, len(listed(crm))) == (4, 2)
    removed = crm("blacklist", "remove", "phone", "0501234567", "--user", "oleg")
    assert removed.err == f"R-2: 1 value taken off: phone {NUMBER} (undo: crmctl undo R-2)\n"
    assert [row["value"] for row in listed(crm)] == ["+380501234568"]
    assert crm("create", "lead", "X", "-s", f"phone={NUMBER}").code == 0


def test_changes_of_the_list_are_undone_and_so_is_their_undo(workspace: Path, crm) -> None:
    crm("blacklist", "add", "phone", NUMBER, "+380501234568")
    crm("blacklist", "remove", "phone", NUMBER)
    assert crm("undo", "--yes").err.endswith("R-2: 1 value of the blacklist reversed\n")
    assert len(listed(crm)) == 2
    assert crm("undo", "R-2", "--yes").code == 1
    assert crm("undo", "R-3", "--yes").code == 0
    assert [row["value"] for row in listed(crm)] == ["+380501234568"]
    assert crm("undo", "R-4", "--yes").code == 0
    assert len(listed(crm)) == 2
    assert crm("undo", "R-1", "--yes").err.endswith("R-1: 2 values of the blacklist reversed\n")
    assert listed(crm) == []
    assert crm("undo").code == 1


def test_a_dry_run_lists_nothing(workspace: Path, crm) -> None:
    told = crm("blacklist", "add", "phone", NUMBER, "-n").err
    assert told == f"1 value would be listed: phone {NUMBER}\n"
    assert listed(crm) == []
    crm("blacklist", "add", "phone", NUMBER)
    crm("undo", "--yes", "-n")
    crm("blacklist", "remove", "phone", NUMBER, "-n")
    assert len(listed(crm)) == 1


@pytest.fixture
def spam(workspace: Path, crm) -> str:
    ways = (
        "-s",
        f"phone={NUMBER}",
        "-s",
        "email=a@mail.example",
        "-s",
        "messenger=@x",
        "-s",
        "source=instagram",
    )
    crm("create", "lead", "Спам", *ways)
    return "L-1"


def test_a_rejected_lead_takes_its_ways_to_be_reached_onto_the_list(spam: str, crm) -> None:
    ran = crm("reject", spam, "--reason", "spam", "--blacklist")
    assert f"note: on the blacklist now: phone {NUMBER}, email a@mail.example, messenger @x\n" in ran.err
    assert {(row["kind"], row["lead"], row["reason"]) for row in listed(crm)} == {
        (kind, "L-1", "spam") for kind in ("phone", "email", "messenger")
    }
    refused = crm("create", "contact", "X", "-s", "contact_type=client", "-s", "email=a@mail.example")
    assert "with L-1: spam" in refused.err
    assert crm("undo").code == 0
    assert (listed(crm), crm("list", "leads", "--where", "open", "--count").out) == ([], "1\n")
    crm("undo", "3")
    assert len(listed(crm)) == 3


def test_a_lead_that_is_not_rejected_lists_nothing(spam: str, crm) -> None:
    assert crm("reject", spam, "--blacklist").code == 1
    assert crm("reject", spam, "L-9", "--reason", "spam", "--blacklist").code == 4
    for more in ((), ("-o", "json")):
        ran = crm("reject", spam, "--reason", "spam", "--blacklist", "-n", *more)
        told = f"note: would be on the blacklist: phone {NUMBER}, email a@mail.example, messenger @x\n"
        assert (ran.code, told in ran.err) == (0, True)
    assert listed(crm) == []


def test_a_lead_that_was_rejected_before_can_be_listed_still(spam: str, crm) -> None:
    crm("reject", spam, "--reason", "spam")
    ran = crm("reject", spam, "--reason", "spam", "--blacklist")
    assert (ran.code, ran.err.startswith("note: on the blacklist now: ")) == (0, True)
    assert len(listed(crm)) == 3
    assert "nothing to change" in crm("reject", spam, "--reason", "spam", "--blacklist").err
    assert crm("undo", "--yes").code == 0
    assert listed(crm) == []


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "\u0430nna@x.example"), ("domain", "ex\u0430mple.com")]
)
def test_an_address_with_letters_of_two_alphabets_is_listed_with_a_warning(
    workspace: Path, crm, kind: str, value: str
) -> None:
    ran = crm("blacklist", "add", kind, value)
    assert (ran.code, '"\u0430" is Cyrillic among Latin letters' in ran.err) == (0, True)

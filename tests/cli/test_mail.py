"""`mail --out`: who gets a letter, and the letters as files."""

import email
import email.policy
import json
import mailbox
from contextlib import closing
from pathlib import Path

import pytest

HELLO = "Subject: Здравствуйте, {{ record.title }}!\n\nПривет, {{ record.title }}.\n"


@pytest.fixture
def hello(workspace: Path) -> str:
    (workspace / "hello.txt").write_text(HELLO, "utf-8")
    return "hello.txt"


@pytest.fixture
def leads(hello: str, crm) -> str:
    for number in range(1, 4):
        crm("create", "lead", f"N{number}", "-s", f"email=n{number}@example.com")
    return hello


def letter(path: Path | str) -> email.message.EmailMessage:
    found = email.message_from_bytes(Path(path).read_bytes(), policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def received(path: str) -> list[str]:
    with closing(mailbox.mbox(path, create=False)) as box:
        return [str(each["to"]) for each in box]


def test_a_folder_gets_a_file_each_and_the_records_their_history(leads: str, crm) -> None:
    ran = crm("mail", "leads", "stage = new", "--template", leads, "--out", "letters", "--user", "oleg")
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "R-1: 3 letters written to letters"
    assert sorted(each.name for each in Path("letters").iterdir()) == ["L-1.eml", "L-2.eml", "L-3.eml"]
    found = letter("letters/L-2.eml")
    assert (found["subject"], str(found["to"])) == ("Здравствуйте, N2!", "n2@example.com")
    assert found.get_content().strip() == "Привет, N2."
    (entry,) = json.loads(crm("log", "L-2", "--operation", "mail", "-o", "json").out)
    assert entry["note"] == '"Здравствуйте, N2!" to n2@example.com, written to letters/L-2.eml'
    assert (entry["run"], entry["by"]) == ("R-1", "oleg")
    assert crm("list", "leads", "--where", "letter_count = 1", "--count").out == "3\n"
    assert '"Здравствуйте, N2!" to n2@example.com' in crm("show", "L-2", "--with", "history").out


def test_an_mbox_is_read_by_others_and_keeps_lines_that_begin_with_from(leads: str, crm) -> None:
    Path(leads).write_text("Subject: x\n\nFrom here\n>From there\n", "utf-8")
    assert crm("mail", "leads", "open", "--template", leads, "--out", "all.mbox").code == 0
    everyone = ["n1@example.com", "n2@example.com", "n3@example.com"]
    assert received("all.mbox") == everyone
    assert Path("all.mbox").stat().st_mode & 0o777 == 0o600
    assert crm("mail", "leads", "open", "--template", leads, "--out", "all.mbox").code == 0
    assert received("all.mbox") == everyone


def test_an_mbox_of_others_is_not_written_over(leads: str, crm) -> None:
    Path("mine.mbox").write_text("From x@y.z Sat Nov 21 10:00:00 2026\n\nhello\n")
    ran = crm("mail", "leads", "open", "--template", leads, "--out", "mine.mbox")
    assert (ran.code, ran.err.splitlines()[-2]) == (1, "error: mine.mbox holds what crmctl did not write")


def test_a_dry_run_says_who_gets_what_and_writes_nothing(leads: str, crm) -> None:
    before = Path("crm.json").read_bytes()
    ran = crm("mail", "leads", "title != N2", "--template", leads, "-n")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        '+ L-1 "N1" to n1@example.com: Здравствуйте, N1!',
        '+ L-3 "N3" to n3@example.com: Здравствуйте, N3!',
    ]
    assert ran.err == "2 letters to send\n"
    assert crm("mail", "leads", "open", "--template", leads, "--out", "letters", "-n").code == 0
    assert not Path("letters").exists()
    assert Path("crm.json").read_bytes() == before


def test_who_has_no_address_or_is_not_to_be_contacted_gets_none(hello: str, crm) -> None:
    person = ("create", "contact", "-s", "contact_type=client", "-s")
    crm(*person, "first_name=Ира", "-s", "email=ira@example.com")
    crm(*person, "first_name=Пётр", "-s", "email=petr@example.com", "-s", "do_not_contact=yes")
    crm(*person, "first_name=Олег")
    for contact in ("C-1", "C-2", "C-3", ""):
        more = ("-s", f"contact={contact}") if contact else ()
        crm("create", "deal", f"D {contact}", "--pipeline", "retail", *more)
    crm("create", "company", "ООО", "-s", "email=office@example.com")
    crm("create", "deal", "Офис", "--pipeline", "retail", "-s", "company=O-1")
    crm("create", "lead", "Лид", "-s", "email=PETR@example.com", "--allow-duplicate")
    ran = crm("mail", "deals", "open", "--template", hello, "--out", "letters", "-o", "json")
    assert ran.code == 0
    assert [
        (each["record"], each["status"], each.get("address", each.get("reason")))
        for each in json.loads(ran.out)["letters"]
    ] == [
        ("D-1", "written", "ira@example.com"),
        ("D-5", "written", "office@example.com"),
        ("D-2", "skipped", 'do not contact: C-2 "Пётр"'),
        ("D-3", "skipped", 'no e-mail address: C-3 "Олег"'),
        ("D-4", "skipped", "no contact and no company"),
    ]
    assert 'note: D-3 "D C-3" gets no letter: no e-mail address: C-3 "Олег"' in ran.err
    ran = crm("mail", "leads", "open", "--template", hello, "--out", "letters")
    assert "do not contact: PETR@example.com is an address of C-2" in ran.err
    assert str(letter("letters/D-1.eml")["to"]) == "Ира <ira@example.com>"


def test_a_lead_that_became_a_contact_who_is_not_to_be_contacted_gets_none(hello: str, crm) -> None:
    crm("create", "lead", "Ира", "-s", "email=ira@example.com", "-s", "name=Ира")
    crm(
        "convert",
        "L-1",
        "--to",
        "contact",
        "-s",
        "contact_type=client",
        "-s",
        "contact.email=other@example.com",
    )
    crm("update", "C-1", "-s", "do_not_contact=yes")
    assert "do not contact: C-1" in crm("mail", "leads", "won", "--template", hello, "-n").err


def test_the_blacklist_gets_no_letters(leads: str, crm) -> None:
    crm("blacklist", "add", "domain", "example.com", "--reason", "жалуются")
    ran = crm("mail", "leads", "open", "--template", leads, "-n")
    assert ran.out == ""
    assert "n1@example.com is on the blacklist (domain example.com)" in ran.err


def test_one_address_gets_one_letter(hello: str, crm) -> None:
    for number, address in enumerate(("a@example.com", "A@Example.com", "b@example.com")):
        crm("create", "lead", f"N{number}", "-s", f"email={address}", "--allow-duplicate")
    ran = crm("mail", "leads", "open", "--template", hello, "-n")
    assert [line.split()[1] for line in ran.out.splitlines()] == ["L-1", "L-3"]
    assert 'L-2 "N1" gets no letter: A@example.com has the letter to L-1 "N0"' in ran.err


def test_html_letters_escape_what_customers_wrote(workspace: Path, crm) -> None:
    Path("t.html").write_text("Subject: {{ title }}\n<p>{{ title }}</p>", "utf-8")
    crm("create", "lead", "<script>Ы</script>", "-s", "email=a@example.com")
    crm("mail", "leads", "open", "--template", "t.html", "--out", "letters")
    found = letter("letters/L-1.eml")
    html, plain = found.get_body(("html",)), found.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert html.get_content().strip() == "<p>&lt;script&gt;Ы&lt;/script&gt;</p>"
    assert plain.get_content().strip() == found["subject"] == "<script>Ы</script>"


def test_a_subject_cannot_add_a_header(leads: str, crm) -> None:
    crm("update", "L-1", "-s", "comment=a\r\nBcc: evil@example.com")
    crm(
        "mail", "leads", "id = L-1", "--template", leads, "--subject", "Re: {{ comment }}", "--out", "letters"
    )
    found = letter("letters/L-1.eml")
    assert found["bcc"] is None
    assert found["subject"].endswith("Bcc: evil@example.com")


def test_letters_are_from_the_user_or_as_the_environment_says(leads: str, crm, edit, monkeypatch) -> None:
    edit("crmctl.yaml", "# users:\n#   - {id: anna", "users:\n  - {id: anna")
    edit("crmctl.yaml", "#   - {id: oleg", "  - {id: oleg")
    call = ("mail", "leads", "open", "--template", leads, "--out", "letters")
    assert crm(*call).code == 0
    assert str(letter("letters/L-1.eml")["from"]) == "Анна Коваль <anna@example.com>"
    monkeypatch.setenv("CRMCTL_SMTP_FROM", "Отдел продаж <sales@example.com>")
    crm(*call, "--user", "oleg")
    assert str(letter("letters/L-1.eml")["from"]) == "Отдел продаж <sales@example.com>"
    monkeypatch.delenv("CRMCTL_SMTP_FROM")
    assert "from crmctl@localhost" in crm(*call, "--user", "oleg").err


def test_a_template_that_fails_for_one_record_writes_no_letter_at_all(leads: str, crm) -> None:
    Path(leads).write_text(
        "Subject: x\n{{ 1 // (title == 'N3' and 0 or 1) }}{{ nope if title == 'N3' }}", "utf-8"
    )
    ran = crm("mail", "leads", "open", "--template", leads, "--out", "letters")
    assert ran.code == 1
    assert 'hello.txt:2: unknown name "nope"' in ran.err
    assert 'filled with L-3 "N3"' in ran.err
    assert not Path("letters").exists()


def test_ten_letters_or_more_are_asked_about(leads: str, crm) -> None:
    for number in range(4, 11):
        crm("create", "lead", f"N{number}", "-s", f"email=n{number}@example.com")
    call = ("mail", "leads", "open", "--template", leads, "--out", "letters")
    ran = crm(*call)
    assert (ran.code, ran.err.splitlines()[-2]) == (2, "error: write 10 letters needs a yes")
    assert not Path("letters").exists()
    assert crm(*call, "-n").code == 0
    assert crm(*call, "--yes").code == 0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ((), "no records are named"),
        (("leads", "open"), "no template is named"),
        (("leads", "open", "--template", "hello.txt"), "where to is not said"),
        (("leads", "", "--template", "hello.txt", "--out", "x"), "an empty expression"),
        (("tasks", "open", "--template", "hello.txt", "--out", "x"), "no letters go to tasks"),
        (("products", "id = P-1", "--template", "hello.txt", "--out", "x"), "no letters go to products"),
        (("leads", "stage = nope", "--template", "hello.txt", "--out", "x"), 'unknown stage "nope"'),
        (
            ("leads", "open", "--template", "hello.txt", "--out", "x", "--send"),
            "--out and --send exclude each other",
        ),
        (("leads", "open", "--template", "hello.txt", "--out", "-"), "not written to standard output"),
        (("leads", "open", "--template", "hello.txt", "--out", "hello.txt"), "is the template"),
        (("leads", "open", "--template", "hello.txt", "--out", "crm.json"), "is the database"),
        (("leads", "open", "--template", "hello.txt", "--out", ".crmctl/x"), "crmctl's own"),
        (("leads", "open", "--template", "plain.txt", "--out", "x"), "have no subject"),
        (("leads", "open", "--template", "plain.txt", "--subject", " ", "--out", "x"), "have no subject"),
        (("leads", "open", "--template", "hello.txt", "--send", "--rate", "fast"), "is no rate"),
        (("leads", "open", "--template", "hello.txt", "--out", "x", "--rate", "1/s"), "go with --send"),
        (("leads", "open", "--template", "hello.txt", "--send"), "no mail server is named"),
        (("--outbox", "leads"), "the outbox has its own"),
    ],
)
def test_what_makes_no_mailing_is_refused_by_name(
    leads: str, crm, monkeypatch, call: tuple[str, ...], told: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(Path.cwd()))
    monkeypatch.setenv("CRMCTL_SMTP_HOST", "x.y" if "fast" in call else "")
    monkeypatch.setenv("CRMCTL_SMTP_FROM", "a@b.example")
    Path("plain.txt").write_text("x")
    ran = crm("mail", *call)
    assert ran.code == 2
    assert told in ran.err


def test_nothing_found_is_no_error(leads: str, crm) -> None:
    ran = crm("mail", "leads", "title = nobody", "--template", leads, "--out", "letters")
    assert (ran.code, ran.out, ran.err.splitlines()[-1]) == (0, "", "no letters")
    assert not Path("letters").exists()


def test_undo_takes_the_letters_out_of_the_count(leads: str, crm) -> None:
    crm("mail", "leads", "open", "--template", leads, "--out", "letters")
    crm("mail", "leads", "title = N1", "--template", leads, "--out", "letters")
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "leads", "--where", "letter_count > 0", "-o", "ids").out == "L-1\n"


def test_an_import_knows_its_rows_again_after_a_mailing(hello: str, crm) -> None:
    Path("a.csv").write_text("title,email\nN1,n1@example.com\nN2,n2@example.com\n", "utf-8")
    crm("import", "leads", "a.csv")
    crm("mail", "leads", "open", "--template", hello, "--out", "letters")
    assert "2 unchanged" in crm("import", "leads", "a.csv").err

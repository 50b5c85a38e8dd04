"""`mail --send`: letters to a real server, each address once, whatever comes between."""

import fcntl
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

CERTIFICATE = Path(__file__).parent / "loopback.pem"
HELLO = "Subject: Привет, {{ title }}!\n\nЗдравствуйте.\n"


@pytest.fixture
def leads(workspace: Path, crm) -> None:
    """Five leads with an address each."""
    Path("hello.txt").write_text(HELLO, "utf-8")
    for number in range(1, 6):
        crm("create", "lead", f"N{number}", "-s", f"email=n{number}@example.com")


SEND = ("mail", "leads", "open", "--template", "hello.txt", "--send")
EVERYONE = [f"n{number}@example.com" for number in range(1, 6)]


def test_every_lead_gets_its_letter_and_its_history(leads: None, office: Any, crm) -> None:
    ran = crm(*SEND)
    assert (ran.code, ran.err) == (0, "R-1: 5 letters sent\n")
    assert office.letters == EVERYONE
    assert office.content[0].isascii()
    assert office.hello == "[127.0.0.1]"
    (entry,) = json.loads(crm("log", "L-5", "--operation", "mail", "-o", "json").out)
    assert entry["note"] == '"Привет, N5!" to n5@example.com'
    assert list(Path(".crmctl/mail").iterdir()) == []


def test_the_same_mailing_goes_to_no_address_twice(leads: None, office: Any, crm) -> None:
    crm(*SEND)
    crm("create", "lead", "N6", "-s", "email=n6@example.com")
    ran = crm(*SEND)
    assert (ran.code, ran.err) == (0, "R-2: 1 letter sent, 5 sent before\n")
    assert crm(*SEND).err == "6 sent before\n"
    assert crm("undo", "R-1", "--yes").err.endswith("note: 5 letters went out, which cannot be taken back\n")
    crm(*SEND)
    assert office.letters == [*EVERYONE, "n6@example.com"]


def test_another_subject_or_template_is_another_mailing(leads: None, office: Any, crm) -> None:
    crm(*SEND)
    assert crm(*SEND, "--subject", "Ещё раз").err == "R-2: 5 letters sent\n"
    assert office.letters == [*EVERYONE, *EVERYONE]


def test_again_sends_to_all_once_more_and_goes_on_where_it_stopped(leads: None, office: Any, crm) -> None:
    crm(*SEND)
    office.cut = 8
    assert crm(*SEND, "--again").code == 7
    assert office.letters == [*EVERYONE, "n1@example.com", "n2@example.com"]
    assert crm(*SEND).err == "R-3: 3 letters sent, 2 sent before\n"
    assert office.letters == [*EVERYONE, *EVERYONE]


def test_a_refused_receiver_is_named_and_the_others_go_on(leads: None, office: Any, crm) -> None:
    office.refused = {"n2@example.com": "550 5.1.1 no such user", "n4@example.com": "450 try later"}
    ran = crm(*SEND)
    assert ran.code == 7
    assert ran.err.splitlines() == [
        'warning: L-2 "N2" to n2@example.com: refused: 550 5.1.1 no such user',
        'warning: L-4 "N4" to n4@example.com: refused: 450 try later',
        "R-1: 3 letters sent, 2 refused",
    ]
    assert crm("log", "L-2", "--operation", "mail").out == ""
    office.refused = {}
    assert crm(*SEND).code == 0
    assert sorted(office.letters) == EVERYONE


def test_a_letter_that_is_refused_after_all_is_tried_again(leads: None, office: Any, crm) -> None:
    office.answers = ["554 looks like spam"]
    ran = crm(*SEND)
    assert (ran.code, "L-1" in ran.err, office.letters) == (7, True, EVERYONE[1:])
    crm(*SEND)
    assert sorted(office.letters) == EVERYONE


def test_a_connection_that_is_cut_ends_it_and_the_same_command_goes_on(leads: None, office: Any, crm) -> None:
    office.cut = 3
    ran = crm(*SEND)
    assert ran.code == 7
    assert f"error: the connection to 127.0.0.1:{office.port} was lost" in ran.err
    assert "R-1: 2 letters sent, 3 not sent yet" in ran.err
    assert office.letters == EVERYONE[:2]
    ran = crm(*SEND)
    assert (ran.code, ran.err) == (0, "R-2: 3 letters sent, 2 sent before\n")
    assert office.letters == EVERYONE


def test_a_server_that_ends_a_connection_between_letters_gets_another(leads: None, office: Any, crm) -> None:
    office.leave = 2
    assert crm(*SEND).code == 0
    assert office.letters == EVERYONE


def test_a_server_that_cannot_be_reached_gets_nothing(
    leads: None, office: Any, crm, monkeypatch, free_port: int
) -> None:
    monkeypatch.setenv("CRMCTL_SMTP_PORT", str(free_port))
    ran = crm(*SEND, "-o", "json")
    assert ran.code == 1
    assert json.loads(ran.err.splitlines()[-1])["error"]["code"] == "not_delivered"
    assert json.loads(ran.out)["waiting"] == 5


def contexts() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_letters_go_encrypted_to_a_server_that_can_be_trusted(
    leads: None, serve: Callable[..., Any], crm, monkeypatch, way: str
) -> None:
    options: dict[str, Any] = {"require_starttls": True, "tls_context": contexts()}
    office = serve(way, **(options if way == "starttls" else {"ssl_context": contexts()}))
    ran = crm(*SEND)
    assert (ran.code, office.letters) == (1, [])
    assert "the certificate of 127.0.0.1" in ran.err
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert crm(*SEND).code == 0
    assert office.letters == EVERYONE


def test_a_server_without_encryption_gets_nothing_unless_that_is_said(
    leads: None, serve: Callable[..., Any], crm
) -> None:
    office = serve("starttls")
    ran = crm(*SEND)
    assert (ran.code, office.letters) == (1, [])
    assert "offers no encryption (STARTTLS)" in ran.err


def test_the_password_is_asked_for_checked_and_never_told(
    leads: None, serve: Callable[..., Any], crm, monkeypatch
) -> None:
    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"s3cret", handled=False)

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    options = {"auth_required": True, "authenticator": authenticate, "tls_context": contexts()}
    office = serve("starttls", **options)
    monkeypatch.setenv("CRMCTL_SMTP_USER", "anna")
    monkeypatch.setenv("CRMCTL_SMTP_PASSWORD", "wr0ng")
    ran = crm(*SEND)
    assert (ran.code, office.letters) == (1, [])
    assert f"127.0.0.1:{office.port} does not let anna in: 535" in ran.err
    assert "wr0ng" not in ran.err
    monkeypatch.setenv("CRMCTL_SMTP_PASSWORD", "s3cret")
    assert crm(*SEND).code == 0


def test_the_password_is_not_sent_openly_over_the_net(leads: None, office: Any, crm, monkeypatch) -> None:
    monkeypatch.setenv("CRMCTL_SMTP_USER", "anna")
    monkeypatch.setenv("CRMCTL_SMTP_HOST", "127.0.0.2")
    ran = crm(*SEND)
    assert ran.code == 1
    assert office.letters == []


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crmctl", *SEND, "--rate", "4/s", *more],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(office: Any, count: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while len(office.letters) < count and process.poll() is None:
        assert time.monotonic() < deadline, f"{len(office.letters)} of {count} letters came"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_mailing_that_is_ended_goes_on_and_nobody_gets_two(
    leads: None, office: Any, workspace: Path, crm, number: signal.Signals
) -> None:
    process = started(workspace)
    wait_for(office, 2, process)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == {9: -9, 15: 143, 2: 130}[number], told
    before = json.loads(crm("log", "-o", "json", "--operation", "mail").out)
    assert len(before) == (0 if number is signal.SIGKILL else len(office.letters))
    assert crm(*SEND, "-n").out.count("+ ") in (3, 2)
    ran = crm(*SEND, "-o", "json")
    summary = json.loads(ran.out)
    assert len(office.letters) == len(set(office.letters))
    missing = set(EVERYONE) - set(office.letters)
    # Of a letter that was with the server when the process was killed it cannot be known: it is named.
    assert len(missing) <= summary["doubtful"] <= 1
    assert ran.code == (7 if summary["doubtful"] else 0)
    assert len(json.loads(crm("log", "-o", "json", "--operation", "mail").out)) == 5


def test_a_letter_in_doubt_is_named_and_sent_only_where_that_is_asked(
    leads: None, office: Any, workspace: Path, crm
) -> None:
    process = started(workspace)
    wait_for(office, 1, process)
    process.kill()
    process.communicate()
    (journal,) = Path(".crmctl/mail").iterdir()
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b'{"key":"half')
    ran = crm(*SEND)
    assert ran.code == 7
    assert (
        'warning: L-1: doubtful: "Привет, N1!" to n1@example.com: cut off, it may not have arrived' in ran.err
    )
    assert office.letters.count("n1@example.com") == 1
    assert "cut off" in crm("show", "L-1", "--with", "history").out
    ran = crm(*SEND)
    assert (ran.code, office.letters.count("n1@example.com")) == (0, 1)
    assert 'L-1 "N1" gets no letter: cut off, it may not have arrived (--retry-doubtful' in ran.err
    assert crm(*SEND, "--retry-doubtful").err == "R-3: 1 letter sent, 4 sent before\n"
    assert crm(*SEND, "--retry-doubtful").code == 0
    assert office.letters.count("n1@example.com") == 2


def test_two_at_once_send_each_letter_once(leads: None, office: Any, workspace: Path, crm) -> None:
    process = started(workspace)
    wait_for(office, 1, process)
    ran = crm(*SEND)
    assert (ran.code, ran.err.splitlines()[0]) == (5, "error: this mailing is being sent by another process")
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert office.letters == EVERYONE


def test_no_lock_of_the_store_is_held_meanwhile(leads: None, office: Any, workspace: Path, crm) -> None:
    process = started(workspace)
    wait_for(office, 1, process)
    assert crm("create", "lead", "meanwhile", "--lock-timeout", "0").code == 0
    assert process.poll() is None
    process.communicate(timeout=60)
    assert crm("list", "leads", "--where", "letter_count = 1", "--count").out == "5\n"


def test_a_record_that_is_deleted_meanwhile_stands_in_nobodys_way(
    leads: None, office: Any, workspace: Path, crm
) -> None:
    process = started(workspace)
    wait_for(office, 1, process)
    assert crm("delete", "L-5", "--yes").code == 0
    _, told = process.communicate(timeout=60)
    assert (process.returncode, office.letters) == (0, EVERYONE), told


def test_what_a_killed_mailing_sent_is_in_history_after_the_next_one_of_any_kind(
    leads: None, office: Any, workspace: Path, crm
) -> None:
    process = started(workspace)
    wait_for(office, 2, process)
    process.kill()
    process.communicate()
    assert crm("log", "--operation", "mail").out == ""
    count = len(office.letters)
    crm(*SEND, "--subject", "another")
    mine = [
        each
        for each in json.loads(crm("log", "--operation", "mail", "-o", "json").out)
        if "Привет" in each["note"]
    ]
    assert len(mine) >= count


def test_letters_whose_history_cannot_be_written_now_are_known_to_the_next_call(
    leads: None, office: Any, crm
) -> None:
    with Path("crm.json.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = crm(*SEND, "--lock-timeout", "0")
    assert (ran.code, office.letters) == (5, EVERYONE)
    assert "what was sent is sent, and is known" in ran.err
    assert crm(*SEND).err == "5 sent before\n"
    assert office.letters == EVERYONE
    assert len(json.loads(crm("log", "--operation", "mail", "-o", "json").out)) == 5


def test_who_may_only_view_a_lead_writes_to_it_and_its_history_tells(
    leads: None, office: Any, crm, edit
) -> None:
    edit("crmctl.yaml", "# users:\n#   - {id: anna", "users:\n  - {id: anna")
    edit("pipelines/leads.yaml", "stages:\n", "access:\n  - {role: manager, actions: [view]}\nstages:\n")
    assert crm("update", "L-1", "-s", "comment=x").code == 1
    assert crm(*SEND).code == 0
    assert (office.letters, crm(*SEND).err) == (EVERYONE, "5 sent before\n")


def test_a_hook_is_not_asked_about_letters_that_went_out(
    leads: None, office: Any, trusting: Any, crm
) -> None:
    trusting("before-change", "echo no >&2; exit 1")
    trusting("after-change", 'cat > "$OUT/heard"')
    ran = crm(*SEND)
    assert (ran.code, ran.err) == (0, "R-1: 5 letters sent\n")
    assert len(Path("heard").read_text("utf-8").splitlines()) == 5
    assert crm(*SEND).err == "5 sent before\n"

"""`mail --send` to servers that stall, flood, refuse or hang up."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEND = ("mail", "leads", "open", "--template", "hello.txt", "--send")


@pytest.fixture
def leads(workspace: Path, crm) -> None:
    """Two leads with an address each."""
    Path("hello.txt").write_text("Subject: Привет, {{ title }}!\n\nЗдравствуйте.\n", "utf-8")
    for number in (1, 2):
        crm("create", "lead", f"N{number}", "-s", f"email=n{number}@example.com")


def started(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crmctl", *SEND],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(server: Any, verb: str, process: subprocess.Popen[str]) -> None:
    while verb not in server.heard and process.poll() is None:
        time.sleep(0.01)


def flood(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"250-" + b"x" * 1000 + b"\r\n")


@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_server_that_answers_without_end_is_left(
    leads: None, rogue: Callable[..., Any], crm, verb: str
) -> None:
    server = rogue({verb: flood})
    ran = crm(*SEND)
    assert ran.code == 1
    assert f"127.0.0.1:{server.port}" in ran.err
    assert "it answers with more than 64 KiB" in ran.err
    assert "no letters, 2 not sent yet" in ran.err


def test_a_server_of_another_kind_is_told_as_such(leads: None, rogue: Callable[..., Any], crm) -> None:
    rogue({"HELLO": b"HTTP/1.1 400 Bad Request"})
    ran = crm(*SEND)
    assert ran.code == 1
    assert 'it does not speak SMTP: "HTTP/1.1 400 Bad Request"' in ran.err


@pytest.mark.parametrize(
    ("verb", "number", "code"),
    [
        ("RCPT", signal.SIGTERM, 143),
        ("DATA", signal.SIGHUP, 143),
        (".", signal.SIGINT, 130),
        (".", signal.SIGTERM, 143),
    ],
)
def test_a_second_interruption_does_not_wait_for_a_server_that_stalls(
    leads: None, rogue: Callable[..., Any], workspace: Path, crm, verb: str, number: signal.Signals, code: int
) -> None:
    server = rogue(stalled=verb)
    process = started(workspace)
    wait_for(server, verb, process)
    process.send_signal(number)
    # A signal that comes while the same one is not heard yet is none of its own.
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in told) == (code, False), told
    assert "QUIT" not in server.heard
    rogue()
    ran = crm(*SEND)
    assert ran.code == 0, ran.err
    assert ("L-1" in ran.err and "cut off, it may not have arrived" in ran.err) == (verb in ("DATA", "."))


def test_leaving_a_server_that_says_no_farewell_is_interrupted_at_once(
    leads: None, rogue: Callable[..., Any], workspace: Path, crm
) -> None:
    server = rogue(stalled="QUIT")
    process = started(workspace)
    wait_for(server, "QUIT", process)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 143
    assert len(crm("log", "--operation", "mail").out.splitlines()) == 2


def test_who_interrupts_a_letter_that_is_refused_gets_no_further_one_sent(
    leads: None, rogue: Callable[..., Any], workspace: Path
) -> None:
    def refuse(connection: socket.socket) -> None:
        process.terminate()
        time.sleep(0.5)
        connection.sendall(b"550 no such user\r\n")

    server = rogue({"RCPT": refuse})
    process = started(workspace)
    process.communicate(timeout=30)
    assert process.returncode == 143
    assert server.heard.count("MAIL") == 1


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("RCPT", "550 5.1.1 no such user"),
        ("RCPT", "451 4.7.1 greylisted"),
        ("DATA", "554 no letters today"),
        (".", "552 too big"),
    ],
)
def test_where_every_letter_is_refused_it_is_done_in_part(
    leads: None, rogue: Callable[..., Any], crm, verb: str, said: str
) -> None:
    rogue({verb: said.encode()})
    ran = crm(*SEND)
    assert (ran.code, ran.err.splitlines()) == (
        7,
        [
            f'warning: L-1 "N1" to n1@example.com: refused: {said}',
            f'warning: L-2 "N2" to n2@example.com: refused: {said}',
            "no letters, 2 refused",
        ],
    )


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("said", [hang_up, b"421 going down"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_where_the_server_leaves_it_is_told_how_to_go_on(
    leads: None, rogue: Callable[..., Any], crm, verb: str, said: Any
) -> None:
    server = rogue({verb: said})
    ran = crm(*SEND)
    assert ran.code == 1
    assert f"error: the connection to 127.0.0.1:{server.port} was lost: " in ran.err
    assert "hint: the same command goes on where this one stopped" in ran.err
    rogue()
    assert crm(*SEND).err == "R-1: 2 letters sent\n"


def test_a_server_that_leaves_after_a_refusal_gets_the_next_letter(
    leads: None, rogue: Callable[..., Any], crm
) -> None:
    server = rogue({"RCPT": b"550 no such user", "RSET": hang_up})
    assert crm(*SEND).code == 7
    assert server.heard.count("RCPT") == 2


def test_a_server_that_lets_nobody_log_in_is_told_as_such(
    leads: None, rogue: Callable[..., Any], crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = rogue()
    monkeypatch.setenv("CRMCTL_SMTP_USER", "anna")
    monkeypatch.setenv("CRMCTL_SMTP_PASSWORD", "s3cret")
    ran = crm(*SEND)
    assert ran.code == 1
    assert f"error: 127.0.0.1:{server.port} lets nobody log in (it offers no AUTH)" in ran.err
    assert "hint: without CRMCTL_SMTP_USER letters go to it without a login" in ran.err

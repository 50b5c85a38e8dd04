"""`mail --send` to servers that stall, flood, refuse or hang up."""

import socket
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

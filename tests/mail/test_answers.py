"""Answers of mail servers that go on and on."""

import smtplib
import socket
from collections.abc import Callable
from typing import Any

import pytest

from crmctl.mail.answers import BoundedSMTP, NotSmtp


def flood(piece: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        while True:
            connection.sendall(piece)

    return send


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        (b"250-x\r\n", "more than 100 lines"),
        (b"250-" + b"x" * 1000 + b"\r\n", "more than 64 KiB"),
        (b"2" * 1000, "more than 64 KiB"),
    ],
)
@pytest.mark.parametrize("verb", ["HELLO", "NOOP"])
def test_an_answer_without_end_is_ended(
    rogue: Callable[..., Any], piece: bytes, told: str, verb: str
) -> None:
    server = rogue({verb: flood(piece)})
    with pytest.raises(NotSmtp, match=told):
        BoundedSMTP("127.0.0.1", server.port, timeout=60).noop()


def test_a_whole_answer_has_the_time_that_one_byte_has(rogue: Callable[..., Any]) -> None:
    def drip(connection: socket.socket) -> None:
        while not server.over.wait(0.05):
            connection.sendall(b"2")

    server = rogue({"NOOP": drip})
    connection = BoundedSMTP("127.0.0.1", server.port, timeout=0.5)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="no whole answer within"):
        connection.noop()


def test_an_answer_of_several_lines_arrives_whole(rogue: Callable[..., Any]) -> None:
    server = rogue({"NOOP": b"250-one\r\n250-\r\n250 three"})
    with BoundedSMTP("127.0.0.1", server.port, timeout=60) as connection:
        assert connection.noop() == (250, b"one\n\nthree")


@pytest.mark.parametrize("said", [b"\xff\xfegarbage", b"HTTP/1.1 400 Bad Request", b"25", b""])
def test_what_is_no_answer_is_told_as_it_is(rogue: Callable[..., Any], said: bytes) -> None:
    server = rogue({"NOOP": said})
    connection = BoundedSMTP("127.0.0.1", server.port, timeout=60)
    with pytest.raises(NotSmtp, match="it does not speak SMTP"):
        connection.noop()

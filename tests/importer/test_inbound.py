"""Files of messages: which kind they are, and how an mbox is taken apart."""

import mailbox
from collections.abc import Callable
from contextlib import ExitStack
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.importer.inbound import Inbound
from crmctl.importer.inbound_formats import message_format, read_messages
from crmctl.importer.source import Source
from crmctl.model.field import Conventions

Read = Callable[..., list[Inbound]]
LETTER = "From: a@b.example\nMessage-ID: <{}>\n\n{}\n"


@pytest.fixture
def messages(tmp_path: Path, conventions: Conventions) -> Read:
    """Return the messages of a file with this content."""

    def read(content: str | bytes, name: str = "in") -> list[Inbound]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with ExitStack() as stack:
            return list(read_messages(stack.enter_context(Source(str(path))), conventions))

    return read


def texts(found: list[Inbound]) -> list[str]:
    return [each.message.text if each.message else each.reason for each in found]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ('{"channel": "call"}', "in.mbox", "json"),
        ("[]", "in", "json"),
        ("\ufeff\n {}", "in.eml", "json"),
        ("From a@b.example Sat Nov 21 09:00:00 2026\nFrom: x\n", "in.json", "mbox"),
        ("Received: from x\n\tby y\nFrom: a@b.example\n\n", "in.txt", "eml"),
        ("\r\nSubject:\r\n", "in", "eml"),
        ("garbage", "in.eml", "eml"),
        ("garbage", "in", "json"),
        ("", "in.eml", "json"),
    ],
)
def test_the_kind_of_a_file_is_told_by_what_it_holds(
    tmp_path: Path, content: str, name: str, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode())
    with Source(str(path)) as source:
        assert message_format(source) == expected


def test_an_mbox_as_mail_programs_write_it(messages: Read, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for text in ("раз", "From me\n\nFrom you\n>From them", "три\n"):
        mail = MIMEText(text, "plain", "utf-8")
        mail["From"] = "a@b.example"
        mail.replace_header("Content-Transfer-Encoding", "8bit")
        mail.set_payload(text)
        box.add(mail.as_bytes() if text.isascii() else mail.as_string().encode())
    box.close()
    found = messages((tmp_path / "box").read_bytes())
    assert [each.place for each in found] == ["message 1", "message 2", "message 3"]
    assert texts(found)[1].splitlines()[0] == "From me"


def test_a_letter_begins_after_an_empty_line_and_before_a_header(messages: Read) -> None:
    body = "a\nFrom here\n\nFrom there on it rains\n\n>From: quoted\n>>From me"
    box = f"From x\n{LETTER.format(1, body)}\nFrom - Sat Nov 21\n{LETTER.format(2, 'b')}"
    assert texts(messages(box)) == [body.replace(">>From me", ">From me"), "b"]


def test_line_ends_of_any_kind_are_one(messages: Read) -> None:
    box = f"From x\n{LETTER.format(1, 'a')}\nFrom y\n{LETTER.format(2, 'b')}".replace("\n", "\r\n")
    assert texts(messages(box)) == ["a", "b"]


def test_a_broken_letter_leaves_the_others_alone(messages: Read) -> None:
    box = f"From x\ngarbage\n\nFrom y\n{LETTER.format(1, 'a')}"
    assert texts(messages(box)) == ["not an e-mail: it has no headers", "a"]
    assert texts(messages("From afar")) == ["not an e-mail: it has no headers"]


def test_of_a_letter_of_many_megabytes_the_beginning_is_read(messages: Read) -> None:
    head = "From x\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nтекст\n--b\n"
    attachment = "Content-Disposition: attachment\n\n" + ("x" * 76 + "\n") * 150_000
    assert texts(messages(f"{head}{attachment}--b--\n\nFrom y\n{LETTER.format(2, 'b')}")) == ["текст", "b"]


@given(
    st.lists(
        st.sampled_from(
            [
                "From x\n",
                "From: a@b.example\n",
                "\n",
                ">From\n",
                "{",
                '{"channel":',
                '"a"}',
                "[",
                "text\n",
                "\r",
            ]
        )
    ).map("".join)
)
def test_whatever_a_file_holds_it_is_read_to_its_end(content: str) -> None:
    from datetime import UTC, datetime

    from crmctl.errors import Refused

    with Source("-x-", content.encode()) as source:
        try:
            found = list(read_messages(source, Conventions(datetime(2026, 11, 21, tzinfo=UTC))))
        except Refused:
            return
    assert all(each.message or each.reason for each in found)

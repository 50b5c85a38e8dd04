"""Letters: whatever their encodings, headers and parts are, there is a message or a reason why not."""

from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.importer.inbound_mail import letter_document

LONGEST = 65_536


def document(content: bytes | str, longest: int = LONGEST) -> dict[str, object]:
    return letter_document(content.encode() if isinstance(content, str) else content, longest)[0]


def notes(content: bytes | str, longest: int = LONGEST) -> tuple[str, ...]:
    return letter_document(content.encode() if isinstance(content, str) else content, longest)[1]


def test_a_letter_has_the_keys_of_a_message() -> None:
    mail = MIMEText("Пришлите прайс.\r\nСпасибо!\n", "plain", "koi8-r")
    mail["From"] = f"{Header('Иван Петров', 'koi8-r').encode()} <ivan@example.com>"
    mail["Subject"] = Header("Прайс на кофе и на всё остальное, что у вас есть", "windows-1251")
    mail["Date"] = "Sat, 21 Nov 2026 09:00:00 +0200"
    mail["Message-ID"] = "<1@example.com>"
    assert document(mail.as_bytes()) == {
        "channel": "email",
        "from": {"name": "Иван Петров", "email": "ivan@example.com"},
        "id": "1@example.com",
        "at": "2026-11-21T07:00:00+00:00",
        "subject": "Прайс на кофе и на всё остальное, что у вас есть",
        "text": "Пришлите прайс.\nСпасибо!",
    }


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("a@b.example", {"email": "a@b.example"}),
        ("<a@b.example>", {"email": "a@b.example"}),
        ("a@b.example (Иван)", {"name": "Иван", "email": "a@b.example"}),
        ('"Петров, Иван" <a@b.example>', {"name": "Петров, Иван", "email": "a@b.example"}),
        ("Петров, Иван <a@b.example>", {"name": "Петров, Иван", "email": "a@b.example"}),
        ("=?utf-8?B?0JjQstCw0L0gPGFAYi5leGFtcGxlPg==?=", {"name": "Иван", "email": "a@b.example"}),
        ('"=?utf-8?B?0JjQstCw0L0=?=" <a@b.example>', {"name": "Иван", "email": "a@b.example"}),
        ("=?utf-8?Q?fake=40c=2Eexample?= <a@b.example>", {"name": "fake@c.example", "email": "a@b.example"}),
        ("a@b.example <a@b.example>", {"email": "a@b.example"}),
        ("undisclosed", {}),
        ("", {}),
    ],
)
def test_senders_are_found_however_they_are_written(header: str, sender: dict[str, str]) -> None:
    assert document(f"From: {header}\nTo: x@y.example\n\ntext")["from"] == sender


def test_without_a_sender_others_answer_for_the_letter() -> None:
    assert document("Sender: s@b.example\nReply-To: r@b.example\n\n")["from"] == {"email": "s@b.example"}
    assert document("From: nobody\nReply-To: r@b.example\n\n")["from"] == {"email": "r@b.example"}


def test_the_plain_part_is_read_and_the_html_where_there_is_none() -> None:
    mail = MIMEMultipart("alternative")
    mail["From"] = "a@b.example"
    mail.attach(MIMEText("<p>красиво</p>", "html", "utf-8"))
    assert document(mail.as_bytes())["text"] == "красиво"
    mail.attach(MIMEText("просто", "plain", "utf-8"))
    assert document(mail.as_bytes())["text"] == "просто"


def test_attachments_and_attached_letters_are_left_out() -> None:
    mail = MIMEMultipart("mixed")
    mail["From"] = "a@b.example"
    mail.attach(MIMEText("текст", "plain", "utf-8"))
    attached = MIMEText("вложение", "plain", "utf-8")
    attached["Content-Disposition"] = 'attachment; filename="x.txt"'
    mail.attach(attached)
    text = mail.as_string().rpartition("--")[0].rpartition("--")[0]
    text += f"--{mail.get_boundary()}\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\nпересланное\n"
    assert document(text)["text"] == "текст"


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "iso-8859-5", "utf-8", "utf-16", "cp866"])
def test_texts_are_read_in_the_encoding_that_is_named(charset: str) -> None:
    body = "Привет".encode(charset)
    assert (
        document(f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + body)[
            "text"
        ]
        == "Привет"
    )


@pytest.mark.parametrize("charset", ["", "no-such", "us-ascii", "unicode_escape", "idna", '"'])
def test_what_is_in_no_encoding_that_is_named_is_utf_8_or_replaced_and_told(charset: str) -> None:
    head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert document(head + "Привет".encode())["text"] == "Привет"
    assert "\ufffd" in str(document(head + "Привет".encode("cp1251"))["text"])
    assert notes(head + "Привет".encode("cp1251"))[-1:] == (
        "some characters could not be read: they are not in the encoding that is named",
    )
    told = (f'its encoding "{charset}" is unknown: read as UTF-8',)
    assert notes(head + b"+BB8EQAQ4-") == (() if charset in ("", "us-ascii") else told)


@pytest.mark.parametrize("charset", ["utf-7", "UTF7", "unicode-1-1-utf-7"])
def test_seven_bits_are_read_and_halves_of_characters_are_not_taken_for_any(charset: str) -> None:
    head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n"
    assert document(head + "+BB8EQAQ4-") == {**document(head), "text": "При"}
    assert document(head + "a +2AA- b")["text"] == "a +2AA- b"


@pytest.mark.parametrize(
    "kind",
    ["multipart/mixed", "multipart/mixed; boundary=other", "application/json", "text/calendar", "letter/x"],
)
def test_what_reads_as_text_is_kept_as_it_came_where_no_part_says_that_it_is(kind: str) -> None:
    body = "--x\nContent-Type: text/plain\n\nБеру два ящика\n--x--"
    content = f"From: a@b.example\nContent-Type: {kind}\n\n{body}\n"
    assert document(content)["text"] == body
    assert notes(content) == ("its parts cannot be told apart, or are no plain text: kept as they came",)


def test_a_broken_multipart_beside_text_is_told() -> None:
    content = (
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nБеру\n"
        "--b\nContent-Type: multipart/alternative\n\n--c\n\nдва\n--c--\n--b--\n"
    )
    assert (document(content)["text"], notes(content)) == (
        "Беру",
        ("a part of it is a broken multipart: left out",),
    )


def test_a_broken_multipart_is_not_encoded_as_a_whole() -> None:
    head = "From: a@b.example\nContent-Type: multipart/mixed\nContent-Transfer-Encoding: base64\n\n"
    assert document(f"{head}--x\n\nБеру")["text"] == "--x\n\nБеру"


def test_of_a_multipart_that_is_broken_nothing_is_lost_in_any_encoding() -> None:
    content = "From: a@b.example\nContent-Type: multipart/mixed\n\n--x\n\nБеру\n".encode("cp1251")
    assert str(document(content)["text"]).startswith("--x\n\n\ufffd")
    assert len(notes(content)) == 2


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=",
        "Content-Disposition: attachment\n\nтекст",
        "Content-Type: message/rfc822\n\nFrom: c@d.example\n\nпересланное",
    ],
)
def test_a_letter_of_which_no_text_is_kept_is_told(part: str) -> None:
    told = "no text in it can be read: what it holds is left out"
    alone = f"From: a@b.example\n{part}\n"
    among = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}\n--b--\n"
    for content in (alone, among):
        assert "text" not in document(content)
        assert notes(content) == (told,)
    beside = among.replace("--b--", "--b\n\nсм. вложение\n--b--")
    assert (document(beside)["text"], notes(beside)) == ("см. вложение", ())


def test_a_letter_that_says_nothing_is_nothing_to_tell() -> None:
    empty = '<html><head><title>t</title></head><body><div dir="ltr"><br></div></body></html>'
    for kind, body in (("text/plain", " \n"), ("text/html", empty), ("multipart/mixed; boundary=b", "")):
        content = f"From: a@b.example\nContent-Type: {kind}\n\n{body}"
        assert ("text" in document(content), notes(content)) == (False, ())


@pytest.mark.parametrize("html", ["<style>p{} Беру", "<!-- Беру", "<a href='Беру"])
def test_html_that_hides_its_text_for_good_is_kept_as_it_came(html: str) -> None:
    head = "From: a@b.example\nContent-Type: text/html\n\n"
    assert document(head + html)["text"] == html
    assert (document(f"{head}Я {html}")["text"], notes(f"{head}Я {html}")) == (
        "Я",
        ("its HTML is broken: text may be missing",),
    )


def test_base64_that_is_none_is_kept_and_told() -> None:
    content = "From: a@b.example\nContent-Transfer-Encoding: base64\n\nHello"
    assert document(content)["text"] == "Hello"
    assert notes(content) == ("a part of it is damaged: kept as it came",)


def test_parts_beyond_the_most_are_told() -> None:
    content = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n" + "\n--b\n\nx\n" * 300
    assert notes(content) == ("only its first 200 parts are read",)


def test_dates_are_of_any_zone_and_what_is_none_is_told() -> None:
    def at(date: str) -> object:
        return document(f"From: a@b.example\nDate: {date}\n\n").get("at")

    assert at("Sat, 21 Nov 2026 09:00:00 -0000") == "2026-11-21T09:00:00+00:00"
    assert at("21 Nov 2026 09:00:00 EST") == "2026-11-21T14:00:00+00:00"
    for date in ("вчера", "Fri, 31 Dec 9999 23:59:59 -2359", "99 Nov 2026 99:00", "0"):
        assert at(date) is None
        assert notes(f"From: a@b.example\nDate: {date}\n\n") == ("its date cannot be read: taken as of now",)


def test_long_letters_are_cut_and_that_is_told() -> None:
    content = "From: a@b.example\n\n" + "x" * 100
    assert document(content, 50)["text"] == "x" * 50
    assert notes(content, 50) == ("cut after 50 characters",)


@pytest.mark.parametrize("size", [1001, 100_000, 10_000_000])
def test_a_subject_beyond_the_length_of_a_line_is_cut_and_that_is_told(size: int) -> None:
    content = f"From: a@b.example\nSubject: {'x' * size}\n\n"
    assert document(content)["subject"] == "x" * 1000
    assert "its subject is cut after 1,000 characters" in notes(content)


def test_a_subject_as_long_as_a_line_is_whole_however_encoded() -> None:
    subject = "Ж" * 1000
    for encoded in (subject, Header(subject, "utf-8").encode(), Header(subject, "koi8-r").encode()):
        content = f"From: a@b.example\nSubject: {encoded}\n\n"
        assert (document(content)["subject"], notes(content)) == (subject, ())


def test_a_letter_that_is_all_headers_is_told_to_have_lost_its_text() -> None:
    content = f"From: a@b.example\nX-Other: {'x' * 10_000_000}\n\nтекст"
    assert notes(content) == ("no text in it can be read: what it holds is left out",)


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"\x00\xff\xfe", b"X-Other: 1\n\ntext", b"\n\nFrom: a@b.example"]
)
def test_what_has_no_headers_is_no_letter(content: bytes) -> None:
    with pytest.raises(BadValue, match="not an e-mail"):
        document(content)


@pytest.mark.parametrize(
    "content",
    [
        "From: a@b.example\n" + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n" * 30_000,
        "From: " + "<" * 50_000 + "@\n\n",
        "From: a@b.example\nSubject: " + "=?utf-8?B?" * 20_000 + "\n\n",
        "From: a@b.example\nContent-Type: text/plain; " + "name*0*=a;" * 20_000 + "\n\ntext",
        "From: a@b.example\nContent-Type: text/html\n\n" + "<" * 900_000,
    ],
    ids=["nested", "parts", "brackets", "words", "parameters", "tags"],
)
def test_bombs_come_to_an_end(content: str) -> None:
    assert document(content)["channel"] == "email"


_LINES = st.sampled_from(
    [
        "From: a@b.example", "From: =?utf-8?B?", "Subject: =?koi8-r?Q?=F0?=", "Date: x", "Message-ID: <", "\n",
        "Content-Type: multipart/mixed; boundary=b", "Content-Type: text/html; charset=x", "--b", "--b--", "text",
        "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: x-uuencode", "begin 644 x", "=D0=", "PHA+",
        "Content-Type: text/plain; charset*=utf-8''%", "Content-Disposition: attachment; filename*0*=x", " folded",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(_LINES, st.text(max_size=20)), max_size=20).map("\n".join))
def test_whatever_comes_is_a_letter_or_none(content: str) -> None:
    try:
        found = document(content.encode("utf-8", "surrogatepass"), 100)
    except BadValue:
        return
    assert "\0" not in str(found)
    assert len(str(found.get("text", ""))) <= 100

"""Letters as messages that other programs read back."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.mail.message import message_of
from crmctl.mail.plain_text import plain_text
from crmctl.model.letter import Letter, Sender

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SENDER = Sender("anna@example.com", "Анна Коваль")


def parsed(
    subject: str = "Тема", text: str = "Привет\n", name: str = "Ирина", **more: object
) -> EmailMessage:
    letter = Letter("L-1", "x", "ira@example.com", name, subject, text, **more)  # type: ignore[arg-type]
    content = message_of(letter, SENDER, AT)
    assert content.isascii()
    assert all(len(line) < 200 for line in content.split(b"\r\n"))
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    assert list(found)[:5] == ["From", "To", "Subject", "Date", "Message-ID"]
    assert sorted(found)[-1] == "To"
    return found


def test_a_letter_has_the_headers_and_the_text_that_it_should() -> None:
    found = parsed("Заказ №5 готов, приезжайте за ним в любой день до конца недели", "Привет!\n.\nFrom me\n")
    assert found["subject"] == "Заказ №5 готов, приезжайте за ним в любой день до конца недели"
    assert str(found["from"]) == "Анна Коваль <anna@example.com>"
    assert str(found["to"]) == "Ирина <ira@example.com>"
    assert found["date"].datetime == AT
    assert found["message-id"].endswith("@example.com>")
    assert found.get_content().replace("\r\n", "\n") == "Привет!\n.\nFrom me\n"


@given(st.text(max_size=200), st.text(max_size=80), st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_text_gets_out_of_its_header(subject: str, name: str, text: str) -> None:
    clean = "".join(each for each in subject if not "\ud800" <= each <= "\udfff")
    called = "".join(each for each in name if not "\ud800" <= each <= "\udfff")
    found = parsed(clean, text, called)
    assert [each.addr_spec for each in found["to"].addresses] == ["ira@example.com"]
    assert set(found) <= {
        *("From", "To", "Subject", "Date", "Message-ID"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


@pytest.mark.parametrize("subject", ["x\r\nBcc: evil@x.y", "x\nBcc: evil@x.y", "x\u2028Bcc: evil@x.y"])
def test_a_subject_injects_no_header(subject: str) -> None:
    found = parsed(subject)
    assert found["bcc"] is None
    assert found["subject"] == "x Bcc: evil@x.y"


def test_names_with_signs_come_back_as_they_are() -> None:
    for name in ('O\'Neil, "Bob"', "Smith; John", "a\\b", "Иванов, Пётр", "=?utf-8?q?x?="):
        (address,) = parsed(name=name)["to"].addresses
        assert address.display_name == name


def test_html_comes_with_its_text() -> None:
    found = parsed(text="Привет, Ира, без знаков\n", html="<p>Привет, <b>Ира</b>!</p>")
    assert found.get_content_type() == "multipart/alternative"
    plain, html = (found.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Привет, Ира, без знаков"
    assert html.get_content().strip() == "<p>Привет, <b>Ира</b>!</p>"


def test_a_letter_that_is_sent_again_has_the_same_message_id() -> None:
    ids = {parsed(text=text, key="k")["message-id"] for text in ("a", "b")}
    assert len(ids) == 1
    assert parsed(key="other")["message-id"] not in ids


@pytest.mark.parametrize(
    "address", ["a b@c.d", "a@b@c", "<x@y.z>", "a@b.c\r\nBcc: x@y.z", "ірина@example.com", ""]
)
def test_what_no_header_takes_is_no_address(address: str) -> None:
    with pytest.raises(BadValue, match="address"):
        message_of(Letter("L-1", "x", address, "", "s", "t"), SENDER, AT)


def test_html_as_text_keeps_paragraphs_lists_and_where_links_lead() -> None:
    html = (
        "<html><head><title>t</title><style>x{}</style></head><body><h1>Заказ</h1><p>Привет,\n <b>Ира</b>!<br>"
        "Вот <a href='https://x.y/z'>ссылка</a>, <a href='https://x.y'>https://x.y</a></p>"
        "<ul><li>один</li><li>два</li></ul><script>alert(1)</script>&lt;3</body></html>"
    )
    assert plain_text(html) == (
        "Заказ\n\nПривет, Ира!\nВот ссылка (https://x.y/z), https://x.y\n\n• один\n• два\n\n<3\n"
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a href=x.y>a</a>", "a (x.y)"),
        ("<a class='b' HREF = \"x?a=1&amp;b='2'\">a</a>", "a (x?a=1&b='2')"),
        ('<a title="a > b" href="x">a</a>', "a (x)"),
        ("<a href='#top'>a</a><a name=b>b</a>", "ab"),
        ("<a href='mailto:a@b.c'>a@b.c</a>", "a@b.c"),
        ("<a href='x'>a<a href='y'>b</a></a>c", "a (x)b (y)c"),
        ("<a href='x'>never closed", "never closed (x)"),
        ("<a href='x>never closed", "never closed"),
        ("<abbr href='x'>a</abbr>", "a"),
    ],
)
def test_where_a_link_leads_stands_behind_it(html: str, text: str) -> None:
    assert plain_text(html) == f"{text}\n"


@pytest.mark.parametrize(
    "part",
    ["<a href=x>", "<a href='x'>a", "<a ", "<a b", "<a href=", "<a x='", "<a x=\"'", "</a", "<li>", "="],
)
def test_a_megabyte_of_links_takes_no_longer_than_text(part: str) -> None:
    """Done for each link anew, what stands in all that are open would take hours."""
    assert len(plain_text(part * 200_000)) <= 1_400_000
    assert len(plain_text(f"<a {part * 200_000}>")) <= 1_400_000


@given(st.text())
def test_any_html_has_some_text(html: str) -> None:
    assert plain_text(html).endswith("\n")

"""Cards as rows: what of a card becomes which cell."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.importer.table import RawRow

Read = Callable[..., list[RawRow]]


@pytest.fixture
def cards(opened: Callable[..., Any]) -> Read:
    """Return the rows of a file of cards with these lines between BEGIN and END."""

    def cards(*bodies: str, record: str = "contact", **options: object) -> list[dict[str, str]]:
        content = "".join(f"BEGIN:VCARD\r\n{body}\r\nEND:VCARD\r\n" for body in bodies)
        table = opened(content, name="x.vcf", record=record, **options)
        return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]

    return cards  # type: ignore[return-value]


@pytest.fixture
def card(cards: Callable[..., list[dict[str, str]]]) -> Callable[..., dict[str, str]]:
    """Return the cells that have something of a file with one card."""
    return lambda *lines, **more: {
        name: cell for name, cell in cards("\r\n".join(lines), **more)[0].items() if cell
    }


def test_a_card_fills_the_fields_of_a_contact(card) -> None:
    assert card(
        "VERSION:4.0",
        "FN:Dr. Анна Петрова",
        "N:Петрова;Анна;Ивановна;Dr.;",
        "ORG:Ромашка;Отдел закупок",
        "TITLE:Закупщик",
        "TEL;TYPE=cell:+380 44 123-45-67",
        "EMAIL:anna@example.com",
        "EMAIL;PREF=1:a@example.org",
        "ADR:;кв. 5;ул. Мира, 1;Киев;;01001;Украина",
        "BDAY:19800322",
        "NOTE:Первая строка\\nвторая\\, и ещё\\; точка",
        "NOTE:другая",
        "URL:https://example.com",
        "CATEGORIES:vip,опт",
        "UID:urn:uuid:1",
        "REV:20260102T030405Z",
    ) == {
        "title": "Dr. Анна Петрова",
        "first_name": "Анна",
        "middle_name": "Ивановна",
        "last_name": "Петрова",
        "company.title": "Ромашка",
        "department": "Отдел закупок",
        "position": "Закупщик",
        "phone": "+380 44 123-45-67",
        "email": "a@example.org; anna@example.com",
        "address": "ул. Мира, 1, кв. 5, Киев, 01001, Украина",
        "birthday": "1980-03-22",
        "comment": "Первая строка\nвторая, и ещё; точка\nдругая",
        "website": "https://example.com",
        "tags": "vip; опт",
        "external_id": "urn:uuid:1",
        "updated_at": "2026-01-02T03:04:05Z",
    }


def test_the_organisation_goes_where_the_record_has_it(card) -> None:
    assert card("FN:Anna", "ORG:Acme", record="lead")["company_name"] == "Acme"
    assert card("FN:Anna", "ORG:Acme", record="contact")["company.title"] == "Acme"
    assert card("ORG:Acme", "TEL:12345", record="company") == {"title": "Acme", "phone": "12345"}


def test_further_organisations_of_a_person_are_read_too(card) -> None:
    found = card("FN:Anna", "ORG:;Sales", "ORG:Acme;Board", "ORG:Beta\\; Sons", "ORG:acme", "ORG:Acme")

    assert (found["company.title"], found["department"]) == ("Acme", "Sales")
    assert found["company.others"] == "Beta; Sons\nacme"


def test_of_several_organisations_of_a_lead_the_first_is_taken_with_a_warning(opened) -> None:
    content = "BEGIN:VCARD\nFN:A\nORG:Acme\nORG:Beta\nEND:VCARD\n"

    (row,) = opened(content, name="x.vcf", record="lead").rows
    assert row.warnings == ("line 1: the card has 2 organisations: the first is taken",)
    (row,) = opened(content, name="x.vcf", record="contact").rows
    assert row.warnings == ()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (
            "ADR;ENCODING=QUOTED-PRINTABLE:;;Lenina 5=3B kv 3;Moskva;;101000;Russia",
            "Lenina 5; kv 3, Moskva, 101000, Russia",
        ),
        ("ADR;ENCODING=QUOTED-PRINTABLE:=3B=3BLenina 5=3BMoskva", "Lenina 5, Moskva"),
        ("ADR;ENCODING=QUOTED-PRINTABLE:;;Lenina 5=5C=3B kv 3;Moskva", "Lenina 5; kv 3, Moskva"),
        ("ADR:;;Lenina 5; kv 3;Moskva;;101000;Russia", "Lenina 5, kv 3, Moskva, 101000, Russia"),
    ],
)
def test_no_part_of_an_address_is_lost(card, line: str, address: str) -> None:
    assert card("FN:A", line)["address"] == address


def test_groups_are_told_apart_from_organisations(opened) -> None:
    table = opened(
        "".join(f"BEGIN:VCARD\nKIND:{kind}\nFN:A\nEND:VCARD\n" for kind in ("group", "org", "location", "x")),
        name="x.vcf",
    )

    assert list(table.rows) == []
    assert table.notes == [
        "3 cards passed over: of groups or places",
        "1 card passed over: of organisations, not of people: crmctl import companies takes them",
    ]


def test_a_card_of_very_many_small_properties_is_rejected_for_their_number(opened) -> None:
    content = "BEGIN:VCARD\nFN:A\n" + "TEL:+12125550142\n" * 20_000 + "END:VCARD\n"

    (row,) = opened(content, name="x.vcf").rows
    assert "it has over 19," in row.faults[0].reason
    assert row.faults[0].reason.endswith(" properties")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["N:Doe;John;Q.;Mr.;Jr."], "Mr. John Q. Doe Jr."),
        (["FN:", "N:Doe;John"], "John Doe"),
        (["N:;;;;", "EMAIL:a@example.com", "TEL:12345"], "a@example.com"),
        (["TEL:tel:+12125550123;ext=7"], "+12125550123 ext. 7"),
        (["ORG:Acme;Sales"], "Acme"),
        (["FN;ALTID=1;LANGUAGE=en:Anna", "FN;ALTID=1;LANGUAGE=ru:Анна"], "Anna"),
        (["FN:Anna", "FN;PREF=1:Anna Petrova"], "Anna Petrova"),
    ],
)
def test_a_card_without_a_name_is_called_by_what_it_has(card, lines: list[str], title: str) -> None:
    assert card(*lines)["title"] == title


def test_numbers_keep_what_they_are_for_where_they_are_not_to_be_called(card) -> None:
    found = card(
        "FN:A",
        "TEL;TYPE=FAX,WORK:111-11-11",
        "TEL;TYPE=PREF,CELL:222-22-22",
        "item1.TEL:333-33-33",
        "item1.X-ABLabel:Бухгалтерия",
        "item2.TEL:444-44-44",
        "item2.X-ABLabel:_$!<Mobile>!$_",
    )

    assert found["phone"] == "222-22-22; 333-33-33; 444-44-44; 111-11-11"
    assert found["phone_typed"] == "222-22-22; Бухгалтерия: 333-33-33; 444-44-44; fax: 111-11-11"


@pytest.mark.parametrize(
    ("line", "messenger"),
    [
        ("IMPP:xmpp:a@example.com", "xmpp:a@example.com"),
        ("IMPP;X-SERVICE-TYPE=Skype:x-apple:anna.p", "skype:anna.p"),
        ("X-SKYPE-USERNAME:anna", "skype:anna"),
        ("X-ICQ;TYPE=HOME:1234567", "icq:1234567"),
        ("X-JABBER:a@example.com", "xmpp:a@example.com"),
        ("X-TELEGRAM:@anna", "telegram:@anna"),
        ("X-SOCIALPROFILE;type=telegram;x-user=anna:x-apple:anna", "telegram:anna"),
    ],
)
def test_messengers_stand_behind_the_name_of_their_service(card, line: str, messenger: str) -> None:
    assert card("FN:A", line)["messenger"] == messenger


@pytest.mark.parametrize(
    ("line", "birthday", "comment"),
    [
        ("BDAY:1980-03-22", "1980-03-22", None),
        ("BDAY;VALUE=date:19800322", "1980-03-22", None),
        ("BDAY:1980-03-22T00:00:00Z", "1980-03-22", None),
        ("BDAY:--0415", None, "BDAY: --0415"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", None, "BDAY: --04-15"),
        ("BDAY:1980", None, "BDAY: 1980"),
        ("BDAY;VALUE=text:circa 1800", None, "BDAY: circa 1800"),
        ("BDAY:", None, None),
    ],
)
def test_a_birthday_that_is_no_whole_date_goes_to_the_comment(card, line: str, birthday, comment) -> None:
    found = card("FN:A", line)

    assert (found.get("birthday"), found.get("comment")) == (birthday, comment)


@pytest.mark.parametrize(
    ("rev", "moment"),
    [
        ("2012-03-05T13:32:54Z", "2012-03-05T13:32:54Z"),
        ("20120305T133254", "2012-03-05T13:32:54Z"),
        ("20120305T133254.123+0200", "2012-03-05T13:32:54+0200"),
        ("2012-03-05", "2012-03-05"),
        ("2012-13-45T99:99:99Z", None),
        ("yesterday", None),
    ],
)
def test_a_revision_that_is_no_moment_says_nothing(card, rev: str, moment: str | None) -> None:
    assert card("FN:A", f"REV:{rev}").get("updated_at") == moment


def test_several_addresses_are_lines(card) -> None:
    assert card("FN:A", "ADR:;;a\\nb;c;;;", "ADR:;;;;;;Ukraine")["address"] == "a\nb, c\nUkraine"
    assert card("FN:A", "LABEL:one text")["address"] == "one text"
    assert card("FN:A", 'ADR;LABEL="one text":;;;;;;')["address"] == "one text"


ORGANISATIONS = [
    "KIND:org\r\nFN:Acme",
    "FN:Acme\r\nX-ABShowAs:COMPANY",
    "ORG:Acme",
    "FN:Acme\r\nORG:Acme\r\nN:;;;;",
]


@pytest.mark.parametrize("body", ORGANISATIONS)
def test_organisations_are_companies(cards, body: str) -> None:
    assert [each["title"] for each in cards(body, "FN:Anna\r\nORG:Acme", record="company")] == ["Acme"]


def test_a_contact_is_a_person_and_a_lead_may_be_anybody(cards, opened) -> None:
    bodies = ["KIND:org\r\nFN:Acme", "FN:Anna", "KIND:group\r\nFN:Friends", "KIND:location\r\nFN:Office"]

    assert [each["title"] for each in cards(*bodies, record="contact")] == ["Anna"]
    assert [each["title"] for each in cards(*bodies, record="lead")] == ["Acme", "Anna"]


def test_what_is_passed_over_is_told(opened) -> None:
    lines = ["BEGIN:VCARD", "FN:A", "PHOTO;ENCODING=b:YQ==", "X-SPOUSE:B", "PRODID:x", "END:VCARD"]
    table = opened("\n".join([*lines, "BEGIN:VCARD", "KIND:org", "FN:C", "END:VCARD"]), record="contact")
    list(table.rows)

    assert table.notes == [
        "1 card passed over: of organisations, not of people: crmctl import companies takes them",
        "not kept of the cards: PHOTO, X-SPOUSE",
    ]


def test_the_same_card_is_the_same_row_in_every_file(opened) -> None:
    one = "BEGIN:VCARD\nFN:A\nEND:VCARD\n"
    other = "BEGIN:VCARD\nFN:B\nNICKNAME:b\nX-ICQ:1\nEND:VCARD\n"

    assert [row.cells for row in opened(one).rows] == [row.cells for row in opened(other + one).rows][1:]


def test_the_card_of_an_agent_is_no_card_of_its_own(opened) -> None:
    agent = "AGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\n"
    rows = list(opened(f"BEGIN:VCARD\nVERSION:2.1\n{agent}FN:Chief\nEND:VCARD\n").rows)

    assert [(row.faults, row.cells[2]) for row in rows] == [((), "Chief")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding(opened, encoding: str) -> None:
    content = "BEGIN:VCARD\r\nFN;CHARSET=windows-1251:Анна\r\nEND:VCARD\r\n" if encoding == "utf-16" else ""
    content = content or "BEGIN:VCARD\r\nFN:Анна\r\nEND:VCARD\r\n"

    assert "Анна" in next(opened(content.encode(encoding), name="x.vcf").rows).cells


def test_an_encoding_is_declared_and_never_guessed(opened) -> None:
    content = "BEGIN:VCARD\nFN:Ромашка\nEND:VCARD\n".encode("cp1251")

    assert "Ромашка" in next(opened(content, encoding="cp1251").rows).cells
    with pytest.raises(Refused) as refused:
        list(opened(content).rows)
    assert "line 2 is not UTF-8" in refused.value.message
    assert refused.value.hint == "if that is how it should read, add --encoding cp1251"


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_refused(opened, content: str) -> None:
    with pytest.raises(Refused, match="is empty"):
        list(opened(content, name="x.vcf").rows)


@pytest.mark.parametrize("content", ["title,phone\nA,1\n", "END\n"])
def test_a_file_without_a_card_is_refused(opened, content: str) -> None:
    with pytest.raises(Refused, match="holds no card"):
        list(opened(content, name="x.vcf").rows)


def test_deals_have_no_cards(opened) -> None:
    with pytest.raises(WrongUse, match="no deals"):
        opened("BEGIN:VCARD\nEND:VCARD", record="deal")

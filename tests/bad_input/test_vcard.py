"""V: cards that are cut off, hostile, or of another time."""

import random
from pathlib import Path

import pytest

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Анна\r\nEND:VCARD\r\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm) -> Path:
    """A workspace whose contacts need nothing but a name."""
    monkeypatch.chdir(tmp_path)
    assert crm("init", "--template", "b2b", "-q").code == 0
    return tmp_path


def card(*lines: str) -> str:
    """Return a card with these lines."""
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])


@pytest.mark.parametrize("name", ["card.vcf", "card.csv", "card.txt"])
@pytest.mark.parametrize("content", [CARD, CARD.lower(), f"\ufeff{CARD}", f"\r\n{CARD}"])
def test_v01_a_card_is_a_card_whatever_its_file_is_called(put, crm, records, name: str, content: str) -> None:
    ran = crm("import", "contacts", put(name, content))

    assert (ran.code, ran.err) == (0, "R-1: 1 row: 1 created (undo: crmctl undo R-1)\n")
    assert records("contacts")[0]["title"].casefold() == "анна"


BROKEN = {
    "cut off": ("BEGIN:VCARD\r\nFN:Broken\r\nTEL:+380441234567\r\n", "END:VCARD is missing"),
    "junk line": (card("FN:Broken", "this is no property"), 'line 6: "this is no property" is no property'),
    "no name": (card("FN:Broken", ":x"), "is no property"),
    "no character set": (card("FN:Broken", "NOTE;CHARSET=nowhere:a"), 'unknown character set "nowhere"'),
    "no such characters": (card("FN:Broken", "NOTE;CHARSET=UTF-8;QUOTED-PRINTABLE:=FF"), "is not UTF-8"),
    "no base64": (card("FN:Broken", "NOTE;ENCODING=b:a"), "is no base64"),
}


@pytest.mark.parametrize(("broken", "told"), BROKEN.values(), ids=BROKEN)
def test_v01_a_broken_card_is_rejected_and_the_next_one_is_read(
    put, crm, refused, records, broken: str, told: str
) -> None:
    name = put("x.vcf", card("FN:First") + broken + card("FN:Last"))
    err = refused("import", "contacts", name)
    assert 'line 4: the card "Broken" ' in err
    assert told in err

    ran = crm("import", "contacts", name, "--partial")
    assert (ran.code, [each["title"] for each in records("contacts")]) == (7, ["First", "Last"])


def test_v01_lines_outside_of_cards_are_rejected_not_lost(put, refused) -> None:
    err = refused(
        "import", "contacts", put("x.vcf", card("FN:A") + "BEGN:VCARD\r\nFN:B\r\nEND:VCARD\r\n" + CARD)
    )

    assert "line 4: this is no part of a card: BEGIN:VCARD is missing" in err
    assert "1 of 3 rows" in err


@pytest.mark.parametrize("name", ["bad.vcf", "bad.csv"])
def test_v01_rejected_cards_come_back_once_mended(put, crm, workspace, records, name: str) -> None:
    inner = "AGENT:\r\nBEGIN:VCARD\r\nFN:Agent\r\nEND:VCARD"
    put("x.vcf", card("FN:Good") + card("FN:Bad", inner, "TEL:12", "NOTE:a, b"))
    assert crm("import", "contacts", "x.vcf", "--partial", "--rejects", name).code == 7
    rejects = (workspace / name).read_text("utf-8")
    assert "fewer than 5 digits" in rejects
    assert "Good" not in rejects

    put(name, rejects.replace('"12"', '"+380441234567"').replace("TEL:12", "TEL:+380441234567"))
    assert crm("import", "contacts", name, "--rejects", name).code == 0
    assert [(each["title"], each.get("comment")) for each in records("contacts")] == [
        ("Good", None),
        ("Bad", "a, b"),
    ]
    assert not (workspace / name).read_text("utf-8").count("Bad")


def test_v01_rejects_keep_the_encoding_of_their_file(put, crm, workspace, records) -> None:
    put("x.vcf", card("FN:Ромашка", "TEL:12"), "cp1251")
    crm("import", "contacts", "x.vcf", "--encoding", "cp1251", "--rejects", "bad.vcf")
    content = (workspace / "bad.vcf").read_bytes()
    put("bad.vcf", content.replace(b"TEL:12\r\n", b"TEL:+380441234567\r\n"))

    assert crm("import", "contacts", "bad.vcf", "--encoding", "cp1251").code == 0
    assert records("contacts")[0]["title"] == "Ромашка"


OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=D1=82=D1=80=D0=BE=\r\n=D0=B2;=D0=98=D0=B2=D0=B0=D0=BD;;;\r\n"
    "TEL;CELL;PREF:+380441234567\r\nEND:VCARD\r\n"
)
THREE = card("VERSION:3.0", "FN:Иван Пет", " ров", "N:Петров;Иван;;;", "TEL;TYPE=CELL:+380441234567")
FOUR = card(
    "VERSION:4.0",
    "FN:Иван Петров",
    "N:Петров;Иван;;;",
    'TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+380441234567',
)


@pytest.mark.parametrize("content", [OLD, THREE, FOUR], ids=["2.1", "3.0", "4.0"])
def test_v02_the_versions_of_thirty_years_are_read_alike(put, crm, records, content: str) -> None:
    assert crm("import", "contacts", put("x.vcf", content)).code == 0
    (found,) = records("contacts")

    assert (found["title"], found["last_name"], found["first_name"]) == ("Иван Петров", "Петров", "Иван")
    assert found["phone"] == ["+380441234567"]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_v02_cards_are_written_in_utf_8(crm, workspace, version: str) -> None:
    crm("create", "contact", "Ёж")
    crm("export", "contacts", "x.vcf", "--vcard", version)

    assert f"VERSION:{version}\r\nFN:Ёж\r\n" in (workspace / "x.vcf").read_bytes().decode()


@pytest.mark.parametrize(
    "value", ["x\r\nTEL:911", "x\nEND:VCARD\nBEGIN:VCARD\nFN:y", "x\rTEL:911", 'x"\r\n:']
)
@pytest.mark.parametrize("field", ["title", "comment", "address", "messenger", "tags", "external_id"])
def test_v03_no_value_begins_a_line_of_its_own(crm, workspace, field: str, value: str) -> None:
    title = value if field == "title" else "A"
    given = [] if field == "title" else ["-s", f"{field}={value}"]
    assert crm("create", "contact", title, *given).code == 0
    crm("export", "contacts", "x.vcf")
    lines = (workspace / "x.vcf").read_bytes().replace(b"\r\n ", b"").split(b"\r\n")

    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert sum(line.startswith((b"TEL", b"BEGIN")) for line in lines) == 1
    assert crm("import", "contacts", "x.vcf").err.startswith("nothing to do: 1 row: 1 unchanged")


def test_v04_pictures_are_neither_fetched_nor_kept(put, crm, workspace, records) -> None:
    photo = "/9j/4AAQ" * 2_500_000
    lines = [
        f"PHOTO;ENCODING=b;TYPE=JPEG:{photo}",
        "PHOTO;VALUE=uri:http://127.0.0.1:1/x.jpg",
        "SOUND;VALUE=uri:file:///etc/passwd",
        "KEY:abc",
    ]
    ran = crm("import", "contacts", put("x.vcf", card("FN:A", *lines, "NOTE:kept")))

    assert ran.code == 0
    assert "line 3: PHOTO, of over 1 MB, is left out" in ran.err
    assert "not kept of the cards: PHOTO, SOUND, KEY" in ran.err
    assert records("contacts")[0]["comment"] == "kept"
    assert (workspace / "crm.json").stat().st_size < 20_000


def test_v04_any_value_of_over_a_megabyte_is_left_out(put, crm, records) -> None:
    ran = crm("import", "contacts", put("x.vcf", card("FN:A", "NOTE:" + "x" * 1_100_000, "TITLE:Chief")))

    assert "line 3: NOTE, of over 1 MB, is left out" in ran.err
    assert "comment" not in records("contacts")[0]
    assert records("contacts")[0]["position"] == "Chief"


def test_v04_a_card_of_many_megabytes_is_rejected(put, crm, records) -> None:
    notes = ["NOTE:" + "x" * 900_000] * 6
    ran = crm("import", "contacts", put("x.vcf", card("FN:A", *notes) + card("FN:B")), "--partial")

    assert "takes over 4 MB" in ran.err
    assert [each["title"] for each in records("contacts")] == ["B"]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["N:Petrov;Ivan;;Dr.;"], "Dr. Ivan Petrov"),
        (["FN:", "N:;Ivan"], "Ivan"),
        (["EMAIL:a@example.com"], "a@example.com"),
        (["TEL:+380441234567"], "+380441234567"),
        (["ORG:Acme"], "Acme"),
    ],
)
def test_v05_a_card_without_a_name_gets_one(put, crm, records, lines: list[str], title: str) -> None:
    crm("import", "contacts", put("x.vcf", card(*lines)), "-q")

    assert [each["title"] for each in records("contacts")] == [title]


def test_v05_a_card_that_names_nothing_is_rejected(put, refused) -> None:
    err = refused("import", "contacts", put("x.vcf", card("NOTE:somebody")))

    assert "line 1: the card has no name" in err


def test_v05_the_same_uid_is_the_same_record(put, crm, records) -> None:
    put("x.vcf", card("FN:Anna", "UID:u1") + card("FN:Anna Petrova", "UID:u1", "TITLE:Chief"))
    assert "1 created, 1 updated" in crm("import", "contacts", "x.vcf").err
    put("y.vcf", card("FN:Anna Petrova", "UID:u1", "NOTE:called"))
    assert "1 updated" in crm("import", "contacts", "y.vcf").err
    put("z.vcf", card("FN:Somebody", "UID:u1"))
    assert "1 skipped" in crm("import", "contacts", "z.vcf", "--on-duplicate", "skip").err

    (found,) = records("contacts")
    assert [found[name] for name in ("title", "position", "comment")] == ["Anna Petrova", "Chief", "called"]


def test_v05_of_two_uids_the_first_is_taken_and_the_card_is_told(put, crm, records) -> None:
    ran = crm("import", "contacts", put("x.vcf", card("FN:Anna", "UID:u1", "UID:u2")))

    assert "line 1: the card has 2 UIDs: the first is taken" in ran.err
    assert records("contacts")[0]["external_id"] == "u1"


def test_v05_a_hundred_thousand_lines_of_noise_are_no_bug(put, crm) -> None:
    chance = random.Random(7)
    pieces = [
        "BEGIN:VCARD\n",
        "END:VCARD\n",
        "FN:A\n",
        " x\n",
        "N;QUOTED-PRINTABLE:=\n",
        'TEL;TYPE="\n',
        "a.b.c:\n",
        "\r",
    ]
    ran = crm(
        "import",
        "contacts",
        put("x.vcf", "".join(chance.choices(pieces, k=100_000))),
        "--partial",
        "-n",
        "-q",
    )

    assert ran.code in (1, 7)
    assert "Traceback" not in ran.err


def test_v02_cards_are_read_without_a_profile(put, crm, unwritten) -> None:
    put("x.vcf", CARD)
    with unwritten():
        ran = crm("import", "contacts", "x.vcf", "--profile", "google-contacts")

    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "error: x.vcf holds cards, which are read without a profile",
    )
    assert crm("import", "contacts", "x.vcf", "--profile", "none").code == 0

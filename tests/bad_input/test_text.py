"""U: letters that look alike, that are not seen, that drive terminals; addresses, phones, dates and ids."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

CONTACT = ("-s", "contact_type=client")


def kept(workspace: Path, table: str, number: int = 1) -> dict[str, object]:
    return json.loads((workspace / "crm.json").read_text("utf-8"))[table][str(number)]


def titles(ran) -> list[str]:
    return [record["title"] for record in json.loads(ran.out)]


def test_u01_text_is_kept_composed_and_found_in_either_form(workspace: Path, crm, put) -> None:
    name = "Андрей Зайцев"
    apart = unicodedata.normalize("NFD", name)
    assert crm("create", "contact", apart, *CONTACT, "-s", f"comment={apart}").code == 0
    assert kept(workspace, "contacts")["title"] == name
    assert kept(workspace, "contacts")["comment"] == name
    for form in (name, apart, name.upper(), "Андрей\u00a0Зайцев"):
        assert titles(crm("filter", "contacts", f'title = "{form}"', "-o", "json")) == [name]
    crm("import", "contacts", put("c.csv", f"name,contact_type\n{apart} 2,client\n"))
    assert kept(workspace, "contacts", 2)["title"] == f"{name} 2"


@pytest.fixture
def by_title(workspace: Path) -> None:
    """Let companies of one title be one."""
    file = workspace / "crmctl.yaml"
    file.write_text(
        file.read_text("utf-8").replace("duplicates:\n", "duplicates:\n  company: [[title]]\n"), "utf-8"
    )


def test_u01_forms_that_only_look_different_are_one_company(by_title, crm, refused) -> None:
    crm("create", "company", "ＡＢＣ ﬁlm")
    assert "O-1" in refused("create", "company", "abc FILM")


def test_u02_yo_is_kept_and_found_as_ye(workspace: Path, by_title, crm, refused, put) -> None:
    crm("create", "company", "Семёрочка")
    assert kept(workspace, "companies")["title"] == "Семёрочка"
    assert titles(crm("search", "семерочка", "-o", "json")) == ["Семёрочка"]
    assert titles(crm("filter", "companies", 'title ~ "МЕРО"', "-o", "json")) == ["Семёрочка"]
    assert "O-1" in refused("create", "company", "СЕМЕРОЧКА")
    ran = crm("import", "companies", put("c.csv", "title\nсеме\u0308рочка\n"), "-o", "json")
    assert json.loads(ran.out)["skipped"] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("İstanbul", "i̇stanbul"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("Ǆ", "ǆ"),
    ],
)
def test_u03_both_sides_are_folded_alike(
    workspace: Path, by_title, crm, refused, one: str, other: str
) -> None:
    assert crm("create", "company", one).code == 0
    assert "O-1" in refused("create", "company", other)
    for typed in (one, other):
        assert titles(crm("filter", "companies", f'title = "{typed}"', "-o", "json")) == [one]
    assert kept(workspace, "companies")["title"] == one


@pytest.mark.parametrize(
    ("address", "letters"),
    [("bob@раypal.com", "ра"), ("bоb@paypal.com", "о"), ("bob@xn--ypal-43d9g.com", "ра")],
)
def test_u04_mixed_alphabets_in_an_address_are_told_and_never_merged(
    put, crm, records, address: str, letters: str
) -> None:
    crm("create", "contact", "Bob", *CONTACT, "-s", "email=bob@paypal.com")
    told = f'"{letters}" is Cyrillic among Latin letters'
    assert told in crm("create", "contact", "Bob B", *CONTACT, "-s", f"email={address}").err
    assert told in crm("update", "C-1", "-s", f"email+={address.replace('b@', 'b2@')}").err
    name = put("contacts.csv", f"name,contact_type,email\nRob,client,{address.replace('b@', 'b3@')}\n")
    for more in (("--dry-run",), ()):
        assert told in crm("import", "contacts", name, *more).err
    assert [contact["id"] for contact in records("contacts")] == ["C-1", "C-2", "C-3"]


def test_u04_of_many_mixed_addresses_the_first_few_are_told(put, crm) -> None:
    rows = "".join(f"A{n},client,a{n}@раypal.com\n" for n in range(30))
    ran = crm("import", "contacts", put("contacts.csv", f"name,contact_type,email\n{rows}"))
    assert ran.err.count("is Cyrillic among Latin letters") == 5
    assert "and 25 more such addresses" in ran.err


UNSEEN = "\u200b\u202e\u2066\ufeff\u00ad\u200f"


def test_u05_what_is_not_seen_is_stripped_from_names_and_addresses(workspace: Path, crm) -> None:
    name = f"An{UNSEEN}na"
    address = f"an{UNSEEN}na@exa{UNSEEN}mple.com"
    assert crm("create", "contact", name, *CONTACT, "-s", f"email={address}").code == 0
    assert kept(workspace, "contacts")["title"] == "Anna"
    assert kept(workspace, "contacts")["email"] == ["anna@example.com"]


def test_u05_where_text_is_kept_to_the_letter_it_is_shown_escaped(workspace: Path, crm) -> None:
    crm("create", "lead", "A", "-s", f"comment=a{UNSEEN}b")
    assert kept(workspace, "leads")["comment"] == f"a{UNSEEN}b"
    shown = crm("show", "L-1").out
    assert r"a\u200b\u202e\u2066\ufeff\u00ad\u200fb" in shown
    assert not set(UNSEEN) & set(shown)


HOSTILE = "\x1b[31mred\x1b]0;pwned\x07\x9b1m\x7f\r\x08\u202e"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
READ_BY_PEOPLE = [
    "list leads",
    "list leads --fields title,comment,source_details",
    "list leads -o markdown",
    "list leads -o yaml",
    "list leads -o html",
    "list leads -o json",
    "show L-1",
    "show L-1 --with history",
    "show L-1 -o yaml",
    "board leads",
    "search red",
    "log",
    "log L-1 -o yaml",
    "runs",
    "status",
    "funnel leads",
    "update L-1 -s title=x --dry-run",
    "validate",
    "pipeline show leads",
]


@pytest.fixture
def hostile(put, crm) -> None:
    """A lead whose every text would drive a terminal, made by a file whose name would."""
    name = put(f"{HOSTILE[:5]}.json", json.dumps([{"title": HOSTILE, "comment": f"a\tb\nc{HOSTILE}"}]))
    assert crm("import", "leads", name, "--message", HOSTILE, "--user", HOSTILE).code == 0


@pytest.mark.parametrize("command", READ_BY_PEOPLE)
def test_u06_nothing_that_people_read_can_drive_a_terminal(hostile, crm, command: str) -> None:
    ran = crm(*command.split())
    assert ran.code == 0
    assert RAW.findall(ran.out) == []
    assert RAW.findall(ran.err) == []


def test_u06_controls_have_a_form_that_can_be_seen(hostile, crm) -> None:
    assert r"^[[31mred^[]0;pwned^G\u009b1m^?^M^H" in crm("list", "leads").out
    assert "a\tb" not in crm("list", "leads", "--fields", "comment").out
    assert "c^[[31mred" in crm("show", "L-1").out
    assert json.loads(crm("show", "L-1", "-o", "json").out)["comment"] == f"a\tb\nc{HOSTILE}"


ON_A_TERMINAL = [
    "list leads",
    "show L-1",
    "log",
    "list leads -o csv",
    "export leads -",
    "export leads - -o tsv",
    "export leads - -o json",
    "export leads - --encoding utf-16",
]


@pytest.mark.parametrize("command", ON_A_TERMINAL)
def test_u06_at_a_terminal_the_formats_of_files_are_escaped_too(hostile, screen, command: str) -> None:
    shown = screen(*command.split()).replace("\r\n", "\n")
    assert RAW.findall(shown) == []
    assert "red" in shown or "import" in shown


@pytest.mark.parametrize(
    "command",
    ["show", "move L-1", "filter leads", "import leads", "list", "validate", "-C", "list leads --view"],
)
def test_u06_what_was_typed_is_escaped_in_errors(hostile, crm, command: str) -> None:
    ran = crm(*command.split(), HOSTILE)
    assert ran.code != 0
    assert RAW.findall(ran.err) == []
    assert "red" in ran.err


EMAILS = {
    "Ив+я@Пример.РФ": "Ив+я@xn--e1afmkfd.xn--p1ai",
    "Anna@EXAMPLE.com": "Anna@example.com",
    "anna+shop@example.com": "anna+shop@example.com",
    "mailto:anna@example.com": "anna@example.com",
    " <anna@example.com> ": "anna@example.com",
}
NO_EMAILS = [
    "an na@example.com",
    "a@b",
    "@x.com",
    "a@@x.com",
    "a..b@x.com",
    "a@x..com",
    "a@-x.com",
    "a,b@x.com",
]


@pytest.mark.parametrize(("typed", "address"), EMAILS.items())
def test_u07_an_address_keeps_its_local_part_and_gets_an_ascii_domain(
    workspace: Path, crm, refused, typed: str, address: str
) -> None:
    assert crm("create", "contact", "A", *CONTACT, "-s", f"email={typed}").code == 0
    assert kept(workspace, "contacts")["email"] == [address]
    assert "C-1" in refused("create", "contact", "B", *CONTACT, "-s", f"email={typed.upper()}")


@pytest.mark.parametrize("typed", NO_EMAILS)
def test_u07_what_is_no_address_is_refused(put, refused, typed: str) -> None:
    assert typed in refused("create", "lead", "A", "-s", f"email={typed}", code=2)
    assert f'line 2: email "{typed}"' in refused(
        "import", "leads", put("l.csv", f'title,email\nA,"{typed}"\n')
    )


PHONES = {
    "(050) 123-45-67": "+380501234567",
    "+7 (900) 123-45-67": "+79001234567",
    "☎ 050 123 45 67": "+380501234567",
    "٠٥٠١٢٣٤٥٦٧": "+380501234567",
    "050 123 45 67 ext. 12": "+380501234567",
    "tel:+380501234567": "+380501234567",
}


@pytest.mark.parametrize(("typed", "number"), PHONES.items())
def test_u08_phones_are_one_number_and_stay_as_they_were_typed(
    workspace: Path, crm, refused, typed: str, number: str
) -> None:
    assert crm("create", "contact", "A", *CONTACT, "-s", f"phone={typed}").code == 0
    assert kept(workspace, "contacts")["phone"] == [number]
    assert kept(workspace, "contacts")["phone_typed"] == [typed]
    assert "C-1" in refused("create", "contact", "B", *CONTACT, "-s", f"phone={number}")


def test_u08_the_region_is_the_declared_one(workspace: Path, crm) -> None:
    file = workspace / "crmctl.yaml"
    file.write_text(file.read_text("utf-8").replace("phone_region: UA", "phone_region: RU"), "utf-8")
    crm("create", "lead", "A", "-s", "phone=8-900-123-45-67")
    assert kept(workspace, "leads")["phone"] == ["+79001234567"]


def test_u08_what_is_no_valid_number_is_told_and_never_merges(workspace: Path, crm, refused, records) -> None:
    for name in ("A", "B"):
        ran = crm("create", "contact", name, *CONTACT, "-s", "phone=8-900-123-45-67")
        assert (ran.code, "is no valid phone number" in ran.err) == (0, True)
    assert len(records("contacts")) == 2
    refused("create", "contact", "C", *CONTACT, "-s", "phone=12-34", code=2)

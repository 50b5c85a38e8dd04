"""`export --profile`: the layouts of other programs, and the way back."""

from pathlib import Path

import pytest


@pytest.fixture
def filled(workspace: Path, crm) -> Path:
    """A workspace with a company, a contact of it, a deal of both and a lead."""
    assert crm("create", "company", "Ромашка").code == 0
    given = [
        "first_name=Анна",
        "last_name=Петрова",
        "companies=O-1",
        "birthday=1980-03-22",
        "contact_type=client",
    ]
    given += [
        "phone=+380441234567; +380441234568",
        "email=a@example.com",
        "tags=vip; опт",
        "comment=раз\nдва",
    ]
    assert (
        crm("create", "contact", "Анна Петрова", *(part for each in given for part in ("-s", each))).code == 0
    )
    assert (
        crm(
            "create", "deal", "Зонты", "-s", "contact=C-1", "-s", "company=O-1", "-s", "amount=1500,50 UAH"
        ).code
        == 0
    )
    assert crm("create", "lead", "Плащи", "-s", "phone=+380441234569").code == 0
    return workspace


def test_the_name_of_a_program_means_its_layout_for_the_records(filled: Path, crm) -> None:
    assert crm("export", "contacts", "-", "--profile", "google").out == (
        crm("export", "contacts", "-", "--profile", "google-contacts").out
    )
    assert crm("export", "contacts", "-", "--profile", "google").out.startswith(
        "First Name,Middle Name,Last Name,"
    )
    assert crm("export", "contacts", "-", "--profile", "outlook").out.startswith(
        "Title,First Name,Middle Name,"
    )


def test_the_layout_says_how_the_file_is_written(filled: Path, crm) -> None:
    assert crm("export", "deals", "d.csv", "--profile", "bitrix24").code == 0
    assert (filled / "d.csv").read_bytes().startswith("\ufeffID;Название сделки;".encode())
    assert crm("export", "deals", "-", "--profile", "bitrix24", "--delimiter", "|").out.startswith(
        "\ufeffID|"
    )


def test_what_is_linked_and_listed_is_written_by_its_name(filled: Path, crm) -> None:
    header, row = crm("export", "deals", "-", "--profile", "bitrix24").out.removeprefix("\ufeff").splitlines()
    cells = dict(zip(header.split(";"), row.split(";"), strict=True))

    assert (cells["Компания"], cells["Контакт"]) == ("Ромашка", "Анна Петрова")
    assert (cells["Сумма"], cells["Валюта"]) == ("1500.50", "UAH")
    shown = crm("list", "deals", "--fields", "stage", "-o", "markdown").out.splitlines()[2]
    assert cells["Стадия сделки"] == shown.strip("| ")


@pytest.mark.parametrize("name", ["google", "outlook", "bitrix24"])
@pytest.mark.parametrize("kind", ["contacts", "companies", "deals", "leads"])
def test_what_was_written_is_known_when_it_comes_back(filled: Path, crm, name: str, kind: str) -> None:
    if crm("export", kind, "x.csv", "--profile", name).code == 4:
        assert (name, kind) not in {("google", "contacts"), ("outlook", "contacts")}
        return
    crm(
        "update",
        {"contacts": "C-1", "companies": "O-1", "deals": "D-1", "leads": "L-1"}[kind],
        "-s",
        "external_id=7",
    )
    crm("export", kind, "x.csv", "--profile", name)
    ran = crm("import", kind, "x.csv", "--on-duplicate", "update", "--key", "title", "-n")

    assert f"read as {name}-{kind}" in ran.err
    assert "1 unchanged" in ran.err


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (("leads", "-", "--profile", "google"), 4, 'no profile "google" for leads'),
        (("contacts", "-", "--profile", "gogle"), 4, 'no profile "gogle" for contacts'),
        (("contacts", "-", "--profile", "bitrix24-leads"), 2, "profile bitrix24-leads is for leads"),
        (("deals", "-", "--profile", "amocrm"), 2, "nothing of how they are written"),
        (("contacts", "x.vcf", "--profile", "google"), 2, "which vcard has none of"),
        (("contacts", "x.html", "--profile", "google"), 2, "which html has none of"),
        (("contacts", "-", "--profile", "google", "--fields", "id"), 2, "--profile has its own columns"),
        (("contacts", "-", "--profile", "./none.yaml"), 4, "no profile"),
    ],
)
def test_a_layout_that_cannot_be_is_told(
    filled: Path, crm, argv: tuple[str, ...], code: int, told: str
) -> None:
    ran = crm("export", *argv)

    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert not (filled / "x.vcf").exists()


def test_a_layout_of_ones_own_is_written(filled: Path, crm) -> None:
    (filled / "mine.yaml").write_text(
        "version: 1\nprofile: mine\nrecord: contact\ncolumns: {Name: title, Phone: phone}\n"
        "export: {delimiter: tab, columns: [{column: Kind, text: person}, {column: Name, field: title},"
        " {column: Phone, field: phone, nth: 2}]}\n"
    )

    assert crm("export", "contacts", "-", "--profile", "mine.yaml").out == (
        "Kind\tName\tPhone\nperson\tАнна Петрова\t+380441234568\n"
    )


def test_formulas_are_guarded_in_other_layouts_too(filled: Path, crm) -> None:
    crm("update", "C-1", "-s", "comment==1+1")

    assert "'=1+1" in crm("export", "contacts", "-", "--profile", "google").out


def test_dates_of_outlook_are_read_once_it_is_said_how_they_are_written(workspace: Path, crm) -> None:
    header = "First Name,Last Name,E-mail Address,Mobile Phone,Birthday"
    Path("o.csv").write_text(f"{header}\nAnna,P,a@example.com,,4/5/1980\nOleg,S,o@example.com,,0/0/00\n")
    given = ("import", "contacts", "o.csv", "-s", "contact_type=client")

    assert "--date-format" in crm(*given).err
    assert crm(*given, "--date-format", "%d/%m/%Y").code == 0
    assert crm("list", "contacts", "-o", "csv", "--fields", "birthday").out == 'birthday\n1980-05-04\n""\n'


def test_a_title_of_ones_own_and_the_order_of_phones_outlive_outlook(workspace: Path, crm) -> None:
    phones = [f"+3804412345{number}" for number in range(60, 65)]
    given = [
        "contact_type=client",
        "first_name=Anna",
        "last_name=Petrova",
        "external_id=7",
        f"phone={'; '.join(phones)}",
    ]
    crm("create", "contact", "Big Boss", *(part for each in given for part in ("-s", each)))
    crm("export", "contacts", "x.csv", "--profile", "outlook")

    again = ("import", "contacts", "x.csv", "--on-duplicate", "update", "--key", "phone")
    assert "1 unchanged" in crm(*again).err
    Path("x.csv").write_text(Path("x.csv").read_text().replace("Petrova", "Sidorova"))
    assert "1 updated" in crm(*again).err
    shown = crm("list", "contacts", "-o", "csv", "--fields", "title,last_name,phone").out.splitlines()[1]
    assert shown == f"Big Boss,Sidorova,{'; '.join(phones)}"


def test_a_title_that_is_a_name_follows_the_name(workspace: Path, crm) -> None:
    header = "First Name,Last Name,E-mail Address,Mobile Phone"
    for name in ("Petrova", "Sidorova"):
        Path("o.csv").write_text(f"{header}\nAnna,{name},a@example.com,+380441234567\n")
        crm(
            "import",
            "contacts",
            "o.csv",
            "-s",
            "contact_type=client",
            "--on-duplicate",
            "update",
            "--key",
            "phone",
        )

    assert crm("list", "contacts", "-o", "csv", "--fields", "title").out == "title\nAnna Sidorova\n"

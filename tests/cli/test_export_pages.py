"""`export` to what people read, and to cards."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def filled(workspace: Path, crm) -> Path:
    """A workspace with a lead whose texts are markup."""
    crm("create", "lead", "<b>Oak</b> | *Ash*", "-s", "phone=+380441234567", "-s", "comment=a\nb")
    return workspace


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_a_page_is_the_one_that_list_shows(filled: Path, crm, name: str) -> None:
    fields = ("--fields", "id,title,phone")
    suffix = {"html": "html", "markdown": "md"}[name]

    assert (
        crm("export", "leads", "-", "-o", name, *fields).out == crm("list", "leads", "-o", name, *fields).out
    )
    assert crm("export", "leads", f"x.{suffix}", *fields).err == f"1 record written to x.{suffix}\n"
    assert (filled / f"x.{suffix}").read_text("utf-8") == crm("list", "leads", "-o", name, *fields).out


def test_a_page_has_a_column_for_each_field_in_use(filled: Path, crm) -> None:
    out = crm("export", "leads", "-", "-o", "markdown").out.splitlines()

    assert "| ID | Title |" in out[0]
    assert "Phone as typed" not in out[0]
    assert "Amount" not in out[0]
    assert "\\<b\\>Oak\\</b\\> \\| \\*Ash\\*" in out[2]


def test_nothing_in_a_page_is_markup_of_the_data(filled: Path, crm) -> None:
    out = crm("export", "leads", "-", "-o", "html").out

    assert "<b>" not in out
    assert "&lt;b&gt;Oak" in out
    assert "http" not in out


def test_an_export_of_nothing_is_a_page_all_the_same(workspace: Path, crm) -> None:
    assert "<table>" in crm("export", "deals", "-", "-o", "html").out
    assert crm("export", "deals", "x.md").code == 0


def test_deals_have_no_cards(workspace: Path, crm) -> None:
    ran = crm("export", "deals", "x.vcf")

    assert (ran.code, ran.err) == (2, "error: deals have no vCards: leads, contacts and companies have\n")
    assert not (workspace / "x.vcf").exists()


def test_the_companies_of_a_contact_are_on_its_card_by_name(workspace: Path, crm) -> None:
    for title in ("Ромашка", "Лютик"):
        crm("create", "company", title)
    crm("create", "contact", "Анна", "-s", "companies=O-1;O-2", "-s", "contact_type=client")
    out = crm("export", "contacts", "-", "-o", "vcard").out

    assert "ORG:Ромашка\r\nORG:Лютик\r\n" in out


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_contact_comes_back_with_all_its_companies(workspace: Path, crm, version: str) -> None:
    for title in ("Ромашка", "Лютик; сыновья", "Клевер"):
        crm("create", "company", title)
    crm("create", "contact", "Анна", "-s", "companies=O-1;O-2;O-3", "-s", "contact_type=client")
    assert crm("export", "contacts", "x.vcf", "--vcard", version).code == 0
    assert crm("import", "contacts", "x.vcf").err == "nothing to do: 1 row: 1 unchanged\n"
    crm("init", "--template", "b2b", "-q", "-C", "other")
    crm("create", "company", "Клевер", "-C", "other")

    assert crm("import", "contacts", "x.vcf", "-C", "other").code == 0
    (contact,) = json.loads(crm("list", "contacts", "-o", "json", "-C", "other").out)
    titles = {
        each["id"]: each["title"]
        for each in json.loads(crm("list", "companies", "-o", "json", "-C", "other").out)
    }
    assert [titles[each] for each in contact["companies"]] == ["Ромашка", "Лютик; сыновья", "Клевер"]
    assert len(titles) == 3
    crm("undo", "--yes", "-C", "other")
    assert crm("list", "companies", "-o", "ids", "-C", "other").out == "O-1\n"


def test_further_companies_join_those_of_a_known_contact(workspace: Path, crm) -> None:
    Path("a.csv").write_text("External ID,Title,Contact type,company.title\n7,Anna,client,Acme\n")
    crm("import", "contacts", "a.csv")
    Path("b.csv").write_text('External ID,Title,More\n7,Anna,"Beta\nacme\nGamma"\n')
    told = ("--map", "More=company.others")

    assert "1 skipped" in crm("import", "contacts", "b.csv", *told).err
    assert "1 updated" in crm("import", "contacts", "b.csv", *told, "--on-duplicate", "update").err
    (contact,) = json.loads(crm("list", "contacts", "-o", "json").out)
    assert contact["companies"] == ["O-1", "O-2", "O-3"]
    assert len(crm("list", "companies", "-o", "ids").out.split()) == 3


@pytest.mark.parametrize("kind", ["leads", "contacts", "companies"])
@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_an_export_of_cards_changes_nothing_when_it_comes_back(
    workspace: Path, crm, kind: str, version: str
) -> None:
    crm("init", "--template", "b2b", "-q", "-C", "other")
    for name, given in (
        ("Anna", "phone=(212) 736-5000"),
        ("Oleg", "tags=vip; a, b"),
        ("Ivan", "comment=x\r\ny;"),
    ):
        assert (
            crm(
                "create",
                kind,
                name,
                "-s",
                given,
                "-s",
                "email=a@example.com",
                "-C",
                "other",
                "--allow-duplicate",
            ).code
            == 0
        )
    assert crm("export", kind, "x.vcf", "--vcard", version, "-C", "other").code == 0

    assert crm("import", kind, "x.vcf", "-C", "other").err == "nothing to do: 3 rows: 3 unchanged\n"
    crm("init", "--template", "b2b", "-q", "-C", "empty")
    crm("import", kind, "x.vcf", "-C", "empty", "-q")
    assert (
        crm("export", kind, "-", "-o", "vcard", "--vcard", version, "-C", "empty").out
        == Path("x.vcf").read_bytes().decode()
    )


def test_cards_are_only_rejected_into_cards(workspace: Path, crm) -> None:
    Path("x.csv").write_text("title\nA\n")
    ran = crm("import", "leads", "x.csv", "--rejects", "bad.vcf")

    assert ran.code == 2
    assert "holds none" in ran.err


def test_of_companies_of_one_name_a_card_means_the_one_that_its_contact_has(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "company", "Ромашка", "--allow-duplicate")
    crm("create", "contact", "Анна", "-s", "companies=O-2", "-s", "contact_type=client")
    crm("export", "contacts", "x.vcf")

    assert crm("import", "contacts", "x.vcf").err == "nothing to do: 1 row: 1 unchanged\n"


CARD = "BEGIN:VCARD\r\nFN:Mallory\r\nX-CRMCTL-ID:{}\r\nX-CRMCTL-REVISION:1\r\n{}END:VCARD\r\n"


@pytest.mark.parametrize("moment", ["", "CREATED:20200101T000000Z\r\n"])
def test_a_card_of_somebody_elses_workspace_is_not_the_record_of_its_id(
    workspace: Path, crm, moment: str
) -> None:
    crm("create", "lead", "Анна")
    Path("x.vcf").write_text(CARD.format("L-1", moment) + CARD.format("L-5000", moment), newline="")
    assert crm("import", "leads", "x.vcf").code == 0
    titles = crm("list", "leads", "-o", "csv", "--fields", "id,title").out

    assert titles == "id,title\nL-1,Анна\nL-2,Mallory\nL-3,Mallory\n"


def test_a_card_whose_record_is_in_the_trash_is_rejected(workspace: Path, crm) -> None:
    crm("create", "lead", "Анна")
    crm("export", "leads", "x.vcf", "--fields", "id,title")
    crm("delete", "L-1", "--yes")

    assert "L-1 is in the trash" in crm("import", "leads", "x.vcf").err


def test_a_card_without_the_revision_still_means_its_record(workspace: Path, crm) -> None:
    crm("create", "lead", "Анна")
    crm("export", "leads", "x.vcf", "--fields", "id,title")
    crm("update", "L-1", "-s", "phone=+380441234567")

    assert crm("import", "leads", "x.vcf").err == "nothing to do: 1 row: 1 unchanged\n"

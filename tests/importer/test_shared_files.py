"""Files as other systems export them."""

import json
from pathlib import Path

import pytest

from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import RawRow, ReadOptions, Table
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType


def _read(path: Path, **options: object) -> tuple[Table, list[RawRow]]:
    with Source(str(path)) as source:
        table = open_table(source, ReadOptions(**options))  # type: ignore[arg-type]
        rows = list(table.rows)
        source.verify()
    return table, rows


def test_ten_thousand_leads_are_read(shared: Path) -> None:
    table, rows = _read(shared / "datablist" / "leads-10000.csv")
    truth = json.loads((shared / "datablist" / "truth.json").read_text())["leads"]

    assert list(table.header) == truth["columns"]
    assert len(rows) == truth["rows"]
    assert not any(row.faults or row.warnings for row in rows)


def test_ten_thousand_leads_are_mapped_by_their_names(
    shared: Path, lead_fields: dict[str, Field], conventions: Conventions
) -> None:
    table, rows = _read(shared / "datablist" / "leads-10000.csv", limit=1000)
    own = {"Index": "-", "Account Id": "external_id", "Lead Owner": "owner", "Deal Stage": "stage"}
    fields = lead_fields | {"source": Field("source", "list", "Source")}
    columns = map_columns(table.header, fields, own | {"Notes": "comment", "Website": "-"})
    parser = RowParser(columns, fields, RecordType.LEAD, conventions)
    parsed = list(parser.rows(rows))

    assert not any(row.errors for row in parsed)
    assert len(parsed[0].values["email"]) == 2  # type: ignore[arg-type]
    assert parsed[0].texts == {"stage": "On Hold"}


def test_a_bitrix24_export_is_read(shared: Path) -> None:
    table, rows = _read(shared / "ru" / "bitrix24_leads_export_utf8bom.csv")

    assert (table.delimiter, table.encoding) == (";", "utf-8-sig")
    assert len(table.header) in (64, 65)
    assert len(rows) == 400
    assert not any(row.faults for row in rows)


def test_repeated_columns_of_amocrm_can_be_numbered(shared: Path) -> None:
    table, rows = _read(shared / "ru" / "amocrm_deals_export.csv", number_repeats=True)

    assert len(rows) == 600
    assert len(set(table.header)) == len(table.header)


def test_the_maven_pipeline_is_read(shared: Path) -> None:
    truth = json.loads((shared / "maven" / "truth.json").read_text())["files"]["sales_pipeline.csv"]
    with Source(str(shared / "maven" / "sales_pipeline.csv")) as source:
        table = open_table(source, ReadOptions())
        rows = list(table.rows)

        assert list(table.header) == truth["columns"]
        assert len(rows) == truth["rows"]
        assert source.digest == truth["sha256"]


CARDS = {
    "John_Doe_EVOLUTION.vcf": ["Mr. John Richter, James Doe Sr."],
    "John_Doe_GMAIL.vcf": ["Mr. John Richter, James Doe Sr."],
    "John_Doe_IPHONE.vcf": ["Mr. John Richter James Doe Sr."],
    "John_Doe_MAC_ADDRESS_BOOK.vcf": ["Mr. John Richter,James Doe Sr."],
    "gmail-list.vcf": ["Arnold Smith", "Chris Beatle", "Doug White"],
    "rfc2426-example.vcf": ["Frank Dawson", "Tim Howes"],
    "rfc6350-example.vcf": ["Simon Perreault"],
}


@pytest.mark.parametrize(("name", "titles"), CARDS.items(), ids=CARDS)
def test_cards_of_phones_and_mail_programs_are_read(shared: Path, name: str, titles: list[str]) -> None:
    table, rows = _read(shared / "vcard" / name, record="contact")

    assert [dict(zip(table.header, row.cells, strict=True))["title"] for row in rows] == titles
    assert not any(row.faults or row.warnings for row in rows)


def test_a_card_of_a_phone_is_read_whole(shared: Path) -> None:
    table, (row,) = _read(shared / "vcard" / "John_Doe_IPHONE.vcf", record="contact")
    filled = {name: cell for name, cell in zip(table.header, row.cells, strict=True) if cell}

    assert filled == {
        "title": "Mr. John Richter James Doe Sr.",
        "first_name": "John",
        "middle_name": "Richter James",
        "last_name": "Doe",
        "nickname": "Johny",
        "company.title": "IBM",
        "department": "Accounting",
        "position": "Money Counter",
        "phone": "905-555-1234; 905-666-1234; 905-777-1234; 905-222-1234; 905-888-1234; 905-999-1234; 905-111-1234",
        "phone_typed": "905-555-1234; 905-666-1234; 905-777-1234; AssistantPhone: 905-222-1234; "
        "fax: 905-888-1234; fax: 905-999-1234; pager: 905-111-1234",
        "email": "john.doe@ibm.com",
        "address": "Silicon Alley 5, New York, New York, 12345, United States of America\n"
        "Street4\nBuilding 6\nFloor 8, New York, 12345, USA",
        "website": "http://www.ibm.com",
        "birthday": "2012-06-06",
    }

"""Records as cards, and that they come back as they were."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue, WrongUse
from crmctl.exporter import vcard_writer
from crmctl.exporter.records import typed_rows
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.model.field import Conventions
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS

CONVENTIONS = Conventions(
    now=datetime(2026, 11, 21, 12, tzinfo=UTC), timezone="Europe/Kyiv", currency="UAH", phone_region="UA"
)
ELSEWHERE = Conventions(now=CONVENTIONS.now, timezone="America/New_York", currency="USD", phone_region="US")


def _written(row: dict[str, Cell], kind: str = "contact", version: str = "4.0") -> bytes:
    out = BytesIO()
    sheet = Sheet(list(row), [list(row.values())], kind)
    vcard_writer.write(out, sheet, SheetOptions(vcard=version))
    return out.getvalue()


def _lines(row: dict[str, Cell], kind: str = "contact", version: str = "4.0") -> list[str]:
    return _written(row, kind, version).decode().replace("\r\n ", "").split("\r\n")[2:-2]


def test_a_contact_is_a_card() -> None:
    assert _lines(
        {
            "id": "C-1",
            "revision": 2,
            "title": "Анна Петрова",
            "first_name": "Анна",
            "last_name": "Петрова",
            "position": "Закупщик",
            "phone": ["+380441234567", "12345"],
            "phone_typed": ["044 123-45-67", "12345"],
            "email": ["a@example.com"],
            "messenger": ["telegram:anna"],
            "address": "Киев, ул. Мира; 1\nкв. 2",
            "birthday": "1980-03-22",
            "tags": ["vip", "a,b"],
            "comment": "раз\r\nдва\rтри\n",
            "nickname": "a\r\nb",
            "external_id": "u1",
            "updated_at": "2026-11-21T14:00:00+02:00",
            "company.title": ["Ромашка", "Лютик"],
        }
    ) == [
        "FN:Анна Петрова",
        "N:Петрова;Анна;;;",
        "ORG:Ромашка",
        "ORG:Лютик",
        "X-CRMCTL-ID:C-1",
        "X-CRMCTL-REVISION:2",
        "UID:u1",
        "NICKNAME;X-EOL=CRLF:a\\nb",
        "TITLE:Закупщик",
        "NOTE:раз\\nдва\\nтри\\n",
        'TEL;X-TYPED="044 123-45-67":+380441234567',
        "TEL:12345",
        "EMAIL:a@example.com",
        "IMPP:telegram:anna",
        "ADR:;;Киев\\, ул. Мира\\; 1\\nкв. 2;;;;",
        "CATEGORIES:vip,a\\,b",
        "BDAY:19800322",
        "REV:20261121T120000Z",
    ]


def test_the_older_version_is_written_for_older_programs() -> None:
    assert _written({"title": "A"}, version="3.0").startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n")
    assert _lines({"title": "A", "birthday": "1980-03-22"}, version="3.0")[-1] == "BDAY:1980-03-22"
    assert _lines({"title": "A"}, "company", "3.0") == ["X-ABShowAs:COMPANY", "FN:A", "N:;;;;", "ORG:A"]
    assert _lines({"title": "A"}, "company") == ["KIND:org", "FN:A", "ORG:A"]


def test_who_has_no_parts_of_a_name_gets_one_for_programs_that_need_it() -> None:
    assert _lines({"title": "Анна"}) == ["FN:Анна", "N;X-FROM=FN:;Анна;;;"]


def test_a_lead_is_called_by_its_person() -> None:
    assert _lines({"title": "Зонты", "name": "Анна", "company_name": "Ромашка"}, "lead") == [
        "FN:Анна",
        "X-CRMCTL-TITLE:Зонты",
        "N;X-FROM=FN:;Анна;;;",
        "ORG:Ромашка",
        "X-CRMCTL-NAME:Анна",
    ]


@pytest.mark.parametrize("name", [None, "phone", "id"])
def test_a_card_always_has_a_name(name: str | None) -> None:
    row: dict[str, Cell] = {"id": "C-7", "phone": ["123456"] if name == "phone" else None}

    assert _lines(row)[0] == ("FN:123456" if name == "phone" else "FN:C-7")


@pytest.mark.parametrize(
    ("kind", "version"), [("deal", "4.0"), ("task", "3.0"), ("contact", "5.0"), ("contact", "2.1")]
)
def test_what_has_no_card_is_wrong_use(kind: str, version: str) -> None:
    with pytest.raises(WrongUse):
        _written({"title": "A"}, kind, version)


NASTY = "aЯё,;:\\\"'^=\r\n \t\u00a0\u2028\x85\x0b\x1b\U0001f469\u200d\U0001f469я"
TEXT = st.text(alphabet=NASTY, max_size=40) | st.text(max_size=90)


@given(title=TEXT, note=TEXT, typed=TEXT, tags=st.lists(TEXT, max_size=3))
def test_no_value_can_begin_a_line_of_its_own(title: str, note: str, typed: str, tags: list[str]) -> None:
    row: dict[str, Cell] = {
        "title": title,
        "comment": note,
        "phone": ["1"],
        "phone_typed": [typed],
        "tags": list(tags),
    }
    written = _written({**row, "id": "C-1"})

    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", written)
    names = [line.partition(b":")[0].partition(b";")[0] for line in re.split(rb"\r\n(?! )", written)[:-1]]
    assert {*names} <= {
        b"BEGIN",
        b"VERSION",
        b"FN",
        b"N",
        b"X-CRMCTL-ID",
        b"TEL",
        b"NOTE",
        b"CATEGORIES",
        b"END",
    }
    assert names.count(b"END") == 1
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.removeprefix(b" ").decode()  # no fold cuts a character in two


BREAKS = re.compile(r"\r\n|\r|\n")
KINDS = {"contact": RecordType.CONTACT, "lead": RecordType.LEAD, "company": RecordType.COMPANY}
OF_CARDS = {
    "contact": ["first_name", "middle_name", "last_name", "position", "birthday"],
    "lead": ["first_name", "middle_name", "last_name", "name", "company_name"],
    "company": ["website"],
}
SHARED = [
    "phone",
    "email",
    "messenger",
    "address",
    "tags",
    "comment",
    "external_id",
    "created_at",
    "updated_at",
]
DAY = st.dates().map(str)
MOMENT = st.datetimes(
    min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC)
).map(lambda moment: moment.isoformat())
PHONE = st.from_regex(r"\A\+?[0-9(][0-9() .x-]{3,14}\Z") | st.from_regex(r"\A(work: )?\+38050[0-9]{7}\Z")
WAYS = {
    "phone": st.lists(PHONE, max_size=3).map("; ".join),
    "email": st.lists(st.emails(), max_size=3).map("; ".join),
    "messenger": st.lists(TEXT | st.from_regex(r"\A[a-z]{1,8}:@?[a-z0-9_.?=]{1,9}\Z"), max_size=3).map(
        "; ".join
    ),
    "tags": st.lists(TEXT, max_size=3).map("; ".join),
    "birthday": DAY,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "website": st.from_regex(r"\Ahttps?://[a-z]{1,5}\.ua(/[=+;,'\"a-z]{0,8})?\Z"),
}


@st.composite
def records(draw: st.DrawFn, kind: str) -> Record:
    """Draw a record with a title and some of the fields that cards have."""
    fields = {field.name: field for field in STANDARD_FIELDS[KINDS[kind]]}
    values: dict[str, Value] = {"id": f"{KINDS[kind].prefix}-7", "record": kind, "revision": 3}
    for name in ["title", *OF_CARDS[kind], *SHARED]:
        if name in fields and (name == "title" or draw(st.booleans())):
            try:
                written = fields[name].assign(draw(WAYS.get(name, TEXT)), CONVENTIONS)
            except BadValue:
                continue
            values |= {each: value for each, value in written.items() if value not in (None, "", [])}
    values.setdefault("title", "x")
    return Record(values)


def _there_and_back(path: Path, record: Record, kind: str, version: str, there: Conventions) -> ImportRow:
    fields = {field.name: field for field in STANDARD_FIELDS[KINDS[kind]]}
    rows = typed_rows(list(fields.values()), [record], CONVENTIONS)
    out = BytesIO()
    vcard_writer.write(out, Sheet(list(fields), rows, kind), SheetOptions(vcard=version))
    path.write_bytes(out.getvalue())
    with Source(str(path)) as source:
        table = open_table(source, ReadOptions(record=kind))
        parser = RowParser(map_columns(table.header, fields, ignore_unknown=True), fields, KINDS[kind], there)
        (row,) = parser.rows(table.rows)
    return row


def _whole(row: ImportRow, kind: str) -> dict[str, Value]:
    assert row.errors == ()
    assert row.warnings == ()
    own: dict[str, Value] = {"id": row.id, "record": kind, "revision": row.revision or 0}
    named = {"external_id": row.external_id} if row.external_id else {}
    return {**own, **row.values, **row.kept, **named}


def _as_kept(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values as they come back: line breaks of several kinds in the value of one line become one kind."""
    found = {name: _with_lf(value, alone=name != "tags") for name, value in values.items()}
    names = [name for name in ("last_name", "first_name", "middle_name") if name in values]
    if len({kind for name in names for kind in BREAKS.findall(str(values[name]))}) > 1:
        found |= {name: BREAKS.sub("\n", str(values[name])) for name in names}
    return found


def _with_lf(value: Value, *, alone: bool) -> Value:
    if isinstance(value, list) and alone:
        return list(dict.fromkeys(str(_with_lf(each, alone=True)) for each in value))
    texts = value if isinstance(value, list) else [str(value)]
    if len({kind for text in texts for kind in BREAKS.findall(text)}) < 2:
        return value
    mended = [BREAKS.sub("\n", text) for text in texts]
    return list(dict.fromkeys(mended)) if isinstance(value, list) else mended[0]


@pytest.mark.parametrize("version", ["4.0", "3.0"])
@pytest.mark.parametrize("kind", list(KINDS))
@settings(max_examples=150)
@given(data=st.data())
def test_a_card_comes_back_as_the_record_it_was(
    tmp_path_factory: pytest.TempPathFactory, kind: str, version: str, data: st.DataObject
) -> None:
    record = data.draw(records(kind))
    row = _there_and_back(tmp_path_factory.mktemp("card") / "x.vcf", record, kind, version, CONVENTIONS)
    assert _whole(row, kind) == _as_kept(record.values)


def test_numbers_come_back_where_another_country_is_usual(tmp_path: Path) -> None:
    values: dict[str, Value] = {"id": "C-1", "record": "contact", "title": "A", "revision": 1}
    values |= {"phone": ["+380441234567"], "phone_typed": ["044 123-45-67"]}
    row = _there_and_back(tmp_path / "x.vcf", Record(values), "contact", "4.0", ELSEWHERE)

    assert row.values["phone"] == ["+380441234567"]

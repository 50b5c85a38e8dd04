"""Importing an export gives back what was, for every kind of field and in every format."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue
from crmctl.exporter.export import record_sheet
from crmctl.exporter.formats import writer_of
from crmctl.exporter.sheet import SheetOptions
from crmctl.importer.batch import DEFERRED
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS

CONVENTIONS = Conventions(
    now=datetime(2026, 11, 21, 12, tzinfo=UTC), timezone="Europe/Kyiv", currency="UAH", phone_region="UA"
)
SIZES = Choices("size", (Choice("s", "Small"), Choice("x-l", "-Large", ("=Big",))))
OWN = (
    Field("own_text", "text"),
    Field("own_long", "long_text"),
    Field("own_texts", "text", multiple=True),
    Field("own_integer", "integer"),
    Field("own_number", "number"),
    Field("own_numbers", "text", multiple=True),
    Field("own_money", "money"),
    Field("own_date", "date"),
    Field("own_moment", "datetime"),
    Field("own_flag", "boolean"),
    Field("own_list", "list", choices=SIZES),
    Field("own_tags", "tags", choices=SIZES, multiple=True),
    Field("own_phone", "phone"),
    Field("own_email", "email"),
    Field("own_url", "url"),
    Field("own_user", "user"),
    Field("own_reference", "reference", to="deal"),
)
FIELDS = {field.name: field for field in (*STANDARD_FIELDS[RecordType.LEAD], *OWN)}

NASTY = "aЯё'\"=+-@;,|\t\r\n \u00a0\u200b\u202e\ufeff\u2028\x85\x0b\x1b\x1a\x7f\uff1d\u0306и\U0001f600\\0."
TEXT = st.text(alphabet=NASTY, max_size=12) | st.text(max_size=12)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
DATE = st.dates().map(str)
MOMENT = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat())
PHONE = st.from_regex(r"\A'?\+?[0-9(][0-9() .x-]{3,14}\Z") | st.from_regex(r"\A\+38050[0-9]{7}\Z")
EMAIL = st.emails() | st.from_regex(r"\A[a-z'+=-]{1,8}@[a-zё]{1,8}\.(com|рф)\Z")


def _money(currency: str) -> st.SearchStrategy[str]:
    smallest = st.integers(-(10**12), 10**12)
    places = DECIMALS[currency]
    return smallest.map(lambda units: f"{Decimal(units).scaleb(-places):f}{'0' * (places > 2)} {currency}")


WAYS: dict[str, st.SearchStrategy[str]] = {
    "text": TEXT,
    "long_text": TEXT,
    "user": TEXT,
    "integer": st.integers(-(2**53), 2**53).map(str),
    "number": NUMBER.map(lambda number: f"{number:f}0") | st.sampled_from(["0.000001", "-0", "0.1"]),
    "money": st.sampled_from(["UAH", "USD", "JPY", "KWD"]).flatmap(_money),
    "date": DATE,
    "datetime": MOMENT,
    "boolean": st.sampled_from(["true", "нет"]),
    "phone": st.lists(PHONE, min_size=1, max_size=3).map("; ".join),
    "email": st.lists(EMAIL, min_size=1, max_size=3).map("; ".join),
    "url": st.from_regex(r"\A(https?://)?[a-z]{1,5}\.ua(/[=+;,'\"a-z]{0,8})?\Z"),
    "reference": st.integers(1, 10**6).map("D-{}".format),
    "currency": st.sampled_from(["USD", "JPY"]),
    "stage": TEXT,
}


def _way(field: Field) -> st.SearchStrategy[str]:
    if field.choices:
        return st.sampled_from(["s", "=Big", "-large"])
    if field.multiple and field.kind in ("text", "tags"):
        return st.lists(TEXT, max_size=3).map("; ".join)
    return WAYS.get(field.kind, TEXT)


def _kept(field: Field, text: str) -> dict[str, Value]:
    """Return what the field keeps of typed text; nothing where it refuses it."""
    if field.name in DEFERRED:
        field = Field(field.name, "text")
    try:
        written = field.assign(text, CONVENTIONS)
    except BadValue:
        return {}
    return {name: value for name, value in written.items() if value not in (None, "", [])}


@st.composite
def records(draw: st.DrawFn, names: list[str]) -> Record:
    """Draw a record of which some of the fields named are filled."""
    values: dict[str, Value] = {"id": "L-7", "record": "lead", "revision": 3}
    for name in names:
        # An amount brings its currency along.
        if name not in values and draw(st.booleans()):
            values |= _kept(FIELDS[name], draw(_way(FIELDS[name])))
    return Record(values)


def _there_and_back(
    folder: Path, record: Record, format_name: str, options: SheetOptions, encoding: str = ""
) -> ImportRow:
    writer = writer_of(format_name)
    out = BytesIO()
    sheet = record_sheet(format_name, list(FIELDS.values()), [record], CONVENTIONS)
    writer.write(out, sheet, options)
    path = folder / f"round.{format_name}"
    path.write_bytes(out.getvalue())
    with Source(str(path)) as source:
        table = open_table(source, ReadOptions(encoding=encoding, delimiter=options.delimiter))
        columns = map_columns(table.header, FIELDS)
        parser = RowParser(columns, FIELDS, RecordType.LEAD, CONVENTIONS)
        (row,) = parser.rows(table.rows)
    return row


def _whole(row: ImportRow) -> dict[str, Value]:
    """Return everything that came back, under the names of the record's fields."""
    assert row.errors == ()
    named = {"external_id": row.external_id} if row.external_id else {}
    upkeep: dict[str, Value] = {"id": row.id, "record": "lead", "revision": row.revision or 0}
    return {**upkeep, **row.values, **row.texts, **row.kept, **named}


# What crmctl counts and derives is read by no import.
DERIVED = {
    "id",
    "record",
    "revision",
    "converted_to",
    "phone_typed",
    "note_count",
    "letter_count",
    "message_count",
}
PLAIN = [name for name in FIELDS if name not in DERIVED]
DIALECTS = [
    ("csv", SheetOptions()),
    ("csv", SheetOptions(guard=False)),
    ("csv", SheetOptions(delimiter=";", bom=True)),
    ("csv", SheetOptions(delimiter="|", encoding="utf-16")),
    ("tsv", SheetOptions(delimiter="\t")),
    ("json", SheetOptions()),
    ("jsonl", SheetOptions()),
    ("xlsx", SheetOptions()),
]


@pytest.mark.parametrize(("format_name", "options"), DIALECTS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_importing_an_export_gives_back_the_record(
    tmp_path_factory: pytest.TempPathFactory, format_name: str, options: SheetOptions, data: st.DataObject
) -> None:
    record = data.draw(records(PLAIN))

    assert (
        _whole(_there_and_back(tmp_path_factory.getbasetemp(), record, format_name, options)) == record.values
    )


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_importing_an_export_gives_back_every_field(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    kept = _kept(FIELDS[name], data.draw(_way(FIELDS[name])))
    assume(kept)
    record = Record({"id": "L-7", "record": "lead", "revision": 3, **kept})
    folder = tmp_path_factory.getbasetemp()

    for format_name in ("csv", "xlsx"):
        assert _whole(_there_and_back(folder, record, format_name, SheetOptions())) == record.values


@settings(max_examples=200, deadline=None)
@given(text=TEXT)
@example("'=1")
@example("''")
@example('"')
@example("\r")
@example("-5")
@example("\ufeff")
@example("_x0041_x0042_")
@example("<r><t>a</t></r>")
def test_text_comes_back_to_the_letter_with_and_without_the_guard(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    kept = _kept(FIELDS["comment"], text)
    record = Record({"id": "L-7", "record": "lead", "revision": 1, **kept})
    folder = tmp_path_factory.getbasetemp()

    for options in (SheetOptions(), SheetOptions(guard=False)):
        assert _whole(_there_and_back(folder, record, "csv", options)) == record.values
    assert _whole(_there_and_back(folder, record, "xlsx", SheetOptions())) == record.values


@pytest.mark.parametrize("format_name", ["csv", "json"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("own_number", 1.234),
        ("own_number", 1e-18),
        ("own_number", -123.456),
        ("own_money", "1.234 KWD"),
        ("own_money", "-5.00 UAH"),
        ("own_moment", "1900-01-01T00:00:00+00:00"),
        ("own_moment", "0001-01-01T00:00:00+00:00"),
        ("own_date", "0001-01-01"),
        ("own_flag", False),
        ("own_integer", 0),
        ("comment", "x" * 65_536),
    ],
)
def test_values_at_the_edge_come_back(tmp_path: Path, format_name: str, name: str, value: Value) -> None:
    record = Record({"id": "L-7", "record": "lead", "revision": 1, name: value})

    assert _whole(_there_and_back(tmp_path, record, format_name, SheetOptions())) == record.values


def test_an_amount_of_three_decimals_comes_back(tmp_path: Path) -> None:
    values: dict[str, Value] = {"amount": "1.234", "currency": "KWD"}
    record = Record({"id": "L-7", "record": "lead", "revision": 1, **values})

    assert _whole(_there_and_back(tmp_path, record, "csv", SheetOptions())) == record.values

"""Records in the layouts of other programs, and that the same profile reads them back."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.config.profiles import load_profiles
from crmctl.exporter import csv_writer
from crmctl.exporter.layout import Source, layout_rows
from crmctl.exporter.sheet import Sheet, SheetOptions
from crmctl.importer import source as importer_source
from crmctl.importer.mapping import map_columns
from crmctl.importer.opening import open_by
from crmctl.importer.profile_layout import laid_out
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.table import ReadOptions
from crmctl.importer.targets import Targets
from crmctl.model.field import Conventions, Field
from crmctl.model.import_profile import LINKED, ExportColumn, ExportLayout, ImportProfile, ProfileColumn
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS

CONVENTIONS = Conventions(
    now=datetime(2026, 11, 21, 12, tzinfo=UTC), timezone="Europe/Moscow", currency="RUB", phone_region="RU"
)
PROFILES = load_profiles(None)
WRITABLE = [name for name in PROFILES.names() if (found := PROFILES.get(name)) and found.export]


def _fields(kind: RecordType) -> dict[str, Field]:
    return {field.name: field for field in STANDARD_FIELDS[kind]}


def _sources(fields: dict[str, Field]) -> dict[str, Source]:
    return {name: Source(field, lambda record, name=name: record.get(name)) for name, field in fields.items()}


def _cells(
    columns: list[ExportColumn],
    values: dict[str, Value],
    places: dict[str, tuple[ProfileColumn, ...]] | None = None,
    date_format: tuple[str, ...] = (),
) -> list[str]:
    profile = ImportProfile(
        "x",
        RecordType.CONTACT,
        places or {},
        date_format=date_format,
        export=ExportLayout(tuple(columns)),
    )
    rows = layout_rows(profile, _sources(_fields(RecordType.CONTACT)), [Record(values)], CONVENTIONS)
    return next(iter(rows))


def test_values_stand_in_columns_of_their_own_and_the_rest_together() -> None:
    phones = [f"+7912345678{number}" for number in range(4)]
    columns = [
        ExportColumn("B", "phone", nth=2),
        ExportColumn("Rest", "phone", by=" ::: "),
        ExportColumn("A", "phone", nth=1),
    ]

    assert _cells(columns, {"phone": phones}) == [phones[1], f"{phones[2]} ::: {phones[3]}", phones[0]]
    assert _cells(columns, {"phone": phones[:1]}) == ["", "", phones[0]]
    assert _cells(columns[1:2], {"phone": phones[:2]}) == [f"{phones[0]} ::: {phones[1]}"]


def test_a_text_stands_in_every_row_or_beside_a_value() -> None:
    columns = [ExportColumn("Always", text="x"), ExportColumn("Beside", "phone", nth=2, text="Work")]

    assert _cells(columns, {"phone": ["1"]}) == ["x", ""]
    assert _cells(columns, {"phone": ["1", "2"]}) == ["x", "Work"]


def test_who_has_no_part_of_a_name_is_called_by_another_field() -> None:
    columns = [ExportColumn("First", "first_name", instead="title"), ExportColumn("Last", "last_name")]

    assert _cells(columns, {"title": "Anna P"}) == ["Anna P", ""]
    assert _cells(columns, {"title": "Anna P", "last_name": "P"}) == ["", "P"]


def test_a_column_takes_the_values_that_are_meant_for_it() -> None:
    places = {"Skype": (ProfileColumn("messenger", prefix="skype:"),)}
    columns = [ExportColumn("Skype", "messenger"), ExportColumn("Other", "messenger")]

    assert _cells(columns, {"messenger": ["skype:a", "icq:1", "skype:b"]}, places) == ["a; b", "icq:1"]


@pytest.mark.parametrize(
    ("patterns", "day", "moment"),
    [
        (("%d.%m.%Y %H:%M:%S", "%d.%m.%Y"), "22.03.1980", "21.11.2026 15:30:05"),
        (("%m/%d/%Y",), "03/22/1980", "2026-11-21T15:30:05+03:00"),
        (("%d %B %Y",), "22 March 1980", "2026-11-21T15:30:05+03:00"),
        ((), "1980-03-22", "2026-11-21T15:30:05+03:00"),
    ],
)
def test_dates_are_written_as_the_profile_reads_them(
    patterns: tuple[str, ...], day: str, moment: str
) -> None:
    columns = [ExportColumn("Day", "birthday"), ExportColumn("Moment", "created_at")]
    values: dict[str, Value] = {"birthday": "1980-03-22", "created_at": "2026-11-21T12:30:05+00:00"}

    assert _cells(columns, values, date_format=patterns) == [day, moment]


def test_a_field_that_the_workspace_lacks_is_blank() -> None:
    assert _cells([ExportColumn("Site", "website"), ExportColumn("Empty")], {"title": "A"}) == ["", ""]


WORD = st.from_regex(r"\A[А-Яа-яЁёA-Za-z0-9=+@\"'«][А-Яа-яA-Za-z0-9 .;'\"&|\n-]{0,12}[а-я0-9]\Z")
LINE = WORD.map(lambda text: " ".join(text.replace(";", "").split()))
TAG = st.from_regex(r"\A[А-Яа-яA-Za-z0-9=][А-Яа-я A-Z'\"-]{0,8}[а-я]\Z")
MOMENT = st.datetimes(min_value=datetime(1990, 6, 1), max_value=datetime(1990, 8, 1), timezones=st.just(UTC))
PHONE = st.from_regex(r"\A\+7912[0-9]{7}\Z")
EMAIL = st.from_regex(r"\A[a-z+=][a-z0-9.]{0,6}[a-z]@[a-z]{1,6}\.ru\Z").filter(lambda text: ".." not in text)
KINDS = {
    "phone": st.lists(PHONE, max_size=6, unique=True).map("; ".join),
    "email": st.lists(EMAIL, max_size=5, unique=True).map("; ".join),
    "tags": st.lists(TAG, max_size=3).map("; ".join),
    "date": st.dates().map(str),
    "datetime": MOMENT.map(lambda moment: moment.isoformat()),
    "money": st.integers(1, 10**9).map(lambda units: f"{units / 100:.2f}"),
    "currency": st.sampled_from(["RUB", "USD"]),
    "integer": st.integers(0, 100).map(str),
    "url": st.from_regex(r"\Ahttps://[a-z]{1,5}\.ru\Z"),
    "long_text": WORD,
}
MESSENGERS = st.from_regex(r"\A(skype:|telegram:|vk:|)[a-z0-9_@.]{2,9}[a-z]\Z")
LEFT_TO_RULES = {"stage", "pipeline", "reject_reason", "lost_reason"}


@st.composite
def records(draw: st.DrawFn, profile: ImportProfile) -> Record:
    """Draw a record with some of the fields that the layout has, and with a name."""
    assert profile.export is not None
    fields = _fields(profile.record)
    covered = dict.fromkeys(each.field for each in profile.export.columns if each.field in fields)
    values: dict[str, Value] = {"last_name": "Петрова"} if "last_name" in covered else {}
    for name in [name for name in covered if name not in LEFT_TO_RULES]:
        if name == "title" or draw(st.booleans()):
            many = st.lists(MESSENGERS, max_size=4, unique=True).map("; ".join)
            way = many if name == "messenger" else KINDS.get(fields[name].kind, LINE)
            written = fields[name].assign(draw(way), CONVENTIONS)
            values |= {each: value for each, value in written.items() if value not in (None, "", [])}
    values.pop("phone_typed", None)
    return Record(values)


def _there_and_back(path: Path, profile: ImportProfile, record: Record) -> ImportRow:
    assert profile.export is not None
    fields = _fields(profile.record)
    rows = layout_rows(profile, _sources(fields), [record], CONVENTIONS)
    out = BytesIO()
    options = SheetOptions(profile.export.delimiter, bom=profile.export.bom)
    csv_writer.write(out, Sheet([each.column for each in profile.export.columns], rows), options)
    path.write_bytes(out.getvalue())
    targets = Targets(fields, {kind: _fields(kind) for kind in LINKED.get(profile.record, ())})
    with importer_source.Source(str(path)) as source:
        table = open_by(source, ReadOptions(), profile)
        layout = laid_out(profile, table.header, targets, {})
        columns = map_columns(layout.names, targets, {}, presumed=layout.targets, ignore_unknown=True)
        parser = RowParser(columns, fields, profile.record, CONVENTIONS, targets.linked)
        (row,) = parser.rows(layout.rows(table.rows, set()))
    return row


@pytest.mark.parametrize("name", WRITABLE)
@settings(max_examples=40)
@given(data=st.data())
def test_what_a_profile_writes_it_reads_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    profile = PROFILES.get(name)
    assert profile is not None
    record = data.draw(records(profile))
    row = _there_and_back(tmp_path_factory.mktemp("layout") / "x.csv", profile, record)
    named = {"external_id": row.external_id} if row.external_id else {}
    found = {**row.values, **row.kept, **named}
    if "title" not in record.values:
        found.pop("title", None)  # made of the name
    for field in ("phone", "email", "messenger"):  # those with columns of their own come first
        assert sorted(found.pop(field, [])) == sorted(record.values.get(field, []))  # type: ignore[arg-type]

    assert row.errors == ()
    assert found == {
        name: value for name, value in record.values.items() if name not in ("phone", "email", "messenger")
    }

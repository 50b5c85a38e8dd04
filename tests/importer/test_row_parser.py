from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.importer.mapping import map_columns
from crmctl.importer.row import ImportRow, packed_cells
from crmctl.importer.row_parser import RowParser
from crmctl.importer.table import Table
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType

Rows = Callable[..., list[ImportRow]]


@pytest.fixture
def rows(opened: Callable[..., Table], lead_fields: dict[str, Field], conventions: Conventions) -> Rows:
    """Return the rows of a file of leads."""

    def rows(content: str, name: str = "leads.csv", **told: str) -> list[ImportRow]:
        table = opened(content, name=name)
        columns = map_columns(table.header, lead_fields)
        stated = msgspec.structs.replace(conventions, **told)
        parser = RowParser(columns, lead_fields, RecordType.LEAD, stated)
        return list(parser.rows(table.rows))

    return rows


def key_of(cells: list[str]) -> str:
    return ImportRow(1, packed_cells(cells), {}).key


def test_cells_become_values_of_their_types(rows: Rows) -> None:
    row = rows("title,amount,currency,visit,vip,weight\n Acme ,1 000.5,USD,2026-11-21,да,0.5\n")[0]

    assert row.errors == ()
    assert row.values == {
        "title": "Acme",
        "amount": "1000.50",
        "currency": "USD",
        "visit": "2026-11-21",
        "vip": True,
        "weight": 0.5,
    }


def test_blank_cells_write_nothing(rows: Rows) -> None:
    assert rows("title,amount,source,phone\nAcme,, ,\n")[0].values == {"title": "Acme"}


def test_zero_and_false_are_values(rows: Rows) -> None:
    assert rows("title,weight,vip\nA,0,false\n")[0].values == {"title": "A", "weight": 0, "vip": False}


def test_each_failing_cell_is_named_by_line_column_value_and_reason(rows: Rows) -> None:
    row = rows("Title,Amount,Источник,Дата визита\nA,1.234,wbe,31.02.2026\n")[0]

    assert {(error.line, error.column, error.field, error.value) for error in row.errors} == {
        (2, "Источник", "source", "wbe"),
        (2, "Дата визита", "visit", "31.02.2026"),
        (2, "Amount", "amount", "1.234"),
    }
    assert 'line 2: Источник "wbe": unknown source "wbe"' in map(str, row.errors)


def test_an_error_tells_what_would_be_accepted(rows: Rows) -> None:
    error = rows("title,source\nA,wbe\n")[0].errors[0]

    assert error.about == 'source: unknown source "wbe" (one of: web, call)'


def test_list_values_are_named_by_title_or_alias(rows: Rows) -> None:
    found = rows("title,source\nA,САЙТ\nB,веб-сайт\n")

    assert [row.values["source"] for row in found] == ["web", "web"]


@pytest.mark.parametrize("text", ["today", "mon", "-7d", "2026-11", "yesterday", "01/02/2026", "now"])
def test_dates_in_files_are_absolute(rows: Rows, text: str) -> None:
    assert [error.field for error in rows(f"title,visit,created_at\nA,{text},{text}\n")[0].errors] == [
        "visit",
        "created_at",
    ]


def test_dates_are_read_in_the_declared_format(rows: Rows) -> None:
    content = "title,visit,created_at\nA,21.11.2026,21.11.2026\nB,2026-11-21,2026-11-20T22:00:00Z\n"
    found = rows(content, date_format="%d.%m.%Y")

    assert [row.values["visit"] for row in found] == ["2026-11-21", "2026-11-21"]
    assert [row.kept["created_at"] for row in found] == ["2026-11-20T22:00:00+00:00"] * 2


def test_the_declared_format_wins_where_iso_would_fit_too(rows: Rows) -> None:
    assert rows("title,visit\nA,2026-03-04\n", date_format="%Y-%d-%m")[0].values["visit"] == "2026-04-03"


@pytest.mark.parametrize("text", ["10k", "1.5m", "1.234", "1,234", "nan", "1_000", "1e5"])
def test_numbers_with_shorthand_or_two_readings_are_refused(rows: Rows, text: str) -> None:
    assert [error.field for error in rows(f'title,weight\nA,"{text}"\n')[0].errors] == ["weight"]


def test_the_declared_decimal_mark_settles_what_is_meant(rows: Rows) -> None:
    assert rows('title,weight\nA,"1,234"\n', decimal_mark=",")[0].values["weight"] == 1.234
    assert rows('title,weight\nA,"1,234"\n', decimal_mark=".")[0].values["weight"] == 1234


def test_numbers_of_json_have_one_reading_whatever_is_declared(rows: Rows) -> None:
    content = '[{"title": "A", "weight": 1.234}, {"title": "B", "weight": "1.234"}]'
    number, text = rows(content, name="leads.json")

    assert number.values["weight"] == 1.234
    assert text.errors[0].reason.endswith("can be read in two ways")
    assert rows(content, name="leads.json", decimal_mark=",")[0].values["weight"] == 1.234


def test_an_amount_is_read_in_the_currency_of_its_row(rows: Rows) -> None:
    content = "title,currency,amount\nA,JPY,1000\nB,KWD,1.2340\nC,,5\nD,USD,7 USD\nE,USD,\n"
    found = rows(content)

    assert [(row.values.get("amount"), row.values.get("currency")) for row in found] == [
        ("1000", "JPY"),
        ("1.234", "KWD"),
        ("5.00", "UAH"),
        ("7.00", "USD"),
        (None, "USD"),
    ]


def test_an_amount_that_contradicts_its_row_is_refused(rows: Rows) -> None:
    error = rows("title,currency,amount\nA,EUR,7 USD\n")[0].errors[0]

    assert (error.column, error.reason) == ("amount", "is in USD, but the currency of its row is EUR")


def test_a_bad_currency_is_one_error(rows: Rows) -> None:
    assert [error.field for error in rows("title,currency,amount\nA,XXY,1.50\n")[0].errors] == ["currency"]


def test_several_columns_are_joined_to_one_field(rows: Rows) -> None:
    row = rows("title,Phone 1,Phone 2\nA,050 123 45 67,+380671234567; 0501234567\n")[0]

    assert row.values["phone"] == ["+380501234567", "+380671234567"]


def test_the_column_at_fault_among_joined_ones_is_named(rows: Rows) -> None:
    row = rows("title,Email 1,Email 2\nA,a@example.com,nonsense\n")[0]

    assert [(error.column, error.field) for error in row.errors] == [("Email 2", "email")]


def test_how_a_phone_was_typed_is_kept(rows: Rows) -> None:
    row = rows("title,phone\nA,(050) 123-45-67\n")[0]

    assert row.values["phone"] == ["+380501234567"]
    assert row.values["phone_typed"] == ["(050) 123-45-67"]


def test_typed_forms_in_an_export_count_while_they_mean_the_same_numbers(rows: Rows) -> None:
    content = "title,phone,phone_typed\nA,+380501234567,(050) 123-45-67\nB,+380671234567,(050) 123-45-67\n"
    same, edited = rows(content)

    assert same.values["phone_typed"] == ["(050) 123-45-67"]
    assert edited.values["phone"] == ["+380671234567"]
    assert "phone_typed" not in edited.values


def test_an_id_names_the_record(rows: Rows) -> None:
    row = rows("id,revision,title\nl-17,3,A\n")[0]

    assert (row.id, row.revision, row.external_id) == ("L-17", 3, "")


def test_text_in_an_id_column_that_is_no_id_is_an_external_id(rows: Rows) -> None:
    found = rows("id,title\n1000,A\nL-17,B\n,C\n")

    assert [(row.id, row.external_id) for row in found] == [("", "1000"), ("L-17", ""), ("", "")]


def test_an_external_id_of_its_own_column_wins(rows: Rows) -> None:
    found = rows("id,external_id,title\n1000,x-1,A\nL-17,x-2,B\n")

    assert [(row.id, row.external_id) for row in found] == [("", "x-1"), ("L-17", "x-2")]


def test_an_id_of_another_type_is_refused(rows: Rows) -> None:
    assert rows("id,title\nD-17,A\n")[0].errors[0].reason == "D-17 is no lead"


@pytest.mark.parametrize("text", ["three", "-1", "1.0", "9" * 40])
def test_a_revision_is_a_whole_number(rows: Rows, text: str) -> None:
    assert [error.field for error in rows(f"id,revision,title\nL-1,{text},A\n")[0].errors] == ["revision"]


def test_what_depends_on_the_pipeline_stays_text(rows: Rows) -> None:
    row = rows("title,pipeline,stage,reject_reason\nA,leads, In work ,\n")[0]

    assert row.texts == {"pipeline": "leads", "stage": "In work"}
    assert "stage" not in row.values


def test_original_dates_are_kept_apart(rows: Rows) -> None:
    row = rows("title,created_at,created_by,closed_at\nA,2025-01-02 03:04:05,olga,\n")[0]

    assert row.kept == {"created_at": "2025-01-02T01:04:05+00:00", "created_by": "olga"}
    assert row.values == {"title": "A"}


def test_rows_at_fault_are_not_read_further(rows: Rows) -> None:
    row = rows("title,amount\nA,xyz,surplus\n")[0]

    assert [error.reason for error in row.errors] == ["has 3 cells, the header 2"]
    assert row.cells == ["A", "xyz", "surplus"]


def test_warnings_of_the_file_are_passed_on(rows: Rows) -> None:
    assert rows("title,amount\nA\n")[0].warnings


def test_equal_rows_have_equal_keys_and_others_do_not(rows: Rows) -> None:
    found = rows("title,comment\nA,b\nA,b\nA b,\n")

    assert found[0].key == found[1].key == key_of(["A", "b"])
    assert found[2].key != found[0].key
    assert len(found[0].key) == 16


def test_where_cells_end_is_part_of_a_key() -> None:
    assert len({key_of(cells) for cells in (["ab", ""], ["a", "b"], ["", "ab"], ["ab"], ['a","b'])}) == 5


def test_a_key_never_changes() -> None:
    assert key_of(["Acme", "Ёлка", ""]) == "2f8e567f0fad4edd"


def test_a_row_can_be_seen_as_a_record(rows: Rows) -> None:
    record = rows("id,external_id,title\nL-17,x-2,B\n")[0].record_of(RecordType.LEAD)

    assert record.values == {"id": "L-17", "record": "lead", "title": "B", "external_id": "x-2"}


def test_many_different_cells_are_read_alike(rows: Rows) -> None:
    content = "title,weight\n" + "".join(f"T{n},{n}\n" for n in range(5000)) + "T1,1\n"

    assert rows(content)[-1].values == {"title": "T1", "weight": 1}


ODD = (
    "",
    " ",
    "Acme",
    " x ",
    "a;b",
    "e\u0308",
    "\u3164",
    "12.50",
    "1.234",
    "7 USD",
    "USD",
    "XXY",
    "web",
    "wbe",
)
FORMS = (
    "050 123 45 67",
    "+380501234567",
    "12",
    "a@b.com",
    "@",
    "2026-11-21",
    "31.02.2026",
    "1",
    "да",
    "\u200b",
)
CELLS = st.sampled_from((*ODD, *FORMS))
COLUMNS = (
    "title",
    "phone",
    "email",
    "currency",
    "amount",
    "source",
    "visit",
    "weight",
    "created_at",
    "closed_at",
)


def plain_row(number: int) -> str:
    values = (f"T{number}", f"+38050{number:07}", f"u{number}@example.com", "UAH", f"{number}.50", "web")
    return ",".join((*values, "2026-11-21", str(number), "2026-01-01", "")) + "\n"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=4))
def test_a_row_says_among_thousands_what_it_says_alone(rows: Rows, odd: list[list[str]]) -> None:
    head, plain = ",".join(COLUMNS) + "\n", [plain_row(number) for number in range(1500)]
    lines = ["X" + ",".join(cells) + "\n" for cells in odd]
    among = rows(head + "".join(plain + lines + plain[:300]))

    for at, line in enumerate([*plain[-5:], *lines, *plain[:5]], 1495):
        (alone,) = rows(head + line)
        found = msgspec.structs.replace(among[at], line=2)
        assert msgspec.structs.replace(found, errors=()) == msgspec.structs.replace(alone, errors=())
        assert [error.about for error in found.errors] == [error.about for error in alone.errors]
        assert list(found.values) == list(alone.values)


def test_amounts_in_many_currencies_are_each_read_in_that_of_their_row(rows: Rows) -> None:
    codes = ("UAH", "JPY", "", "USD", "xxy")
    lines = [f"T{number},{codes[number % 5]},{number}.00\n" for number in range(4000)]
    found = rows("title,currency,amount\n" + "".join(lines))

    for number, row in enumerate(found[-10:], 3990):
        amount, code = (f"{number}.00", str(number))[number % 5 == 1], codes[number % 5] or "UAH"
        if code == "xxy":
            assert [error.field for error in row.errors] == ["currency"]
        else:
            assert row.values == {"title": f"T{number}", "currency": code, "amount": amount}
            assert list(row.values)[-1] == ("currency" if number % 5 == 2 else "amount")
            assert row.bare == (("amount",) if number % 5 == 2 else ())


def test_faults_are_told_in_one_order_however_their_cells_are_read(rows: Rows) -> None:
    content = "created_at,Phone 1,amount,Phone 2,source,id\n?,?,?,?,?,D-1\n"

    fields = [error.field for error in rows(content)[0].errors]
    assert fields == ["source", "phone", "phone", "amount", "created_at", "id"]

"""Workbooks that are cut, flipped and made up: read or refused, never more."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.errors import CrmError
from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions

Book = Callable[..., bytes]


def _tried(content: bytes) -> None:
    """Read a workbook whole, or be refused in one sentence."""
    with Source("x.xlsx", content) as source:
        try:
            for row in open_table(source, ReadOptions(format="xlsx")).rows:
                assert len(row.cells) < 1001
        except CrmError as error:
            assert "x.xlsx" in error.message  # noqa: PT017 - either way is right


@pytest.fixture(scope="module")
def sound(book: Book) -> bytes:
    rows: list[Any] = [
        ["Название", "Phone", "Date", "Amount"],
        ["Ромашка", 380441234567, {"s": 1, "x": "<v>45292.5</v>"}, {"x": "<f>A1</f><v>12.5</v>"}],
        [{"t": "s", "x": "<v>0</v>"}, None, {"t": "e", "x": "<v>#N/A</v>"}, True],
    ]
    return book(rows, formats=["yyyy-mm-dd"], strings=["shared"])


def test_the_whole_workbook_is_read(sound: bytes) -> None:
    _tried(sound)


def test_a_workbook_that_is_cut_anywhere_is_refused_or_read(sound: bytes) -> None:
    for at in range(0, len(sound), 7):
        _tried(sound[:at])


def test_a_workbook_with_a_byte_changed_is_refused_or_read(
    sound: bytes, amount: Callable[[int, int], int]
) -> None:
    chance = random.Random(7)
    for _ in range(amount(1500, 100_000)):
        changed = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        _tried(bytes(changed))


def test_a_sheet_with_a_byte_changed_is_refused_or_read(
    sound: bytes, book: Book, amount: Callable[[int, int], int]
) -> None:
    chance, part = random.Random(7), "xl/worksheets/s1.xml"
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        sheet = archive.read(part)
    for _ in range(amount(1000, 100_000)):
        changed = bytearray(sheet)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.choice(b'<>/"= 019Atscv&;\0\xff')
        _tried(book(strings=["shared"], formats=["yyyy"], parts={part: bytes(changed)}))


PIECES = st.sampled_from(
    [
        *(
            '<row r="1">',
            "<row>",
            "</row>",
            '<c r="A1">',
            '<c r="B1" t="s">',
            '<c t="e" s="1">',
            "<c>",
            "</c>",
        ),
        *(
            "<v>",
            "</v>",
            "1",
            "-5",
            "45292",
            "<f>",
            "</f>",
            "<is>",
            "</is>",
            "<t>",
            "</t>",
            "<rPh>",
            "</rPh>",
        ),
        *(
            "&amp;",
            "&x;",
            "_x0000_",
            "_xD800_",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "<?a?>",
            "\0",
            "ё",
            "<sheetData>",
        ),
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=30))
def test_xml_of_any_pieces_is_refused_or_read(book: Book, pieces: list[str]) -> None:
    _tried(book("".join(pieces)))


ROWS = st.lists(
    st.lists(
        st.builds(
            lambda kind, style, text, formula: {
                "t": kind,
                "s": style,
                "x": formula + (f"<v>{text}</v>" if text else ""),
            },
            st.sampled_from(["n", "s", "str", "b", "e", "d", "inlineStr"]),
            st.sampled_from(["0", "1", "2", "-1"]),
            st.text("0123456789.-+eE_ #N/A:TZ", max_size=12),
            st.sampled_from(["", "", "<f>A1</f>"]),
        ),
        max_size=4,
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_cells_of_any_type_and_content_are_refused_or_read(book: Book, rows: Any) -> None:
    _tried(book([["a", "b", "c", "d"], *rows], formats=["yyyy", "[h]"], strings=["x"]))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=40) | st.text("<>/ax \"'=&;?!-", max_size=40))
def test_other_parts_of_any_content_are_refused_or_read(book: Book, part: str, content: Any) -> None:
    _tried(book([["a"], [1]], parts={part: content}))


def test_a_copy_leads_nowhere_else(tmp_path: Path, book: Book) -> None:
    (tmp_path / "secret.xml").write_text("<a/>")
    relations = '<Relationships><Relationship Id="s1" Type="x/worksheet" Target="../../../secret.xml"/></Relationships>'
    _tried(book([["a"]], parts={"xl/_rels/workbook.xml.rels": relations}))

"""What a sheet may have at most, where more would cost memory or time: refused as soon as it shows."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import Refused
from crmctl.importer.table import Table

Opened = Callable[..., Table]
Book = Callable[..., bytes]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'


def noise(size: int) -> str:
    """Return digits that do not pack well: an archive that unpacks to a hundred times its size is none to read."""
    return "".join(str(n * n * 2654435761 % 10**9) for n in range(size // 9))


def cells(inner: str) -> str:
    return f'<sheetData>{HEADER}<row r="2">{inner}</row></sheetData>'


@pytest.fixture
def refusal(opened: Opened, book: Book) -> Callable[..., str]:
    def refusal(rows: Any = ((),), **more: Any) -> str:
        with pytest.raises(Refused) as refused:
            list(opened(book(rows, **more), "x.xlsx").rows)
        return refused.value.message

    return refusal


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (f'<c t="str"><v>{noise(18_000_000)}</v></c>', "a text is longer than 16,777,216 characters"),
        (
            f'<c t="inlineStr"><is>{"".join(f"<r><t>{n * n}</t></r>" for n in range(70_000))}</is></c>',
            "a text has more than 65,536 runs",
        ),
        ("".join(f'<c n="{n}"/>' for n in range(20_000)), "cells that are not in order"),
        ("".join(f'<r n="{n}">' for n in range(100)), "a sheet is nested too deeply"),
        (f'<c a="{noise(9_000_000)}"/>', "a tag longer than 4,194,304 bytes"),
        (f"<!--{noise(9_000_000)}-->", "a tag longer than 4,194,304 bytes"),
        (f"<c><v>{'7' * 401}</v></c>", "no sound workbook"),
        ("<c><v>9e999</v></c>", "no sound workbook"),
        (f'<c r="{"A" * 99}1"/>', "a cell without a place"),
        (f'<c t="s"><v>{"7" * 5000}</v></c>', "no sound workbook"),
    ],
    ids=["text", "runs", "cells", "depth", "tag", "comment", "number", "power", "place", "index"],
)
def test_a_sheet_that_goes_beyond_is_refused(refusal: Callable[..., str], inner: str, told: str) -> None:
    assert told in refusal(cells(inner))


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("sharedStrings", "<si>" * 100, "its texts are nested too deeply"),
        ("sharedStrings", f"<si><t>{noise(18_000_000)}</t></si>", "a text is longer than"),
        (
            "styles",
            f'<numFmts><numFmt numFmtId="200" formatCode="{"[h" * 600}"/></numFmts>',
            "1,200 characters",
        ),
        (
            "styles",
            "<cellXfs>" + "".join(f'<xf n="{n * n}"/>' for n in range(66_000)) + "</cellXfs>",
            "more than 65,536 styles",
        ),
        ("styles", "<a>" * 100, "nested too deeply"),
    ],
    ids=["depth", "text", "format", "styles", "levels"],
)
def test_other_parts_that_go_beyond_are_refused(
    refusal: Callable[..., str], part: str, content: str, told: str
) -> None:
    root = {"styles": "styleSheet", "sharedStrings": "sst"}[part]
    parts = {f"xl/{part}.xml": f'<{root} xmlns="{MAIN}">{content}</{root}>', "noise": noise(100_000)}
    assert told in refusal(parts=parts)


def test_more_shared_texts_than_a_workbook_can_use_are_refused(
    refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmctl.importer.xlsx.strings._MOST", 1000)
    assert "more than 1,000 texts" in refusal([["a"]], strings=[f"{n}" for n in range(1001)])

"""Rows as lines of CSV, and what may separate their cells."""

import pytest

from crmctl.csv_lines import CsvLines, declared_delimiter
from crmctl.errors import WrongUse


@pytest.mark.parametrize(
    ("text", "delimiter"), [("tab", "\t"), ("\\t", "\t"), ("Semicolon", ";"), (":", ":"), ("", "")]
)
def test_a_delimiter_may_be_named(text: str, delimiter: str) -> None:
    assert declared_delimiter(text) == delimiter


@pytest.mark.parametrize("text", ["x", '"', "\n", ",,", "7"])
def test_what_cannot_separate_is_wrong_use(text: str) -> None:
    with pytest.raises(WrongUse):
        declared_delimiter(text)


def test_lines_are_taken_once() -> None:
    lines = CsvLines(";")
    lines.add(["a;b", "c"])
    assert lines.taken() == '"a;b";c\n'
    lines.add(["", "\r"])
    assert lines.taken() == '"";"\r"\n'

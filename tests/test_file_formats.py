"""What names of files and encodings say."""

import pytest

from crmctl.errors import WrongUse
from crmctl.file_formats import codec_of, format_by_suffix


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.CSV", "csv"), ("a.b.ndjson", "jsonl"), ("a", ""), ("a.xlsx", "xlsx"), ("a.ods", "")],
)
def test_a_suffix_shows_the_format_in_any_case(name: str, found: str) -> None:
    assert format_by_suffix(name) == found


def test_an_encoding_may_go_by_any_of_its_names() -> None:
    assert codec_of("windows-1251") == "cp1251"


@pytest.mark.parametrize("name", ["klingon", "punycode", "hex", "utf-7"])
def test_what_does_not_write_text_as_it_is_is_no_encoding(name: str) -> None:
    with pytest.raises(WrongUse, match="unknown encoding"):
        codec_of(name)

"""Excerpts count lines and columns as findings do."""

from pathlib import Path

import pytest

from crmctl.config.lines import source_line
from crmctl.config.yaml_reader import read


@pytest.mark.parametrize(
    ("content", "number", "line"),
    [
        (b"\xef\xbb\xbfa: 1\n", 1, "a: 1"),
        (b"a\r\nb\rc\n", 2, "b"),
        (b"a\r\nb\rc\n", 3, "c"),
        ("a\x85b\u2028c".encode(), 3, "c"),
        (b"a \x0c\x1c\x0b b\nc\n", 2, "c"),
        (b"a: \xff1\n", 1, "a: \ufffd1"),
        (b"a\n", 3, None),
        (b"a\n", 0, None),
    ],
)
def test_lines_are_those_of_yaml(tmp_path: Path, content: bytes, number: int, line: str | None) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    assert source_line(file, number) == line


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    assert source_line(tmp_path / "absent.yaml", 1) is None


@pytest.mark.parametrize(
    ("content", "byte", "place"),
    [
        (b"a: 1\nb: \xff", 9, (2, 4)),
        (b"a: 1\rb: \xff", 9, (2, 4)),
        (b"\xef\xbb\xbfa: \xff", 7, (1, 4)),
        ("имя: ".encode() + b"\xfe", 9, (1, 6)),
    ],
)
def test_a_byte_that_cannot_be_read_is_told_by_its_place(
    content: bytes, byte: int, place: tuple[int, int]
) -> None:
    (found,) = read(content, "a.yaml").findings
    assert found.message == f"the file is not UTF-8: byte {byte} cannot be read"
    assert (found.line, found.column) == place


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_caret_stands_under_the_fault_whatever_ends_lines(
    tmp_path: Path, crm, newline: str, mark: str
) -> None:
    lines = ["versoin: 1", 'stages: [{stage: "Ж",\ttitel: 日本, x: 1}]']
    (tmp_path / "a.yaml").write_bytes(f"{mark}{newline.join(lines)}{newline}".encode())
    shown = crm("validate", str(tmp_path / "a.yaml")).out.splitlines()
    pairs = [(line, shown[at + 1]) for at, line in enumerate(shown) if line[:3] in ("1 |", "2 |")]
    assert all(caret.strip(" |") == "^" for _, caret in pairs)
    under = [line[caret.index("^") :].split(":")[0] for line, caret in pairs]
    assert "versoin" in under
    assert "titel" in under

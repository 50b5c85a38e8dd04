from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.config.document import Document, Mark
from crmctl.config.yaml_reader import DEEPEST, LARGEST_FILE, MOST_FINDINGS, read, read_file


def rules(document: Document) -> list[str]:
    return [finding.rule for finding in document.findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("012", "012"),
        ("-07", "-07"),
        ("0x1F", "0x1F"),
        ("0o14", "0o14"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-01-02", "2026-01-02"),
        ("00.5", "00.5"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("+2d", "+2d"),
        ("=", "="),
        ("'12'", "12"),
        ('"true"', "true"),
        ("0", 0),
        ("-12", -12),
        ("41.5", 41.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("9" * 400, "9" * 400),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says_with_leading_zeros_kept(text: str, value: object) -> None:
    found = read(f"a: {text}\n".encode(), "x.yaml")
    assert found.findings == ()
    assert found.data == {"a": value}
    assert type(found.data["a"]) is type(value)


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: 012\nb:\n  - {c: no, d: [1, 2]}\n  - 'x'\n"
    with_c = read(text, "x.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert read(text, "x.yaml") == with_c


def test_every_key_and_value_knows_its_place() -> None:
    text = "имя: Опт\nstages:\n  - {stage: new, title: Новая}\n  -\n    stage: won\n"
    found = read(text.encode(), "x.yaml")
    assert found.mark(()) == Mark(1, 1)
    assert found.mark(("имя",)) == Mark(1, 6)
    assert found.mark(("stages",), at_key=True) == Mark(2, 1)
    assert found.mark(("stages",)) == Mark(3, 3)
    assert found.mark(("stages", 0)) == Mark(3, 5)
    assert found.mark(("stages", 0, "title"), at_key=True) == Mark(3, 18)
    assert found.mark(("stages", 0, "title")) == Mark(3, 25)
    assert found.mark(("stages", 1, "stage")) == Mark(5, 12)


def test_a_byte_order_mark_shifts_no_place() -> None:
    found = read(b"\xef\xbb\xbfa: 1\n", "x.yaml")
    assert found.data == {"a": 1}
    assert found.mark(("a",)) == Mark(1, 4)


def test_nesting_ends_at_the_limit_and_not_before() -> None:
    deepest = b"[" * DEEPEST + b"]" * DEEPEST
    assert rules(read(deepest, "x.yaml")) == []
    assert rules(read(b"[" + deepest + b"]", "x.yaml")) == ["syntax-nesting"]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- ", b"? "])
def test_nesting_of_thousands_is_refused_without_a_traceback(opening: bytes) -> None:
    found = read(opening * 20_000, "x.yaml")
    assert found.data is None
    assert set(rules(found)) <= {"syntax-nesting", "syntax-key"}


def test_billions_of_laughs_are_refused_unread() -> None:
    lines = ["a0: &a0 [lol]"] + [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
    found = read("\n".join(lines).encode(), "x.yaml")
    assert found.data is None
    assert set(rules(found)) == {"syntax-alias"}


def test_a_file_full_of_faults_is_told_of_a_hundred_times() -> None:
    found = read(b"a: 1\n" * 5000, "x.yaml")
    assert len(found.findings) == MOST_FINDINGS


def test_the_first_of_two_equal_keys_is_kept_and_named() -> None:
    found = read(b"a: 1\nb: 2\na: [3, {c: 4}]\n", "x.yaml")
    assert found.data == {"a": 1, "b": 2}
    assert [(one.line, one.column, one.message) for one in found.findings] == [
        (3, 1, 'key "a" stands twice: first on line 1')
    ]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"#" * (LARGEST_FILE + 1))
    found = read_file(file, "x.yaml")
    assert [(one.rule, one.message) for one in found.findings] == [
        ("syntax-too-large", "the file is larger than 1024 KiB")
    ]


def test_a_file_that_is_not_there_or_is_a_folder_is_a_finding(tmp_path: Path) -> None:
    absent, folder = read_file(tmp_path / "x.yaml", "x.yaml"), read_file(tmp_path, "y.yaml")
    assert [one.message for one in (*absent.findings, *folder.findings)] == [
        "the file does not exist",
        "the path is not a file",
    ]


def test_comments_that_silence_are_found_with_their_places() -> None:
    text = (
        "a: 1    # crmctl: ignore[one]\n"
        "# a note # crmctl: ignore[two, three]\n"
        "b: 'x # crmctl: ignore[four]'    # crmctl:ignore[five]\n"
        "c: |\n  # crmctl: ignore[six]\n"
        "d: x#crmctl: ignore[seven]\n"
    )
    found = read(text.encode(), "x.yaml")
    assert [(one.rule, one.mark) for one in found.ignores] == [
        ("one", Mark(1, 26)),
        ("two", Mark(2, 27)),
        ("three", Mark(2, 32)),
        ("five", Mark(3, 50)),
    ]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_reading_any_bytes_never_raises(content: bytes) -> None:
    found = read(content, "x.yaml")
    assert found.findings or found.data is not None


@settings(max_examples=250, deadline=None)
@given(st.text(alphabet="abc01-+.:,#&*!|>'\"%@`[]{}? \n\t~<é\u2028\ud800", max_size=60))
def test_reading_any_text_never_raises_and_every_place_is_in_the_file(text: str) -> None:
    found = read(text.encode("utf-8", "surrogatepass"), "x.yaml")
    assert found.findings or found.data is not None
    lines = text.splitlines() or [""]
    assert all(1 <= one.line <= len(lines) + 1 and one.column >= 1 for one in found.findings)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), min_size=1, max_size=4))
def test_quoted_text_is_read_back_as_it_was_written(data: dict[str, str]) -> None:
    found = read(yaml.safe_dump(data, default_style='"', allow_unicode=True).encode(), "x.yaml")
    if "\0" in "".join([*data, *data.values()]):
        assert set(rules(found)) == {"syntax-encoding"}
    else:
        assert found.data == data

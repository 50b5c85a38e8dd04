"""Y and S: configuration that is hostile, broken or only looks right. No command but `validate` runs on it."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from crmctl.config.schema_check import check_with, compiled
from crmctl.config.yaml_reader import read
from crmctl.errors import NotConfigured

Faulty = Callable[..., str]


@pytest.fixture
def faulty(workspace: Path, crm, refused) -> Faulty:
    """Add lines to crmctl.yaml, or to what stands in it, and return what `validate` finds in them.

    Every other command must refuse the configuration (exit 3), and find nothing more to say than that.
    """

    def add(lines: str, place: str = "crmctl.yaml", *, instead_of: str = "") -> str:
        file = workspace / place
        text = file.read_text("utf-8")
        assert instead_of in text
        file.write_text(text.replace(instead_of, lines, 1) if instead_of else f"{text}\n{lines}\n", "utf-8")
        found = crm("validate", "-o", "parsable")
        assert (found.code, "Traceback" in found.err) == (1, False)
        for argv in (("list", "leads"), ("create", "lead", "A")):
            err = refused(*argv, code=3)
            assert "crmctl validate" in err
            place, told = found.out.splitlines()[0].rsplit(" [", 1)[0].split(": error: ")
            assert f"{place.removesuffix(':1:1')}: {told}" in err or f"{place}: {told}" in err
        file.write_text(text, "utf-8")
        return found.out

    return add


def last_line(workspace: Path) -> int:
    """Return the number of the line that `faulty` adds first."""
    return len((workspace / "crmctl.yaml").read_text("utf-8").splitlines()) + 2


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch pwned']",
        "!!python/name:os.system",
        "!mine x",
        "!!binary aGk=",
    ],
)
def test_y01_a_tag_is_refused_with_its_line_and_makes_nothing(
    workspace: Path, faulty: Faulty, tag: str
) -> None:
    found = faulty(f"x: {tag}")
    assert f"crmctl.yaml:{last_line(workspace)}:4: error: tag" in found
    assert not (workspace / "pwned").exists()


def test_y02_a_billion_laughs_are_refused_as_they_begin(workspace: Path, faulty: Faulty) -> None:
    lines = ["a: &a [ha, ha, ha]"]
    lines += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    found = faulty("\n".join(lines))
    assert f'crmctl.yaml:{last_line(workspace)}:4: error: anchor "&a": anchors are not allowed' in found
    assert 'alias "*a": aliases are not allowed' in found


def test_y02_a_file_beyond_a_mebibyte_is_refused_unread(faulty: Faulty) -> None:
    assert "larger than 1024 KiB" in faulty("# " + "x" * 1024 * 1024)


def test_y03_merge_keys_are_refused_with_the_aliases_they_name(workspace: Path, faulty: Faulty) -> None:
    found = faulty("a: &a {b: 1}\nc: {<<: [*a, *a, *a]}\nd: {<<: {e: 1}}")
    line = last_line(workspace)
    assert f"crmctl.yaml:{line + 1}:5: error: merge keys are not allowed" in found
    assert f'crmctl.yaml:{line + 1}:10: error: alias "*a"' in found
    assert f"crmctl.yaml:{line + 2}:5: error: merge keys are not allowed" in found


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_y04_nesting_ends_at_32_levels_and_thousands_are_no_traceback(faulty: Faulty, opening: str) -> None:
    assert "nested deeper than 32 levels" in faulty(f"x:\n {opening * 2000}")


def test_y04_an_anchor_within_itself_is_refused(faulty: Faulty) -> None:
    assert 'alias "*a": aliases are not allowed' in faulty("x: &a [*a]")


def test_y05_a_key_that_stands_twice_is_refused_with_both_lines(workspace: Path, faulty: Faulty) -> None:
    first = (workspace / "crmctl.yaml").read_text("utf-8").splitlines().index("currency: UAH") + 1
    found = faulty("currency: EUR")
    assert (
        f'crmctl.yaml:{last_line(workspace)}:1: error: key "currency" stands twice: first on line {first}'
        in found
    )


PLAIN_TEXT = ["no", "on", "off", "Yes", "010", "1:30", "2024-01-01", "0x1F", "0o14", "1_000", "12e03x", "NaN"]


@pytest.mark.parametrize("text", PLAIN_TEXT)
def test_y06_what_older_yaml_takes_for_something_else_stays_text(
    workspace: Path, crm, records, text: str
) -> None:
    file = workspace / "crmctl.yaml"
    file.write_text(
        file.read_text("utf-8").replace("  source:\n", f"  source:\n    - {{id: odd, title: {text}}}\n"),
        "utf-8",
    )
    assert crm("validate").code == 0
    assert crm("create", "lead", "A", "-s", f"source={text}").code == 0
    assert records()[0]["source"] == "odd"


@pytest.mark.parametrize("word", ["yes", "on", "no", "Off"])
def test_y06_where_true_or_false_is_meant_the_schema_says_so(faulty: Faulty, word: str) -> None:
    found = faulty(f"unique: {word}, pattern: ", instead_of="pattern: ")
    assert f'"{word}" is text here: write true or false' in found


@pytest.mark.parametrize("key", ["1", "true", "null", "1.5", "~", "? [a]\n", "? {a: b}\n"])
def test_y07_a_key_that_is_no_text_is_refused(workspace: Path, faulty: Faulty, key: str) -> None:
    found = faulty(f"{key}: x")
    assert f"crmctl.yaml:{last_line(workspace)}:" in found
    assert "is not text" in found or "cannot be a key" in found


class Visits(http.server.BaseHTTPRequestHandler):
    """Counts who comes."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A server that nobody must visit; its address."""
    Visits.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Visits) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/schema.json"
        running.shutdown()


def test_s01_a_schema_elsewhere_is_never_fetched(workspace: Path, faulty: Faulty, server: str) -> None:
    assert f'crmctl.yaml:{last_line(workspace)}:1: error: unknown key "$ref"' in faulty(f"$ref: {server}")
    faulty(f"$schema: {server}")
    faulty(f"# yaml-language-server: $schema={server}\nnope: 1")
    with pytest.raises(NotConfigured, match="not bundled"):
        check_with(compiled({"$ref": server}), read(b"a: 1", "a.yaml"))
    assert Visits.seen == []


def test_s02_nor_is_one_in_a_file(workspace: Path, faulty: Faulty) -> None:
    other = workspace / "other.json"
    other.write_text(json.dumps({"type": "object"}))
    faulty(f"$ref: {other.as_uri()}")
    for reference in (other.as_uri(), "other.json", "file:///etc/passwd", "crmctl:schemas/pipeline"):
        with pytest.raises(NotConfigured, match="not bundled"):
            check_with(compiled({"$ref": reference}), read(b"a: 1", "a.yaml"))


WAYBILL = "'^\\d{11,14}$', example: '20450123456789'"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*a){20}b", "^(\\w+\\s?)*$"])
def test_s03_no_pattern_can_hang(workspace: Path, crm, refused, pattern: str) -> None:
    """The test would never end with an engine that tries again and again."""
    file = workspace / "crmctl.yaml"
    file.write_text(file.read_text("utf-8").replace(WAYBILL, f"'{pattern}'"), "utf-8")
    assert crm("validate").code == 0
    err = refused("create", "deal", "A", "--pipeline", "wholesale", "-s", f"waybill={'a' * 4000}!", code=2)
    assert "does not fit the pattern" in err
    err = refused("create", "deal", "A", "--pipeline", "wholesale", "-s", f"waybill={'a' * 4097}", code=2)
    assert "longer than 4096 bytes" in err


@pytest.mark.parametrize(
    ("pattern", "told"), [("(a)\\1", "invalid escape"), ("[", "missing ]"), ("a" * 257, "longer than 256")]
)
def test_s03_a_pattern_that_cannot_be_run_in_bounded_time_is_refused(
    faulty: Faulty, pattern: str, told: str
) -> None:
    assert told in faulty(f"'{pattern}'", instead_of=WAYBILL)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("users: [{id: a, name: A, email: nobody}]", '"email" must be an e-mail address'),
        ("version: .nan", "is not known"),
        ("version: 1.5", "is not known"),
        ("version: yes", "is not known"),
    ],
)
def test_s04_formats_and_numbers_are_checked(faulty: Faulty, line: str, told: str) -> None:
    key = line.split(":", 1)[0]
    assert told in faulty(line, instead_of="version: 1" if key == "version" else "# users:")


@pytest.mark.parametrize("number", [".nan", ".inf", "20.5", "'20'", "1e400"])
def test_s04_a_whole_number_is_nothing_else(faulty: Faulty, number: str) -> None:
    found = faulty(f"probability: {number}", "pipelines/wholesale.yaml", instead_of="probability: 20")
    assert '"probability" must be a whole number' in found


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "nobody"), ("phone", "abc"), ("date", "31.02.2024"), ("date", "2024-02-31")]
)
def test_s04_values_in_the_configuration_are_held_against_their_type(
    faulty: Faulty, kind: str, value: str
) -> None:
    own = f"fields:\n  lead:\n    own: {{type: {kind}, default: '{value}'}}"
    assert '"default" is refused: n' in faulty(own, instead_of="fields:")

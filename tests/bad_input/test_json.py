"""Y08: JSON with more than one reading, or with none, on its way in and on its way out."""

import json
from pathlib import Path

import pytest

DEEP = 100_000
WRONG = {
    '{"title":"a","title":"b"}': '"title" stands twice in one object',
    '{"title":"a","amount":NaN}': "NaN is not a number in JSON",
    '{"title":"a","amount":Infinity}': "Infinity is not a number in JSON",
    '{"title":"a","amount":-Infinity}': "-Infinity is not a number in JSON",
    '{"title":"a\\ud800b"}': '"title" contains half of a character (a lone surrogate)',
    '{"title":"a","\\udc00":"b"}': "contains half of a character (a lone surrogate)",
    f'{{"title":{"[" * DEEP}': "nested too deeply",
    f"{'[' * DEEP}": "nested too deeply",
    '{"title":' * DEEP: "nested too deeply",
    '{"title":{"a":1}}': '"title" is an object',
    '{"title":[["a"]]}': '"title" is nested',
    '{"title":"a"': "not JSON",
    '{"title":"a"} nonsense': "not JSON",
    "[1, 2]": "not an object",
    "null": "not an object",
}


@pytest.mark.parametrize("line", range(1, 4, 2))
@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=[text[:20] for text in WRONG])
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_y08_json_without_one_reading_is_refused_with_its_line(
    put, refused, text: str, told: str, line: int, suffix: str
) -> None:
    name = put(f"leads.{suffix}", "\n" * (line - 1) + text)
    for more in ((), ("--partial",), ("--ignore-unknown",)):
        err = refused("import", "leads", name, *more)
        assert f"{name}: line {line}: " in err
        assert told in err
        assert len(err) < 500


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=[text[:20] for text in WRONG])
def test_y08_nor_is_it_taken_from_standard_input(workspace: Path, refused, text: str, told: str) -> None:
    assert told in refused("create", "lead", "--from", "-", stdin=text, code=2)


def test_y08_a_name_in_two_cases_is_two_columns_of_one_name(put, refused) -> None:
    err = refused("import", "leads", put("leads.json", '{"title":"a","TITLE":"b"}'))
    assert 'columns 1 and 2 are both named "TITLE"' in err


ODD = "\x1b\x7f\x9b\u2028\u202e\ufeff\U0001f600"


def refuse_constant(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def test_y08_what_is_written_is_always_json(workspace: Path, crm, put) -> None:
    assert crm("create", "lead", f"A{ODD}", "-s", f"comment={ODD}\r\n\t", "-s", "amount=0.10").code == 0
    calls = (
        ("list", "leads", "-o", "json"),
        ("show", "L-1", "--with", "history", "-o", "json"),
        ("log", "L-1", "-o", "json"),
        ("export", "leads", "-", "-o", "json"),
        ("search", "A", "-o", "json"),
        ("update", "L-1", "-s", f"comment={ODD}", "--dry-run", "-o", "json"),
    )
    for call in calls:
        ran = crm(*call)
        assert ran.code == 0
        json.loads(ran.out, parse_constant=refuse_constant)
    for call in (("show", f"L-{ODD}"), ("filter", "leads", f"{ODD} ="), ("import", "leads", f"no{ODD}.csv")):
        error = json.loads(crm(*call, "-o", "json").err)["error"]
        assert error["exit_code"] in (2, 4)


def test_y08_half_a_character_on_the_command_line_is_refused(workspace: Path, refused) -> None:
    """Bytes that are no UTF-8 come in as such halves."""
    err = refused("create", "lead", "A\udcff", code=2)
    assert "contains half of a character (a lone surrogate)" in err

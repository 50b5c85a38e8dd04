"""H03 and Q01: arguments that look like options, names that mean something to a shell, filters that would run."""

import json
from pathlib import Path

import pytest


def test_h03_behind_two_dashes_nothing_is_an_option(workspace: Path, crm, records, put) -> None:
    for title in ("-rf", "--help", "--db=x", "-"):
        assert crm("create", "lead", "--", title).code == 0
    assert [lead["title"] for lead in records()] == ["-rf", "--help", "--db=x", "-"]
    assert json.loads(crm("search", "-o", "json", "--", "-rf").out)[0]["id"] == "L-1"
    assert crm("update", "L-1", "-s", "title=--yes").code == 0
    assert records()[0]["title"] == "--yes"
    put("-in.csv", "title\nA\n")
    assert crm("import", "leads", "--", "-in.csv").code == 0
    assert crm("export", "leads", "--", "-out.csv").code == 0
    assert Path("-out.csv").exists()


@pytest.mark.parametrize(
    "argv", [("create", "lead", "-rf"), ("show", "--", "-1"), ("import", "leads", "-in.csv")]
)
def test_h03_what_looks_like_an_option_is_refused_as_one(
    workspace: Path, refused, argv: tuple[str, ...]
) -> None:
    refused(*argv, code=2)


def test_h03_a_dash_is_standard_input(workspace: Path, crm, records) -> None:
    assert crm("import", "leads", "-", stdin="title\nA\nB\n").code == 0
    assert crm("update", "-", "-s", "comment=x", stdin="L-1\nL-2\n").code == 0
    assert [lead["comment"] for lead in records()] == ["x", "x"]
    assert not Path("-").exists()
    assert crm("export", "leads", "-", "--fields", "title").out == "title\nA\nB\n"
    assert not Path("-").exists()


GLOBS = [
    "*",
    "?.csv",
    "[a-z]*",
    "~",
    "$HOME",
    "$(touch pwned)",
    "`touch pwned`",
    "a; touch pwned",
    "a\nb",
    "{a,b}",
]


@pytest.mark.parametrize("name", GLOBS)
def test_h03_names_mean_nothing_but_themselves(workspace: Path, put, crm, records, name: str) -> None:
    put("a.csv", "title\nnot me\n")
    put(name, f"title\n{'me'}\n")
    assert crm("import", "leads", name, "--format", "csv").code == 0
    assert [lead["title"] for lead in records()] == ["me"]
    assert crm("create", "lead", name, "-s", f"comment={name}").code == 0
    assert records()[1]["comment"] == name
    assert crm("export", "leads", f"{name} out.csv").code == 0
    assert (workspace / f"{name} out.csv").exists()
    assert not (workspace / "pwned").exists()


def test_h03_long_values_and_many_ids_come_by_argument_or_by_file(
    workspace: Path, process, crm, records, put
) -> None:
    long = "я" * 60_000
    assert process("create", "lead", "A", "-s", f"comment={long}").code == 0
    ran = crm("create", "lead", "--from", "-", stdin=json.dumps({"title": "B", "comment": long}))
    assert ran.code == 0
    assert (
        crm("create", "lead", "--from", put("c.json", json.dumps({"title": "C", "comment": long}))).code == 0
    )
    assert [lead["comment"] for lead in records()] == [long] * 3
    assert process("show", *["L-1"] * 2000, "-o", "ids").code == 0
    ids = "\n".join(["L-1", "L-2"] * 10_000).encode()
    assert process("update", "-", "-s", "comment=x", "--yes", stdin=ids).code == 0
    assert [lead["comment"] for lead in records()] == ["x", "x", long]


@pytest.mark.parametrize(
    "expression", ["title = a or " * 5000 + "open", "(" * 3000 + "open", "not " * 3000 + "open"]
)
def test_h03_an_expression_without_end_is_refused(workspace: Path, refused, expression: str) -> None:
    err = refused("filter", "leads", expression, code=2)
    assert len(err) < 1000


CODE = [
    '__import__("os").system("touch pwned")',
    "open or __import__('os').system('touch pwned')",
    "exec('x')",
    "lambda: 0",
    "title.__class__ = x",
    "1 = 1",
    "title = '' or 1 = 1",
    "title = ''; drop table leads",
    "title = '' union select password",
    "title in (select 1)",
    "title = a -- comment",
    "{title}",
    "{{ title }}",
    "`touch pwned`",
    "$(touch pwned)",
    "%s",
]
HARMLESS = [
    "'\"; touch pwned; \"'",
    "title = '$(touch pwned)'",
    "title = '{0.__class__}'",
    "title ~ '(a+)+$'",
]


@pytest.mark.parametrize("expression", CODE)
def test_q01_an_expression_is_parsed_and_what_is_none_is_refused(
    workspace: Path, refused, crm, expression: str
) -> None:
    crm("create", "lead", "A")
    for argv in (("filter", "leads", expression), ("list", "leads", "--where", expression)):
        err = refused(*argv, code=2)
        assert "^" in err
    refused("export", "leads", "out.csv", "--where", expression, code=2)
    assert not (workspace / "pwned").exists()


@pytest.mark.parametrize("expression", HARMLESS)
def test_q01_what_stands_in_quotes_is_text(workspace: Path, crm, expression: str) -> None:
    crm("create", "lead", "A")
    ran = crm("filter", "leads", expression, "--count")
    assert (ran.code, ran.out) == (0, "0\n")
    assert not (workspace / "pwned").exists()


@pytest.mark.parametrize("option", ["--sort", "--fields"])
@pytest.mark.parametrize("name", ["__class__", "title; drop table leads", "1", "title,__dict__"])
def test_q01_names_of_fields_are_looked_up_and_nothing_else(
    workspace: Path, refused, option: str, name: str
) -> None:
    assert "unknown field" in refused("list", "leads", option, name, code=2)


NO_EVAL = """
import builtins, os, sys
from crmctl.cli.main import run
call = ["list", "leads", "--count", "--where", sys.argv[1]]
assert run(call) == 0  # by now everything is imported, which does run code
def forbidden(*_, **__):
    raise AssertionError("code is run")
builtins.eval = builtins.exec = builtins.compile = os.system = os.popen = forbidden
sys.exit(run(call))
"""


def test_q01_no_expression_becomes_code(workspace: Path, process) -> None:
    expression = "amount >= 10k and not (owner = me or tags has vip) and title ~ 'x' and 'text'"
    ran = process(expression, script=NO_EVAL)
    assert (ran.code, ran.out, ran.err) == (0, "0\n0\n", "")

"""Every command says what it is for, in a terminal of 80 columns, and shows how."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from crmctl.cli.group import SECTIONS
from crmctl.cli.main import cli

WIDTH = 80


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = sorted(commands())


def command_at(path: tuple[str, ...]) -> click.Command:
    found: click.Command = cli
    for name in path:
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None
        found = inner
    return found


LEAVES = [path for path in ALL if not isinstance(command_at(path), click.Group)]


@pytest.fixture
def help_of(crm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(WIDTH))

    def page(*path: str) -> str:
        ran = crm(*path, "--help")
        assert (ran.code, ran.err) == (0, "")
        return ran.out

    return page


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_a_summary_of_one_line(path: tuple[str, ...]) -> None:
    summary, _, rest = (command_at(path).help or "").partition("\n")
    assert summary.endswith((".", ").", "?"))
    assert not rest or rest.startswith("\n"), "a blank line follows the summary"


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_shows_two_to_four_examples_of_itself(path: tuple[str, ...]) -> None:
    command = command_at(path)
    assert 2 <= len(command.examples) <= 4
    call = re.compile(rf"crmctl( -\S+)* {' '.join(path)}\b")
    assert [line for line in command.examples if not call.search(line)] == []


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_example_is_of_words_and_options_that_its_commands_take(path: tuple[str, ...]) -> None:
    for line in getattr(command_at(path), "examples", []):
        for part in re.split(r" [|<>] | <|\$\(|\)\"", line):
            if "crmctl " not in part:
                continue
            words = shlex.split(part[part.index("crmctl ") :])[1:]
            found, depth = command_at(words[:1]), 1
            if isinstance(found, click.Group):
                found, depth = command_at(words[:2]), 2
            found.make_parser(click.Context(found)).parse_args(words[depth:])


@pytest.mark.parametrize("path", [(), *ALL], ids=" ".join)
def test_every_argument_and_option_has_help_that_fits_the_terminal(path: tuple[str, ...], help_of) -> None:
    page = help_of(*path)
    assert [line for line in page.splitlines() if len(line) > WIDTH] == []
    for param in command_at(path).params:
        if isinstance(param, click.Option):
            assert param.help, param.opts
            assert param.help.endswith((".", ",")), param.help
    arguments = re.search(r"^Arguments:\n((?:  .*\n)+)", page, re.MULTILINE)
    for line in arguments[1].splitlines() if arguments else []:
        assert re.match(r"  \S.*?  +\S| {4,}\S", line), line


def test_the_first_page_has_every_command_under_its_section_before_the_options(help_of) -> None:
    page = help_of()
    titles = re.findall(r"^(\S.*):$", page, re.MULTILINE)
    assert titles == [*SECTIONS, "Options", "Common options"]
    for name, summary in (row for section in SECTIONS.values() for row in section.items()):
        assert re.search(rf"^  {name} +{re.escape(summary)}$", page, re.MULTILINE)


def test_a_group_lists_its_commands_as_one_would_use_them_and_the_shared_options_apart(help_of) -> None:
    page = help_of("db")
    assert re.findall(r"^  (\w+)  ", page, re.MULTILINE) == ["check", "stats", "backup", "restore"]
    assert re.findall(r"^(\S.*):$", page, re.MULTILINE) == ["Commands", "Options", "Common options"]


def test_the_output_formats_shown_are_those_of_the_command(help_of) -> None:
    assert "One of: table, text, mermaid, dot." in help_of("pipeline", "graph")
    assert "One of: text, parsable, json, github, sarif," in help_of("validate")


def test_bounds_of_numbers_are_not_shown_as_code(help_of) -> None:
    assert ">=" not in help_of("list").partition("Examples")[0]


def test_help_on_a_command_is_what_its_own_help_says(crm, help_of) -> None:
    assert crm("help", "db", "restore").out == help_of("db", "restore")


@pytest.mark.parametrize(
    ("argv", "told", "hint"),
    [
        (("fnnel",), 'no command "fnnel"', 'did you mean "funnel"?'),
        (("db", "chek"), 'no command "chek"', 'did you mean "check"?'),
        (("db", "xyzzy"), 'no command "xyzzy"', "crmctl db --help lists the commands"),
        (("report", "winlos"), 'no report "winlos"', 'did you mean "winloss"?'),
        (("report", "funel"), 'no report "funel"', 'did you mean "funnel"?'),
        (("report", "xyzzy"), 'no report "xyzzy"', "crmctl report list names them"),
    ],
)
def test_a_mistyped_command_is_told_alike_wherever_it_stands(
    crm, argv: tuple[str, ...], told: str, hint: str
) -> None:
    ran = crm(*argv)
    assert (ran.code, ran.err) == (2, f"error: {told}\nhint: {hint}\n")

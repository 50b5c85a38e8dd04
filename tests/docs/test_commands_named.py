"""The documentation names every command, and no option or command that is not there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from crmctl.cli.main import cli

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}(.+)$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
SHELL = frozenset({"|", ">", "<", ";", "&&", "||", "2>&1", "do", "then"})


def commands(text: str) -> Iterator[str]:
    """Yield the pieces of a page in which commands stand: typed lines of sessions, indented lines, code spans."""
    for language, block in FENCE.findall(text):
        if language == "console":
            joined = re.sub(r"\\\n> ?", " ", block)
            yield from re.findall(r"^\$ (.+)$", joined, re.MULTILINE)
    prose = FENCE.sub("", text)
    yield from INDENTED.findall(prose)
    yield from (span.replace("\n", " ") for span in SPAN.findall(INDENTED.sub("", prose)))


def calls(line: str) -> Iterator[list[str]]:
    """Yield the words of each call of crmctl in a line, the program's own name left out."""
    try:
        words = shlex.split(line.replace(";", " ; "))
    except ValueError:
        words = line.split()
    call: list[str] | None = None
    for word in [*words, ";"]:
        if word in SHELL:
            if call is not None:
                yield call
            call = None
        elif word == "crmctl":
            call = []
        elif call is not None:
            call.append(word)


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that is called, groups walked down, and the words after it."""
    command: click.Command = cli
    context = click.Context(cli, info_name="crmctl")
    rest = list(words)
    while isinstance(command, click.Group):
        at = next((at for at, word in enumerate(rest) if command.get_command(context, word)), None)
        if at is None:
            break
        found = command.get_command(context, rest[at])
        assert found is not None
        del rest[at]
        command, context = found, click.Context(found, info_name=found.name, parent=context)
    return command, rest


def options_of(command: click.Command) -> set[str]:
    params = [*cli.params, *command.params]
    return {name for param in params for name in (*param.opts, *param.secondary_opts)} | {
        "-h",
        "--help",
        "--version",
    }


def every_call() -> list[tuple[str, str]]:
    return [
        (page.name, shlex.join(words))
        for page in PAGES
        for line in commands(page.read_text("utf-8"))
        for words in calls(line)
    ]


def test_the_page_of_commands_has_every_command_with_its_options_and_examples() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    pieces = re.split(r"^#+ (.+)$", page, flags=re.MULTILINE)
    told = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    shared = "".join(told[title] for title in ("Report", "Reading", "Writing", "Common options"))
    missing = []
    for path, command in _leaves(cli, "crmctl"):
        names = {name for param in command.params if isinstance(param, click.Option) for name in param.opts}
        text = told.get(path, "")
        missing += [f"{path} {name}" for name in names if f"`{name}" not in text + shared]
        missing += [line for line in getattr(command, "examples", []) if f"    {line}\n" not in text]
    assert missing == []


def test_no_page_calls_a_command_or_an_option_that_is_not_there() -> None:
    wrong = []
    for page, words in every_call():
        command, rest = command_of(shlex.split(words))
        typed = {word.partition("=")[0] for word in rest if re.match(r"--?[A-Za-z]", word)}
        unknown = {name for name in typed - options_of(command) if name.startswith("--") or len(name) == 2}
        named = [word for word in rest if not word.startswith("-")]
        if isinstance(command, click.Group) and named and named[0].islower():
            unknown.add(named[0])
        wrong += [f"{page}: crmctl {words}: {name}" for name in sorted(unknown)]
    assert wrong == []


def test_no_page_names_an_option_that_no_command_has() -> None:
    known = set().union(*(options_of(leaf) for _, leaf in _leaves(cli, "crmctl")))
    spans = ((page, span) for page in PAGES for span in SPAN.findall(FENCE.sub("", page.read_text("utf-8"))))
    options = (
        (page, span.split()[0].partition("=")[0]) for page, span in spans if re.match(r"--?[A-Za-z]", span)
    )
    assert [f"{page.name}: {name}" for page, name in options if name not in known] == []


def _leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _leaves(found, f"{path} {name}")

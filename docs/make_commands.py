"""Writes docs/commands.md, or the file it is given, from the commands themselves; `make docs` runs it."""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from crmctl.cli.describe import Rows, arguments, own_options
from crmctl.cli.group import SECTIONS
from crmctl.cli.main import cli
from crmctl.cli.options import COMMON, READING, WRITING, Command, KeepingCommand, ReaderCommand, WriterCommand
from crmctl.cli.report_options import REPORT, ReportCommand
from crmctl.cli.topics import ENVIRONMENT
from crmctl.render.format_names import FORMATS
from crmctl.reports.standard import report_names
from crmctl.resources import template_names

_TOP = """\
# Commands

<!-- Made by docs/make_commands.py from the commands themselves. Do not edit; `make docs` writes it anew. -->

`crmctl COMMAND --help` shows what stands here at the terminal; `crmctl help TOPIC` has `exit-codes`,
`environment`, `filters`, `dates` and `formats`.

- A record type may be singular or plural. Ids are like `D-42`; `d-42` and `deal/42` mean the same.
- Where a command takes `-`, it reads ids, or a file, from standard input. Data and ids go to
  standard output, messages to standard error, and `-o ids` is what the next command reads:

      crmctl filter leads unassigned -o ids | crmctl assign - --to anna --yes

- `-s FIELD=VALUE` sets a field, `-s FIELD+=VALUE` and `-s FIELD-=VALUE` add to and take from a field
  of many values. [fields.md](fields.md) has the standard fields.
- `EXPR` is an expression of the [filter language](filters.md), `WHEN` a [date](dates.md).
- Options may stand before or after the other words. Every command also takes the
  [common options](#common-options); those that say so take the options of
  [readers](#reading), [writers](#writing) or [reports](#report), too.
- A command over several records changes all of them or none, and over 10 or more it asks first
  ([exit-codes.md](exit-codes.md)).
"""

_ABOUT = {
    REPORT: "Of `crmctl funnel`, `crmctl diff` and every `crmctl report`: [reports](reports.md).",
    READING: "Of commands that show records: `crmctl list deals --as-of 2026-10` lists them as October left them.",
    WRITING: "Of commands that change something.",
    COMMON: "Of every command. They may stand before the command, too: `crmctl -C sales list deals`.\n"
    "`-h` and `--help` show a command's help; `--version`, without a command, shows the version.",
}

_MORE = {
    "init": "[configuration](configuration.md)",
    "create": "[fields](fields.md), [gates](configuration.md#gates)",
    "list": "[filters](filters.md), [views](filters.md#views)",
    "filter": "[filters](filters.md), [views](filters.md#views)",
    "search": "[text alone](filters.md#text-alone)",
    "update": "[fields](fields.md), [gates](configuration.md#gates)",
    "move": "[gates](configuration.md#gates), [actions](configuration.md#actions)",
    "convert": "[what a conversion fills in](configuration.md#convert)",
    "assign": "[users and teams](configuration.md#users)",
    "item add": "[lines and the amount](fields.md#what-crmctl-fills-in)",
    "note": "[what becomes of a removed note](storage.md#the-file)",
    "delete": "[what is asked](exit-codes.md#what-is-asked)",
    "import": "[import](import-export.md)",
    "profile check": "[what a file needs](profiles.md#what-a-file-needs)",
    "profile suggest": "[what a file needs](profiles.md#what-a-file-needs)",
    "profile show": "[a profile of your own](profiles.md#a-profile-of-your-own)",
    "profile list": "[import profiles](profiles.md)",
    "export": "[export](import-export.md#export)",
    "inbox": "[the inbox](inbox.md)",
    "wait": "[waiting](tasks.md#waiting)",
    "blacklist add": "[the blacklist](import-export.md#the-blacklist)",
    "blacklist remove": "[the blacklist](import-export.md#the-blacklist)",
    "reject": "[the blacklist](import-export.md#the-blacklist)",
    "render": "[templates](mail.md#templates)",
    "mail": "[letters](mail.md)",
    "funnel": "[reports](reports.md)",
    "diff": "[what moved](reports/diff.md)",
    **{f"report {name}": f"[{name}](reports/{name}.md)" for name in report_names() if name != "diff"},
    "validate": "[validation and its rules](configuration.md#validation)",
    "test": "[tests of the process](process-tests.md)",
    "plan": "[a changed configuration](plan-apply.md)",
    "apply": "[a changed configuration](plan-apply.md)",
    "pipeline show": "[pipelines in YAML](configuration.md#a-pipeline)",
    "schema": "[editors](editors.md)",
    "agenda": "[tasks](tasks.md#working-through-them)",
    "remind": "[reminders](tasks.md#reminders), [hooks](hooks.md)",
    **{f"hooks {verb}": "[hooks](hooks.md)" for verb in ("list", "trust", "untrust")},
    "log": "[what the history holds](storage.md#the-file)",
    "undo": "[taking an import back](import-export.md#looking-first-taking-back)",
    "runs": "[taking an import back](import-export.md#looking-first-taking-back)",
    "db check": "[damage](storage.md#damage), [hand edits](storage.md#hand-edits)",
    "db stats": "[the file](storage.md#the-file)",
    "db backup": "[backups](storage.md#backups)",
    "db restore": "[damage](storage.md#damage)",
    "help": "[exit codes](exit-codes.md), [filters](filters.md), [dates](dates.md)",
}

_NOTES = {"init": f"The templates are {', '.join(f'`{name}`' for name in template_names())}."}

# What reads as code in a sentence of help: calls, options, assignments, variables, a lone dash.
_CODE = re.compile(
    r"crmctl(?: [a-z][a-z-]*)+|-s \S+=\S+|-o [a-z]+|(?<!\S)--?[a-z][\w-]*|[A-Z]+[+-]?=[A-Z]+|\$[A-Z]+|(?<=; )-(?= )"
)


def page() -> str:
    """Return the page as it should be."""
    root = click.Context(cli, info_name="crmctl", **cli.context_settings)
    return "\n".join([_TOP, *_overview(), *_details(root), *_shared(root), *_environment()])


def _overview() -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for title, commands in SECTIONS.items():
        links = ", ".join(f"[{name}](#crmctl-{name})" for name in commands)
        yield f"| **{title}** | {links} |"
    yield ""


def _details(root: click.Context) -> Iterator[str]:
    for title, commands in SECTIONS.items():
        yield f"## {title}\n"
        for name in commands:
            yield from _described(name, cli, root)


def _described(name: str, group: click.Group, parent: click.Context) -> Iterator[str]:
    """Yield what the page says of a command, or of a group and then of each command in it."""
    command = group.get_command(parent, name)
    assert command is not None
    ctx = click.Context(command, info_name=name, parent=parent)
    yield f"{'###' if parent.parent is None else '####'} {ctx.command_path}\n"
    yield f"{_prose(command.help or '')}\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(ctx):
            yield from _described(inner, command, ctx)
    else:
        assert isinstance(command, Command)
        yield from _usage(command, ctx)


def _usage(command: Command, ctx: click.Context) -> Iterator[str]:
    yield f"    {ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}\n"
    options = [row for row in own_options(command, ctx) if "--help" not in row[0]]
    words = arguments(command, ctx)
    title = " or ".join(["argument"] * bool(words) + ["option"] * bool(options))
    yield from _table(title, [*words, *options])
    yield from _remarks(command, ctx)
    yield "Examples:\n"
    yield from (f"    {line}" for line in command.examples)
    yield ""


def _remarks(command: Command, ctx: click.Context) -> Iterator[str]:
    """Yield where the rest is told: shared options, unusual output formats, other pages."""
    name = ctx.command_path.removeprefix("crmctl ")
    parts = []
    if isinstance(command, ReportCommand):
        parts.append("Takes the options of [reports](#report) and of [readers](#reading).")
    elif isinstance(command, ReaderCommand):
        parts.append("Takes the options of [readers](#reading).")
    if isinstance(command, KeepingCommand):
        parts.append("What it keeps, it keeps with `-n` and `--lock-timeout` of [writers](#writing).")
    if isinstance(command, WriterCommand):
        parts.append("Takes the options of [writers](#writing).")
    if command.formats != FORMATS:
        parts.append(f"Formats: {', '.join(f'`{each}`' for each in command.formats)}.")
    if name in _NOTES:
        parts.append(_NOTES[name])
    if name in _MORE:
        parts.append(f"More: {_MORE[name]}.")
    if parts:
        yield f"{' '.join(parts)}\n"


def _shared(root: click.Context) -> Iterator[str]:
    """Yield the options that commands of a kind share, each kind once."""
    yield "## Shared options\n"
    funnel = cli.get_command(root, "funnel")
    assert isinstance(funnel, ReportCommand)
    groups = [
        *funnel.grouped[:1],
        *ReaderCommand("").grouped[:1],
        *WriterCommand("").grouped[:1],
        *cli.grouped,
    ]
    for title, options in groups:
        yield f"### {title}\n"
        yield f"{_ABOUT[title]}\n"
        records = (option.get_help_record(root) for option in options)
        rows = [row for row in records if row]
        yield from _table("option", rows)


def _environment() -> Iterator[str]:
    title, _, rows = ENVIRONMENT.strip().partition("\n\n")
    yield f"## {title}\n"
    yield "What `crmctl help environment` prints:\n"
    yield f"```text\n{rows}\n```\n"


def _table(title: str, rows: Rows) -> Iterator[str]:
    if rows:
        yield f"| {title} | |"
        yield "|---|---|"
        for names, text in rows:
            shown = ", ".join(f"`{name}`" for name in names.split(", "))
            yield f"| {_cell(shown)} | {_cell(_prose(text))} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _prose(text: str) -> str:
    """Return help text as Markdown: its paragraphs, with code marked as such."""
    return _CODE.sub(lambda match: f"`{match[0]}`", cleandoc(text))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")

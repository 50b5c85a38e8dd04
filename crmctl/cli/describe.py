"""What a command says of itself, for `--help` and docs/commands.md alike: its words, and its options in groups."""

from collections.abc import Iterator

import click

Rows = list[tuple[str, str]]

WORDS = {
    "ID": "A record, such as D-42.",
    "[ID]": "A record, such as D-42.",
    "ID...|-": "Records, such as D-42; - reads their ids from standard input.",
    "ID...|- [STAGE]": "Records, such as D-42, then the stage; - reads ids from standard input.",
    "ID|URL|PATH": "The other record, or the address or path of a document.",
    "[ID...]": "Only these records; - reads their ids from standard input.",
    "T-ID": "A task, such as T-7.",
    "WHEN": "A time, such as +2d, tomorrow or 2026-12-01T15:30: crmctl help dates.",
    "[TYPE]": "lead, contact, company or deal; singular or plural.",
    "TYPE": "lead, contact, company, deal, product or task; singular or plural.",
    "[TITLE]": "What it is called; a person's or company's name serves, too, and a task's template.",
    "[EXPR]": "What must be true of a record: crmctl help filters.",
    "TEXT...": "What to look for; several words are one text.",
    "D-ID": "A deal, such as D-42.",
    "P-ID": "A product, such as P-1.",
    "KIND": "phone, email, domain, messenger or source.",
    "[KIND]": "phone, email, domain, messenger or source; all of them if not named.",
    "VALUE...|-": "The values, however typed; - reads them from standard input, one a line.",
    "[TEXT...|-]": "What to write; several words are one text, - reads it from standard input.",
    "[HOOK]...": "before-change, after-change, after-import or on-reminder; all there are if not named.",
    "PIPELINE": "A pipeline's id, title or alias.",
    "[PIPELINE]": "A pipeline's id, title or alias; the usual one for deals if not named.",
    "[PIPELINE...]": "Pipelines by id, title or alias; all of them if none is named.",
    "FILE": "The file to write; never one that is there.",
    "FILE|-": "The file to be imported; - is standard input.",
    "PROFILE": "A profile's name, or the path of its file.",
    "FILE|PROFILE...": "Profiles, by name or path, or files to be imported.",
    "[FILE]": "The backup; the newest good one if not named.",
    "[FILE|-]": "The file to write; standard output if not named.",
    "FILE...|-": "Files to read; - is standard input.",
    "[DIR]": "The folder; this one if not named.",
    "[PATH...]": "Files and folders; those of the workspace if none is named.",
    "[NAME]": "Which schema; their names are printed if none is named.",
    "[RUN|CHANGE]": "A run, such as R-12, or a change's number; your own last change if not named.",
    "[COMMAND|TOPIC]": "A command, or one of the topics.",
    "SHELL": "bash, zsh, fish or powershell.",
}
"""What an argument is, by how the usage line shows it."""


def arguments(command: click.Command, ctx: click.Context) -> Rows:
    """Return the words a command takes, each with what it is."""
    shown = (
        param.get_usage_pieces(ctx)[0]
        for param in command.get_params(ctx)
        if isinstance(param, click.Argument)
    )
    return [(word, WORDS.get(word, "")) for word in shown]


def own_options(command: click.Command, ctx: click.Context) -> Rows:
    """Return the options that a command does not share with others of its kind."""
    shared = {id(option) for _, options in _grouped(command) for option in options}
    return _rows((param for param in command.get_params(ctx) if id(param) not in shared), ctx)


def sections(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, Rows]]:
    """Yield what a help page lists, group by group: arguments, own options, shared ones."""
    yield "Arguments", arguments(command, ctx)
    yield "Options", own_options(command, ctx)
    for title, options in _grouped(command):
        yield title, _rows(options, ctx)


def write_sections(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the groups that have any rows."""
    for title, rows in sections(command, ctx):
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _grouped(command: click.Command) -> list[tuple[str, list[click.Parameter]]]:
    return getattr(command, "grouped", [])


def _rows(params: "Iterator[click.Parameter] | list[click.Parameter]", ctx: click.Context) -> Rows:
    """Return options with their help alone: the bounds that click adds to it are for programmers."""
    return [
        (record[0], param.help or "")
        for param in params
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
    ]

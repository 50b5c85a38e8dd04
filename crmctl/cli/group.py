"""The tree of commands, each loaded only when it is called or described."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

import click

from crmctl.cli.options import Group

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SECTIONS: dict[str, dict[str, str]] = {
    "Start": {
        "init": "start a workspace from a template",
        "status": "the workspace at a glance",
    },
    "Records": {
        "create": "create a lead, contact, company, deal, product or task",
        "list": "list records of a type",
        "filter": "list the records an expression is true of",
        "search": "find text, phones and e-mails in all records",
        "show": "show records whole",
        "update": "set fields",
        "edit": "edit a record in your editor",
        "move": "move leads or deals to another stage",
        "reject": "move leads to their lost stage",
        "convert": "turn leads into contacts, companies and deals",
        "assign": "give records to owners",
        "item": "put products on a deal, line by line",
        "note": "write a comment into a record's history",
        "link": "link two records, or a document to a record",
        "unlink": "take a link away",
        "duplicates": "find records that may be one, and plan their merge",
        "merge": "make one record of several that are one",
        "delete": "move records to the trash",
        "restore": "bring records back from the trash",
        "board": "a pipeline as columns of cards",
    },
    "Tasks": {
        "agenda": "what is to be done: late, today, in the next days",
        "take": "begin tasks",
        "complete": "end a task with its result, and go on to the next",
        "cancel": "drop tasks",
        "reschedule": "let a task be due at another time",
        "wait": "pause with a client until a day, or until they get in touch",
        "remind": "tell reminders that are due, each once",
        "tasks": "the templates, and the chain from one to the next",
    },
    "In and out": {
        "import": "import records from CSV, XLSX, vCard or JSON",
        "export": "export records to a file",
        "profile": "how files of other programs are read",
        "inbox": "take in messages from messengers, forms and mail",
        "blacklist": "who is not to be taken in again",
        "render": "make a document of a record, such as an offer",
        "mail": "write letters to the records an expression is true of",
    },
    "Reports": {
        "funnel": "how many records, and how much, at which stage",
        "report": "answer a question about sales with figures",
        "diff": "what moved between two moments",
    },
    "Configuration as code": {
        "validate": "check the configuration",
        "test": "run the tests of the process",
        "plan": "what a changed configuration means for the records",
        "apply": "bring the records to the changed configuration",
        "pipeline": "list, show or draw pipelines",
        "schema": "print a JSON Schema",
        "hooks": "your own programs that changes set off",
    },
    "History and store": {
        "log": "what happened, by whom, when",
        "undo": "take a change or a run back",
        "runs": "imports and bulk changes",
        "db": "check, measure, back up and restore the database",
    },
    "Help": {
        "help": "help on a command or a topic",
        "completion": "a shell's completion script",
    },
}
"""Every command with its summary, so that `crmctl --help` loads none of them."""


class LazyGroup(Group):
    """A group whose commands are modules of `crmctl.cli.commands`, named like the command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command in the order of the help page."""
        return [name for section in SECTIONS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"crmctl.cli.commands.{cmd_name}{'_' * iskeyword(cmd_name)}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that go on from what was typed, without loading any command."""
        from click.shell_completion import CompletionItem

        summaries = {name: text for section in SECTIONS.values() for name, text in section.items()}
        found = [
            CompletionItem(name, help=text) for name, text in summaries.items() if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their summaries, without loading any."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))

"""Words that a shell can complete: what an argument or option takes, told by its metavar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.types import StringParamType

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETED = {
    "ID": "ids",
    "ID...|-": "ids",
    "ID|URL|PATH": "ids",
    "ID...|- [STAGE]": "ids_and_stages",
    "[ID...]": "ids",
    "[ID]": "ids",
    "D-ID": "ids",
    "P-ID": "ids",
    "KIND": "listed_kinds",
    "[KIND]": "listed_kinds",
    "T-ID": "tasks",
    "TEMPLATE": "templates",
    "TEMPLATE[:WHEN]": "templates",
    "RESULT": "results",
    "TYPE": "types",
    "PIPELINE": "pipelines",
    "[PIPELINE...]": "pipelines",
    "STAGE": "stages",
    "REASON": "reasons",
    "COHORT": "cohorts",
    "PERIOD": "periods",
    "FIELD": "fields",
    "FIELD=VALUE": "assignments",
    "FIELD,-FIELD": "fields",
    "LIST": "fields",
    "USER": "users",
    "USERS": "users",
    "VIEW": "views",
    "FORMAT": "formats",
    "[RUN|CHANGE]": "runs",
    "[COMMAND|TOPIC]": "topics",
    "PARTS": "parts",
    "RULE": "rules",
    "RULE,...": "rules",
    "DIR": "dir",
    "[DIR]": "dir",
    "FILE": "file",
    "FILE|-": "file",
    "FILE...|-": "file",
    "[FILE]": "file",
    "[FILE|-]": "file",
    "[PATH...]": "file",
}
"""What completes a parameter, by its metavar: a function of `crmctl.cli.completion`, or the shell itself."""
_BY_THE_SHELL = frozenset({"dir", "file"})


class Word(StringParamType):
    """Text that a shell can complete."""

    def __init__(self, what: str) -> None:
        self.what = what

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what the word may go on as."""
        if self.what in _BY_THE_SHELL:
            from click.shell_completion import CompletionItem

            return [CompletionItem(incomplete, type=self.what)]
        from crmctl.cli.completion import complete

        return complete(self.what, ctx, incomplete)


def completed(param: click.Parameter) -> None:
    """Let a shell complete a parameter of plain text whose metavar, or name, says what it takes."""
    what = COMPLETED.get(param.metavar or (param.name or "").upper())
    if what and type(param.type) is StringParamType:
        param.type = Word(what)

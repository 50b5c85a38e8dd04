"""One call of crmctl: what was given, where it reads and writes, and its workspace.

Every command makes one, `--version` and completion too: what only some need is imported when they do.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from crmctl.cli.answer import Answer
from crmctl.cli.given import Given
from crmctl.errors import Declined, WrongUse
from crmctl.render.format_names import check_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.cli.output import Output
    from crmctl.workspace.outcome import Outcome, WriteOptions
    from crmctl.workspace.workspace import Settings, Workspace

COMPLETE = "_CRMCTL_COMPLETE"
"""The environment variable by which a shell asks for completions."""
PARTLY = 7
"""The exit code where some records or rows were refused and the others went through."""
_ANSWERS = dict.fromkeys(("y", "yes", "д", "да"), True) | dict.fromkeys(("n", "no", "н", "нет"), False)
ASK_FROM = 10
"""Records from which a bulk change asks first."""


def exit_code(*, some: bool, all_of_it: bool) -> int:
    """Return the exit code of what was done in whole, in part or not at all."""
    if all_of_it:
        return 0
    return PARTLY if some else 1


class Session:
    """Carried by click through every command. `given` holds the common options that were typed."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.argv = tuple(argv)
        self.given = Given()
        self.written = False

    @property
    def settings(self) -> Settings:
        """What the options and the environment say."""
        from crmctl.workspace.workspace import WITHIN, Settings

        environment = os.environ
        return Settings(
            folder=self.given.workspace or environment.get("CRMCTL_WORKSPACE", ""),
            database=self.given.database or environment.get("CRMCTL_DB", ""),
            user=self.given.user or environment.get("CRMCTL_USER", ""),
            now=self.given.now or environment.get("CRMCTL_NOW", ""),
            as_of=self.given.as_of,
            lock_timeout=self._lock_timeout(),
            on_wait=lambda holder: self.output.status(f"waiting for {holder}"),
            on_commit=self._committed,
            on_progress=self._progressed,
            on_note=self._noted,
            on_warning=self._warned,
            # A program that a hook or remind starts sets off no others, however it calls crmctl.
            hooks=not (self.given.no_hooks or WITHIN in environment),
            looking_on=environment.get(WITHIN) == "before-change",
        )

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, opened at its first use."""
        from crmctl.workspace.workspace import open_workspace

        return self._introduced(open_workspace(self.settings))

    @cached_property
    def lenient_workspace(self) -> Workspace:
        """The workspace for commands that must work where its configuration does not."""
        from crmctl.workspace.workspace import open_workspace

        return self._introduced(open_workspace(self.settings, lenient=True))

    def _introduced(self, workspace: Workspace) -> Workspace:
        """Say under --verbose which workspace and database are meant, and who acts: what a surprise often is about."""
        if self.given.verbose:
            self.output.status(
                f"workspace {workspace.folder}, database {workspace.database}, by {workspace.by}"
            )
        return workspace

    @cached_property
    def output(self) -> Output:
        """Where everything is told."""
        from crmctl.cli.output import Output
        from crmctl.cli.streams import Streams

        return Output(Streams(), self.format, color=self.given.color, quiet=self.given.quiet)

    @property
    def format(self) -> str:
        """The output format asked for, empty where none was."""
        return "json" if self.given.as_json else self.given.output

    def tell_in_json(self) -> None:
        """Tell what follows as JSON: an error in the options, before they were read."""
        self.given.as_json = True
        self.__dict__.pop("output", None)

    def check_format(self, known: Sequence[str]) -> None:
        """Raise WrongUse where the format asked for is not among those a command knows."""
        if self.format:
            check_format(self.format, known)

    @property
    def writing(self) -> WriteOptions:
        """The writing options."""
        from crmctl.workspace.outcome import WriteOptions

        return WriteOptions(self.given.dry_run, self.given.message)

    def bulk(self, *, partial: bool) -> WriteOptions:
        """Return the writing options of a command over several records."""
        from msgspec import structs

        return structs.replace(self.writing, partial=partial)

    @property
    def may_ask(self) -> bool:
        """Whether there is somebody to ask."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.given.no_input

    def confirm(self, question: str) -> None:
        """Ask before something large. Raises WrongUse where nobody can be asked, Declined for a no."""
        if self.given.yes or self.given.dry_run:
            return
        if not self.may_ask:
            raise WrongUse(f"{question} needs a yes", hint="add --yes to go ahead without being asked")
        if not self.agrees(question):
            raise Declined("nothing was changed")

    def agrees(self, question: str) -> bool:
        """Ask a person who is there, and return whether the answer is yes."""
        import click

        while True:
            answer = click.prompt(
                f"{question}? [y/N]", default="n", show_default=False, prompt_suffix=": ", err=True
            )
            said = _ANSWERS.get(answer.strip().lower())
            if said is not None:
                return said
            click.echo("  answer y or n", err=True)

    def ids(self, given: Sequence[str]) -> list[str]:
        """Return the ids named, those on standard input in the place of `-`."""
        found: list[str] = []
        for text in given:
            found += sys.stdin.read().split() if text == "-" else [text]
        return found

    def confirmed_ids(self, verb: str, given: Sequence[str]) -> list[str]:
        """Return the ids named, once a person agreed to change so many records at once."""
        found = self.ids(given)
        if len(found) >= ASK_FROM:
            self.confirm(f"{verb} {len(found)} records")
        return found

    def wrote(self, outcome: Outcome, answer: Answer = Answer.GIVEN) -> int:
        """Tell what an operation came to, and return the exit code."""
        from crmctl.cli.emit_changes import emit_outcome

        emit_outcome(self.output, outcome, self.workspace, answer)
        return exit_code(some=bool(outcome.changes) and not outcome.dry_run, all_of_it=not outcome.refusals)

    def note_unread_tasks(self) -> None:
        """Say so where tasks had to be passed over: their rules have errors."""
        if told := self.workspace.configuration.unread_tasks:
            self.output.note(told)

    def _progressed(self, done: int, total: int, what: str) -> None:
        self.output.progress(done, total, what)

    def _noted(self, text: str) -> None:
        self.output.note(text)

    def _warned(self, text: str) -> None:
        self.output.warning(text)

    def _committed(self) -> None:
        self.written = True

    def _lock_timeout(self) -> float:
        if self.given.lock_timeout is not None:
            return self.given.lock_timeout
        text = os.environ.get("CRMCTL_LOCK_TIMEOUT", "")
        if not text:
            return 10.0 if sys.stderr.isatty() else 60.0
        try:
            return float(text)
        except ValueError:
            raise WrongUse(f'CRMCTL_LOCK_TIMEOUT "{text}" is not a number of seconds') from None

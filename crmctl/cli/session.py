"""One call of crmctl: what was given, where it reads and writes, and its workspace.

Every command makes one, `--version` and completion too: what only some need is imported when they do.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crmctl.cli.answer import Answer
from crmctl.errors import WrongUse
from crmctl.render.format_names import check_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.cli.output import Output
    from crmctl.workspace.outcome import Outcome, WriteOptions
    from crmctl.workspace.workspace import Settings, Workspace

PARTLY = 7
"""The exit code where some records or rows were refused and the others went through."""
ASK_FROM = 10
"""Records from which a bulk change asks first."""


class Session:
    """Carried by click through every command. `given` holds the common options that were typed."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.argv = tuple(argv)
        self.given: dict[str, Any] = {}
        self.written = False

    @property
    def settings(self) -> Settings:
        """What the options and the environment say."""
        from crmctl.workspace.workspace import Settings

        environment = os.environ
        return Settings(
            folder=self.given.get("workspace") or environment.get("CRMCTL_WORKSPACE", ""),
            database=self.given.get("database") or environment.get("CRMCTL_DB", ""),
            user=self.given.get("user") or environment.get("CRMCTL_USER", ""),
            now=self.given.get("now") or environment.get("CRMCTL_NOW", ""),
            lock_timeout=self._lock_timeout(),
            on_wait=lambda holder: self.output.status(f"waiting for {holder}"),
            on_commit=self._committed,
        )

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, opened at its first use."""
        from crmctl.workspace.workspace import open_workspace

        return open_workspace(self.settings)

    @cached_property
    def lenient_workspace(self) -> Workspace:
        """The workspace for commands that must work where its configuration does not."""
        from crmctl.workspace.workspace import open_workspace

        return open_workspace(self.settings, lenient=True)

    @cached_property
    def output(self) -> Output:
        """Where everything is told."""
        from crmctl.cli.output import Output
        from crmctl.cli.streams import Streams

        return Output(Streams(), self.format, self.given)

    @property
    def format(self) -> str:
        """The output format asked for, empty where none was."""
        if self.given.get("as_json"):
            return "json"
        return str(self.given.get("output") or "")

    def check_format(self, known: Sequence[str]) -> None:
        """Raise WrongUse where the format asked for is not among those a command knows."""
        if self.format:
            check_format(self.format, known)

    @property
    def writing(self) -> WriteOptions:
        """The writing options."""
        from crmctl.workspace.outcome import WriteOptions

        return WriteOptions(bool(self.given.get("dry_run")), self.given.get("message") or "")

    def bulk(self, partial: bool) -> WriteOptions:  # noqa: FBT001 - a flag of click's
        """Return the writing options of a command over several records."""
        from msgspec import structs

        return structs.replace(self.writing, partial=partial)

    @property
    def may_ask(self) -> bool:
        """Whether there is somebody to ask."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.given.get("no_input")

    def confirm(self, question: str) -> None:
        """Ask before something large. Raises WrongUse where nobody can be asked, click.Abort for a no."""
        if self.given.get("yes") or self.given.get("dry_run"):
            return
        if not self.may_ask:
            raise WrongUse(f"{question} needs a yes", hint="add --yes to go ahead without being asked")
        import click

        click.confirm(f"{question}?", abort=True, err=True)

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
        if not outcome.refusals:
            return 0
        return 1 if outcome.dry_run else PARTLY

    def _committed(self) -> None:
        self.written = True

    def _lock_timeout(self) -> float:
        given = self.given.get("lock_timeout")
        text = os.environ.get("CRMCTL_LOCK_TIMEOUT", "")
        if given is None and text:
            try:
                given = float(text)
            except ValueError:
                raise WrongUse(f'CRMCTL_LOCK_TIMEOUT "{text}" is not a number of seconds') from None
        if given is None:
            return 10.0 if sys.stderr.isatty() else 60.0
        return float(given)

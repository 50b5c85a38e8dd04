"""Which reminders were told, kept in the store. No history tells of them, and no record changes by them.

The document is `{"told": {"T-7": MOMENT}}`: the moment from which on one was to be reminded of each open task. Where
the task is given another moment, it is to be told again. While reminders are told, a journal beside the store has
what was told already: a commit for each would be too dear. Killed, it is there for the next one.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from crmctl.activities.remind import Reminder
from crmctl.errors import LockTimeout
from crmctl.journal import Lines, held
from crmctl.storage.interface import Reader
from crmctl.workspace.task_clients import open_rows
from crmctl.workspace.workspace import Workspace

DOCUMENT = "reminders"
_GROUP = 0o060


class _Told(msgspec.Struct, frozen=True):
    task: str
    at: str


class Telling:
    """The reminders that are told now, by nobody else meanwhile."""

    def __init__(self, workspace: Workspace, lines: Lines[_Told]) -> None:
        self._workspace = workspace
        self._lines = lines

    def told(self, reminders: Sequence[Reminder]) -> None:
        """Take down that reminders were told, on disk when this returns."""
        self._lines.write(*(_Told(each.task.id, each.at) for each in reminders))

    def settle(self) -> None:
        """Write into the store what was taken down, in one commit, and forget it."""
        if told := _moments(self._lines):
            _mark(self._workspace, told)
            self._lines.forget()


@contextmanager
def telling(workspace: Workspace) -> Iterator[Telling]:
    """Keep other processes from telling reminders of the same database. Raises LockTimeout at once where one does."""
    busy = LockTimeout(
        "another crmctl remind is at work, so this one told nothing", hint="it goes on by itself"
    )
    # Whoever shares the database shares this.
    mode = 0o600 | workspace.database.stat().st_mode & _GROUP
    with held(_path(workspace), busy, mode) as handle:
        yield Telling(workspace, Lines(handle, _Told))


def told_before(workspace: Workspace) -> dict[str, str]:
    """Return the moment for which each task is known to be told by what is no part of the store yet."""
    with suppress(OSError), _path(workspace).open("rb") as file:
        return _moments(Lines(file.fileno(), _Told))
    return {}


def told_reminders(reader: Reader) -> dict[str, str]:
    """Return the moment for which each task was told."""
    document = reader.document(DOCUMENT) or {}
    told: dict[str, str] = document.get("told", {})
    return dict(told)


def _mark(workspace: Workspace, new: dict[str, str]) -> None:
    """Keep that reminders were told, in one commit; what is kept of tasks that ended is let go."""
    with workspace.committed() as writer:
        told = told_reminders(writer) | new
        still_open = {row.f_id for row in open_rows(writer, ("id",))}
        kept = {task: at for task, at in told.items() if task in still_open}
        writer.put_document(DOCUMENT, {"told": kept})


def _moments(lines: Lines[_Told]) -> dict[str, str]:
    return {each.task: each.at for each in lines.read()}


def _path(workspace: Workspace) -> Path:
    target = Path(os.path.realpath(workspace.database))
    return target.with_name(f"{target.name}.remind.lock")

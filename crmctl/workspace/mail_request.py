"""What `mail` is asked for, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec

from crmctl.errors import CrmError
from crmctl.mail.template import Template
from crmctl.model.letter import Letter, Sender
from crmctl.model.records import Record, RecordType
from crmctl.workspace.recipients import PassedOver
from crmctl.workspace.workspace import Workspace

Confirm = Callable[[str, int], None]
"""Asks whether to `send` or to `write` so many letters. Raises where the answer is no."""


class MailRequest(msgspec.Struct, frozen=True):
    """A mailing as it was typed. `subject` is None where the template has its own."""

    kind: RecordType
    where: str
    template: str
    subject: str | None = None
    again: bool = False
    retry_doubtful: bool = False

    def known_by(self, template: Template, workspace: Workspace) -> str:
        """Return what a mailing is known by: which records, which template, which subject."""
        folder, path = Path(workspace.folder).resolve(), template.path.resolve()
        name = path.relative_to(folder) if path.is_relative_to(folder) else path
        subject = template.subject if self.subject is None else self.subject
        parts = (self.kind.value, " ".join(self.where.split()), name.as_posix(), subject)
        return sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:12]


class Status(StrEnum):
    """What became of a letter, as JSON names it and in the order in which people are told.

    The server refused it; a template could not be written with it; a killed process perhaps sent it; it waits for the
    next call; its record gets none.
    """

    SENT = "sent"
    WRITTEN = "written"
    TO_SEND = "to_send"
    DROPPED = "dropped"
    REFUSED = "refused"
    UNWRITTEN = "unwritten"
    DOUBTFUL = "doubtful"
    WAITING = "waiting"
    SKIPPED = "skipped"


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one record's letter, and why."""

    record: str
    status: Status
    address: str = ""
    subject: str = ""
    reason: str = ""
    file: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """How messages name the record."""
        return Record({"id": self.record, "title": self.title}).label


class Mailing(msgspec.Struct, frozen=True):
    """Letters that are ready, the records that get none, and how many have theirs from before."""

    letters: tuple[Letter, ...]
    passed: tuple[Result, ...] = ()
    known: int = 0

    @property
    def found(self) -> int:
        """How many records there are that have not got their letter, wanted or not."""
        return len(self.letters) + len(self.passed)

    def having(self, more: Sequence[Result]) -> "Mailing":
        """Return it with more records that get no letter now."""
        return msgspec.structs.replace(self, passed=(*more, *self.passed))


class Place(msgspec.Struct, frozen=True):
    """Where letters are written to, a folder or a file, and whom they are from."""

    target: str
    sender: Sender


class Mailed(msgspec.Struct, frozen=True):
    """What came of a mailing; `failure` ended it before all was done, `target` is where files went."""

    results: tuple[Result, ...]
    known: int = 0
    run: str = ""
    target: str = ""
    dry_run: bool = False
    notes: tuple[str, ...] = ()
    failure: CrmError | None = None

    def count(self, *statuses: Status) -> int:
        """Return how many letters came to one of some ends."""
        return sum(each.status in statuses for each in self.results)

    def summary(self) -> Mapping[str, object]:
        """Return it as JSON shows it."""
        counts = {status.value: self.count(status) for status in Status}
        letters = [
            {name: text for name, text in msgspec.structs.asdict(each).items() if text and name != "title"}
            for each in self.results
        ]
        return {"run": self.run or None, **counts, "sent_before": self.known, "letters": letters}


def result_of(letter: Letter, status: Status, reason: str = "", file: str = "") -> Result:
    """Return what became of a letter."""
    return Result(letter.record, status, letter.address, letter.subject, reason, file, letter.title)


def skipped(passed: PassedOver, status: Status = Status.SKIPPED) -> Result:
    """Return that a record gets no letter, and why."""
    return Result(passed.record.id, status, reason=passed.reason, title=passed.record.title)

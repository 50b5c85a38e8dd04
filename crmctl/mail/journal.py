"""What a mailing did, on disk before the next letter: a line before a letter goes to the server, one after.

Of a letter that has the first line and not the second it is not known whether it went out: the process was killed
while the server had the letter. The file is there until all of it is in the records' history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from crmctl.errors import LockTimeout
from crmctl.journal import Lines, held


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter that goes to the server, at which moment; `done` is what became of it: sent, or turned down."""

    key: str
    record: str
    told: str
    at: str
    done: str = ""


SENT, TURNED = "sent", "turned"


class Tried(msgspec.Struct, frozen=True):
    """A letter that went to the server; it is `certain` where the server took it."""

    key: str
    record: str
    told: str
    at: str
    certain: bool


class Journal(Lines[Line]):
    """The file of one mailing, held so that no other process sends the same."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle, Line)

    def tried(self) -> list[Tried]:
        """Return the letters that went out, or perhaps did."""
        lines = self.read()
        begun = {line.key: line for line in lines if not line.done}
        done = {line.key: line.done for line in lines if line.done}
        return [
            Tried(key, line.record, line.told, line.at, done.get(key) == SENT)
            for key, line in begun.items()
            if done.get(key) != TURNED
        ]


@contextmanager
def journal(path: Path) -> Iterator[Journal]:
    """Hold a mailing's journal. Raises LockTimeout where another process sends the mailing."""
    busy = LockTimeout("this mailing is being sent by another process", hint="wait for it")
    with held(path, busy) as handle:
        yield Journal(handle)

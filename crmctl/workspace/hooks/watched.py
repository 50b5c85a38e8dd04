"""The changes of one transaction as hooks are told of them, and writers that do not write before a hook agreed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.storage.interface import Writer
from crmctl.workspace.presentation import Presenters

if TYPE_CHECKING:
    from crmctl.storage.interface import Reader
    from crmctl.workspace.workspace import Workspace

_CHANGING = frozenset(name for name in vars(Writer) if not name.startswith("_")) - {"commit"}
"""What a writer has beyond a reader: what is to be done again on the state that it is at last written to."""
_NEW = re.compile(rb'"before":null,"after":\{"id":"([A-Z]-[0-9]+)"')


class Told:
    """The lines that tell of changes, in the order in which they were made: records as `-o json` shows them."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        self.lines: list[bytes] = []
        self._by = workspace.by
        self._presenters = Presenters(workspace, reader)

    def take(self, change: Change) -> None:
        """Take a change down."""
        self.lines.append(line_of(change.op, self._by, self._shown(change.before), self._shown(change.after)))

    def _shown(self, record: Record | None) -> object:
        return self._presenters[record.type].json(record.values) if record else None


def line_of(operation: str, by: str, before: object, after: object) -> bytes:
    """Return a line as every hook gets it."""
    return msgspec.json.encode({"operation": operation, "by": by, "before": before, "after": after})


def same_changes(some: Sequence[bytes], others: Sequence[bytes]) -> bool:
    """Tell whether two decisions come to the same, the numbers that new records were given left aside."""
    return _unnumbered(some) == _unnumbered(others)


def _unnumbered(lines: Sequence[bytes]) -> bytes:
    whole = b"\n".join(lines)
    for at, found in enumerate(dict.fromkeys(_NEW.findall(whole))):
        whole = whole.replace(b'"%b"' % found, b'"#%d"' % at)
    return whole


class Checked:
    """A writer whose commit is held back: by `check`, which raises where it is not to be."""

    def __init__(self, writer: Writer, check: Callable[[], None]) -> None:
        self._writer = writer
        self._check = check

    def __getattr__(self, name: str) -> Any:
        """Return what the writer has."""
        return getattr(self._writer, name)

    def commit(self) -> int:
        """Commit once that is checked."""
        self._check()
        return self._writer.commit()


class Draft:
    """A state changed without the lock; what was done to it is done again to the one under it, by `replay`."""

    def __init__(self, writer: Writer, commit: Callable[[Draft], int]) -> None:
        self._writer = writer
        self._commit = commit
        self._done: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        """Return what the writer has; what changes it is taken down as it is called."""
        found = getattr(self._writer, name)
        if name not in _CHANGING:
            return found

        def change(*given: Any) -> Any:
            self._done.append((name, given))
            return found(*given)

        return change

    def commit(self) -> int:
        """Let it be written, or not."""
        return self._commit(self)

    def replay(self, writer: Writer) -> None:
        """Do to a writer what was done to this."""
        for name, given in self._done:
            getattr(writer, name)(*given)

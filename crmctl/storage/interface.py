"""What any store can do: read a state, and replace it by another in one commit.

A store holds records by type, their history, the ledger of runs, the trash, and small named documents
(saved views, the blacklist). A `Reader` is one state of it, unmoved by later writers; a `Writer` is that
state under the lock with the changes of one command, which `commit` makes the new state, or nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType

if TYPE_CHECKING:
    from crmctl.query.bound import Filter
    from crmctl.query.prefilter import Prefilter

Row = Any
"""Some fields of one record, read with `column`; made for scans of a hundred thousand."""


def column(*names: str) -> Callable[[Row], Any]:
    """Return the function that takes a field's value, or None, out of a scanned row; of several fields a tuple."""
    return attrgetter(*(f"f_{name}" for name in names))


class Reader(Protocol):
    """One state of the store."""

    @property
    def generation(self) -> int:
        """How many commits made this state."""

    def get(self, record_id: str) -> Record | None:
        """Return a record that is not in the trash."""

    def records(self, kind: RecordType, prefilter: Prefilter | None = None, /) -> Iterator[Record]:
        """Yield every record of a type, whole, by number; a store may pass over those that a prefilter rules out."""

    def scan(
        self, kind: RecordType, fields: Sequence[str], where: Filter | None = None, *, first: int = 0
    ) -> list[Row]:
        """Return the named fields of the records of a type that pass, by number; what a record lacks is None.

        A row may have further fields, those that the filter reads. With `first` only so many of them.
        """

    def scan_in_batches(
        self, kind: RecordType, fields: Sequence[str], take: Callable[[list[Row]], object]
    ) -> None:
        """Hand over what `scan` returns, some at a time. What is made of them holds good when this returns."""

    def count(self, kind: RecordType) -> int:
        """Return how many records of a type there are."""

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out, deleted and purged ones included."""

    def history(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Return the entries of the records named, or all, in the order of recording."""

    def changes_of(self, fields: Collection[str]) -> list[Entry]:
        """Return the entries that changed any of the fields, in the order of recording."""

    def keyed(self, head: str) -> list[Entry]:
        """Return the entries whose key begins with a text, and all that undo something, in the order of recording."""

    def entries_of(self, generation: int) -> list[Entry]:
        """Return the entries of one commit."""

    def trashed(self, record_id: str) -> Record | None:
        """Return a record from the trash as it was when deleted."""

    def trash(self) -> Iterator[Record]:
        """Yield the records in the trash."""

    def runs(self) -> list[Run]:
        """Return the ledger, oldest first."""

    def document(self, name: str) -> dict[str, Any] | None:
        """Return a named document, such as `views`."""


class Writer(Reader, Protocol):
    """A state under the lock, with the changes made so far. What it reads includes them."""

    def new_id(self, kind: RecordType) -> str:
        """Return the next id of a type. No id is ever given twice, whatever was deleted."""

    def claim_id(self, record_id: str) -> None:
        """Take an id that an import brought; later new ids are beyond it."""

    def reserve_id(self, record_id: str) -> None:
        """Let new ids lie beyond one that may be claimed, now or by a later import."""

    def new_run_id(self) -> str:
        """Return the next id of a run, `R-1`."""

    def put(self, record: Record) -> None:
        """Write a record under its id, new or not; one in the trash comes out of it."""

    def discard(self, record_id: str) -> None:
        """Move a record to the trash."""

    def purge(self, record_id: str) -> None:
        """Remove a record and the values in its history for good, from the trash too."""

    def add_history(self, entries: Sequence[Entry]) -> None:
        """Append entries; `gen` is that of this commit."""

    def put_run(self, run: Run) -> None:
        """Write a line of the ledger."""

    def put_document(self, name: str, document: dict[str, Any]) -> None:
        """Write a named document."""

    def commit(self) -> int:
        """Make this the new state, on disk when it returns its generation. Without changes: no commit."""


class Store(Protocol):
    """A place where records are kept."""

    def read(self) -> Reader:
        """Return the present state, without any lock."""

    def write(self) -> AbstractContextManager[Writer]:
        """Wait for the lock and return the present state under it; leaving without `commit` changes nothing.

        Raises LockTimeout, StoreDamaged, StoreUnreadable.
        """

    def draft(self) -> Writer:
        """Return the present state without any lock, to be changed for a look at what would come of it.

        Its `commit` raises: nothing of it is ever written.
        """

    def backups_holding(self, ids: Collection[str]) -> dict[Path, list[str]]:
        """Return the files kept beside the store that still hold records, with the ids of those."""

"""The data file as a store: read without a lock, written under one, replaced whole."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmctl.errors import NotFound, Refused, StoreDamaged, StoreUnreadable
from crmctl.storage.checksum import Piece
from crmctl.storage.files import FILES, Files
from crmctl.storage.lines import DataFile, empty
from crmctl.storage.meta import Damage
from crmctl.storage.parsing import parse, parse_arriving
from crmctl.storage.reader import FileReader
from crmctl.storage.trouble import unreadable

if TYPE_CHECKING:
    from crmctl.storage.backups import Backups, Superseded
    from crmctl.storage.lock import OnWait
    from crmctl.storage.writer import FileWriter

# What only writers and failures need is imported when they do: readers start often.


_LARGE = 4 * 1024 * 1024
"""Bytes from which on a file is worth the start of the threads that read and check it beside the first look."""
_AT_ONCE = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
"""How the file is opened: without waiting, as one would at a pipe until somebody writes."""


def _pass() -> None:
    """Do nothing before or once the file is replaced."""


class FileStore:
    """The store in one data file. `path` is as given, `target` what it leads to if it is a symbolic link."""

    def __init__(
        self,
        path: Path,
        *,
        backups: Path | None = None,
        timeout: float = 10.0,
        on_wait: OnWait | None = None,
        files: Files = FILES,
    ) -> None:
        self.path = path
        self.target = Path(os.path.realpath(path))
        self.files = files
        self.on_commit: Callable[[], object] = _pass
        """Called as soon as another state is in place, before any signal can be heard."""
        self._backups = backups
        self._timeout = timeout
        self._on_wait = on_wait
        self._seen: tuple[int, ...] = ()

    @property
    def backups(self) -> Backups | None:
        """The superseded generations, where they are kept at all."""
        from crmctl.storage.backups import Backups

        return Backups(self._backups, self.target.name, self.files) if self._backups else None

    def read(self) -> FileReader:
        """Return the present state, without any lock. Raises NotFound, StoreDamaged, StoreUnreadable."""
        return FileReader(self.load(beside=True))

    @contextmanager
    def write(self) -> Iterator[FileWriter]:
        """Wait for the lock and return the state under it; leaving without `commit` changes nothing."""
        from crmctl.storage.writer import FileWriter

        self.be_there()
        with self.hold():
            file = self.load()
            writer = FileWriter(file, self._commit)
            try:
                yield writer
            finally:
                writer.close()

    def draft(self) -> FileWriter:
        """Return the present state, without any lock, to be changed for a look; its `commit` raises."""
        from crmctl.storage.writer import FileWriter

        return FileWriter(self.load(), _never)

    def backups_holding(self, ids: Collection[str]) -> dict[Path, list[str]]:
        """Return the superseded generations that still hold records, with the ids of those."""
        return self.backups.holding(ids) if self.backups else {}

    def create(self, documents: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Make the data file of a store that holds no records yet. Raises Refused where there is one.

        Generations and ids go on from those of backups that lie there from a file since lost.
        """
        with self.hold():
            if os.path.lexists(self.target):
                raise Refused(f"{self.path} is there already")
            file, generation = empty(), 0
            for name, document in (documents or {}).items():
                file.put(name, 1, document)
            for meta in self.backups.metas() if self.backups else ():
                file.ids.never_below(meta.ids())
                generation = max(generation, meta.generation + 1)
            self.replace(file.render(generation))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock. Raises LockTimeout."""
        from crmctl.storage.lock import locked

        with locked(self.target, timeout=self._timeout, on_wait=self._on_wait):
            self._seen = ()  # the first reading under the lock is what a commit goes by
            yield

    def load(self, *, beside: bool = False) -> DataFile:
        """Return the verified state on disk.

        A large one is verified `beside` the first look at it, for readers.
        """
        with self._readable():
            file, size = self._open()
            if size > _LARGE:
                loaded = self._arriving(file, size)
            else:
                with file:
                    loaded = self._parsed(file.readall())
        if not beside:
            loaded.verify()
        return loaded

    def _parsed(self, data: bytes) -> DataFile:
        try:
            return parse(data)
        except Damage as fault:
            raise self._damaged(data, fault) from fault

    def _arriving(self, file: FileIO, size: int) -> DataFile:
        from crmctl.storage.arriving import Arriving

        arriving = Arriving(file, size)

        def as_error(fault: Damage | OSError) -> StoreDamaged | StoreUnreadable:
            if isinstance(fault, OSError):
                return unreadable(self.path, fault)
            return self._damaged(arriving.whole(), fault)

        try:
            return parse_arriving(arriving, as_error)
        except Damage as fault:
            raise as_error(fault) from fault

    def _damaged(self, data: bytes, fault: Damage) -> StoreDamaged:
        from crmctl.storage.damage import damaged

        return damaged(self.path, data, fault, self.backups)

    def data(self) -> bytes:
        """Return the bytes on disk, whatever they are. Raises NotFound, StoreUnreadable."""
        with self._readable(), self._open()[0] as file:
            return file.readall()

    def _open(self) -> tuple[FileIO, int]:
        """Open the file for one reading, and tell its size: a commit meanwhile changes nothing in it."""
        file = FileIO(os.open(self.target, _AT_ONCE))
        try:
            status = self._regular(os.fstat(file.fileno()))
        except StoreUnreadable:
            file.close()
            raise
        self._seen = self._seen or _identity(status)
        return file, status.st_size

    def be_there(self) -> None:
        """Refuse a path without a file before anything, such as a lock, is made beside it."""
        with self._readable():
            self._regular(self.target.stat())

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Tell what keeps the file from being read. Raises NotFound, StoreUnreadable."""
        try:
            yield
        except FileNotFoundError as error:
            raise self._missing() from error
        except OSError as error:
            raise unreadable(self.path, error) from error

    def replace(
        self,
        pieces: Sequence[Piece],
        *,
        superseded: int | None = None,
        after: Callable[[], object] = _pass,
    ) -> None:
        """Make the pieces the data file, and keep the superseded generation of it, if one is given.

        What a killed writer left is cleared first. Raises LockTimeout, StoreUnreadable.
        """
        from crmctl.clock import now
        from crmctl.storage.backups import Superseded
        from crmctl.storage.durable import clear_left_over
        from crmctl.storage.lock import claimed

        self._refuse_read_only()
        old = Superseded(self.backups, self.target, superseded, now())
        refuse_changed = _pass if superseded is None else self._refuse_changed
        with nullcontext() if superseded is None else claimed(self.target, self.path):
            refuse_changed()  # first: who is to be refused may not clear what another is writing
            clear_left_over(self.target.parent, re.escape(self.target.name), self.files)
            try:
                self._swap(pieces, old, refuse_changed, after)
            finally:
                if self._unchanged():
                    old.forget()

    def _swap(
        self,
        pieces: Sequence[Piece],
        old: Superseded,
        before: Callable[[], object],
        after: Callable[[], object],
    ) -> None:
        from crmctl.storage.durable import Replacement

        def replaced() -> None:
            old.replaced()
            after()
            self.on_commit()

        # Before what comes is written: what goes makes room on the disk for it, or is written over.
        old.keep()
        spare = old.prune()
        Replacement(self.target, self.files, before=before, after=replaced, spare=spare).write(pieces)

    def _commit(self, file: DataFile, generation: int, after: Callable[[], None]) -> None:
        self.replace(file.render(generation), superseded=file.meta.generation, after=after)

    def _regular(self, status: os.stat_result) -> os.stat_result:
        """Refuse a pipe or a device, which may never come to an end."""
        if not stat.S_ISREG(status.st_mode):
            raise StoreUnreadable(f"{self.path} is no regular file, and so no database")
        return status

    def _missing(self) -> NotFound:
        from crmctl.storage.damage import missing

        return missing(self.path, self.backups)

    def _unchanged(self) -> bool:
        return self.target.exists() and _identity(self.target.stat()) == self._seen

    def _refuse_read_only(self) -> None:
        """Refuse a file that its mode protects: the folder alone would let it be replaced."""
        if os.path.lexists(self.target) and not os.access(self.target, os.W_OK):
            raise StoreUnreadable(
                f"cannot write {self.path}, so nothing was changed: it is read-only",
                hint="chmod u+w makes it writable",
            )

    def _refuse_changed(self) -> None:
        """Refuse to write over what an editor, which takes no lock, wrote since the file was read."""
        if not self._unchanged():
            raise StoreUnreadable(
                f"another program changed {self.path} meanwhile, so nothing was written",
                hint="run the command again",
            )


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _never(_file: DataFile, _generation: int, _after: Callable[[], None]) -> None:
    raise RuntimeError("a draft is never written")

"""Superseded generations of the data file, kept beside the workspace as further names of the same file.

A hard link costs no copy and cannot be half done; where links do not work, such as across file systems,
a copy is made.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from pathlib import Path

import msgspec

from crmctl.errors import StoreUnreadable
from crmctl.model.change import Entry
from crmctl.model.records import number_of, type_of
from crmctl.storage.durable import Replacement, clear_left_over
from crmctl.storage.files import Files
from crmctl.storage.lines import DataFile
from crmctl.storage.meta import Meta, read_meta
from crmctl.storage.parsing import parse
from crmctl.storage.trouble import told

LATEST = 10
DAYS = 7
BYTES = 500_000_000
FEWEST = 2
DAMAGED = -1
"""In the place of a generation: a file that a restore put aside."""


class Backup(msgspec.Struct, frozen=True):
    """A kept file of a generation, or DAMAGED."""

    path: Path
    generation: int
    at: datetime
    size: int

    def __str__(self) -> str:
        what = "damaged" if self.generation == DAMAGED else f"generation {self.generation}"
        return f"{self.path} ({what}, {self.at:%Y-%m-%d %H:%M:%S} UTC)"


class Backups:
    """The backups of one data file in a folder."""

    def __init__(self, folder: Path, name: str, files: Files) -> None:
        self.folder = folder
        self._name = name
        self._files = files
        self._pattern = re.compile(rf"{re.escape(name)}\.(\d+|damaged)\.(\d{{8}}T\d{{6}}Z)")

    def keep(self, target: Path, generation: int, at: datetime) -> Path:
        """Keep the present file under its generation, or as DAMAGED; returns where.

        Raises StoreUnreadable.
        """
        with told(f"cannot keep a backup in {self.folder}, so nothing was changed"):
            known = self._known(target, generation)
            if known:
                return known
            self._files.make_folder(self.folder)
            path = self._free_path("damaged" if generation == DAMAGED else str(generation), at)
            try:
                self._files.link(target, path)
            except OSError:
                Replacement(path, self._files, like=target).write([target.read_bytes()])
            return path

    def all(self) -> list[Backup]:
        """Return what is kept, newest first; the damaged last."""
        return sorted(self._found(), key=lambda backup: (backup.generation, backup.at), reverse=True)

    def newest_good(self, *, but: int | None = None) -> Backup | None:
        """Return the newest backup whose every byte is what was written; an empty one only where all are.

        After a lost file an empty one may have been started: going back to that would restore nothing. A
        generation to pass over is the present one: a writer that was killed may have left a backup of it.
        """
        empty: Backup | None = None
        for backup in (each for each in self.all() if each.generation != but):
            state = _state(backup.path)
            if state and any(state.meta.counts.values()):
                return backup
            empty = empty or (backup if state else None)
        return empty

    def holding(self, ids: Collection[str]) -> dict[Path, list[str]]:
        """Return the kept files in which records can still be read, be it in the trash or in their history.

        With each file come the ids of those that it holds.
        """
        held = {backup.path: _held(backup.path, ids) for backup in self.all()}
        return {path: found for path, found in held.items() if found}

    def metas(self) -> Iterator[Meta]:
        """Yield what the kept files say about themselves, as far as that can be read."""
        for backup in self.all():
            meta = peek(backup.path)
            if meta:
                yield meta

    def forget(self, path: Path) -> None:
        """Remove a backup of what was not superseded after all; what cannot be removed stays."""
        with suppress(OSError):
            self._files.unlink(path)

    def prune(self, today: date, *, but: Path | None = None) -> Path | None:
        """Remove what need not be kept, and what killed writers left; but for one, returned, that may be written over.

        Nor is the one removed that is named: where somebody put an old file in the place of the present one, by
        `git` or by hand, it is older than many others and yet the last that is known of the new line.
        """
        gone = [backup for backup in superfluous(self._good(), today) if backup.path != but]
        spared = max(gone, key=attrgetter("size"), default=None)
        for backup in gone:
            if backup is not spared:
                self.forget(backup.path)
        clear_left_over(self.folder, re.escape(self._name) + r"\..+", self._files)
        return spared.path if spared else None

    def _good(self) -> list[Backup]:
        return [known for known in self.all() if known.generation != DAMAGED]

    def _known(self, target: Path, generation: int) -> Path | None:
        """Return the backup that a writer made of this very file before it was stopped."""
        same = (backup.path for backup in self._found() if backup.generation == generation)
        return next((path for path in same if path.samefile(target)), None)

    def _free_path(self, word: str, at: datetime) -> Path:
        path = self.folder / f"{self._name}.{word}.{at:%Y%m%dT%H%M%SZ}"
        while path.exists():
            at += timedelta(seconds=1)
            path = self.folder / f"{self._name}.{word}.{at:%Y%m%dT%H%M%SZ}"
        return path

    def _found(self) -> list[Backup]:
        found = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                match = self._pattern.fullmatch(path.name)
                with suppress(OSError):  # another process may have pruned it
                    found += [_backup(path, match[1], match[2])] if match and path.is_file() else []
        return found


def _backup(path: Path, word: str, stamp: str) -> Backup:
    generation = DAMAGED if word == "damaged" else int(word)
    # strptime would cost every commit its import.
    day = int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8])
    at = datetime(*day, int(stamp[9:11]), int(stamp[11:13]), int(stamp[13:15]), tzinfo=UTC)
    return Backup(path, generation, at, path.stat().st_size)


def superfluous(backups: Sequence[Backup], today: date) -> list[Backup]:
    """Return which of the backups, newest first, need not be kept.

    Kept are the latest and the last of each day of a week, as far as BYTES go.
    """
    last_of_day: dict[date, Backup] = {}
    for backup in backups:
        last_of_day.setdefault(backup.at.date(), backup)
    week = [backup for day, backup in last_of_day.items() if day > today - timedelta(days=DAYS)]
    wanted = [backup for backup in backups if backup in backups[:LATEST] or backup in week]
    kept: list[Backup] = []
    for backup in wanted:
        if len(kept) >= FEWEST and sum(known.size for known in kept) + backup.size > BYTES:
            break
        kept.append(backup)
    return [backup for backup in backups if backup not in kept]


def peek(path: Path) -> Meta | None:
    """Return what the first lines of a file say about it, where they are whole."""
    try:
        with path.open("rb") as file:
            return read_meta(b"".join(file.readline() for _ in range(3)))[0]
    except (OSError, StoreUnreadable):
        return None


def _state(path: Path) -> DataFile | None:
    try:
        return parse(path.read_bytes())
    except (OSError, StoreUnreadable):
        return None


def _held(path: Path, ids: Collection[str]) -> list[str]:
    """Return which of the records a file holds; it is read once, however many are asked about."""
    state = _state(path)
    if state is None:
        return [record_id for record_id in ids if _names(path, record_id)]
    return [record_id for record_id in ids if _holds(state, record_id)]


def _holds(state: DataFile, record_id: str) -> bool:
    start = b'{"id":"%b",' % record_id.encode()
    if state.has(type_of(record_id).table, number_of(record_id)) or state.matching("trash", start):
        return True
    entries = (msgspec.json.decode(line, type=Entry) for _, line in state.matching("history", start))
    return any(entry.changes or entry.note or entry.key or entry.message for entry in entries)


def _names(path: Path, record_id: str) -> bool:
    """Tell whether a damaged file names a record; one that cannot be read may well."""
    try:
        return f'"{record_id}"'.encode() in path.read_bytes()
    except OSError:
        return path.exists()


class Superseded:
    """The state that is about to be replaced: kept among the backups, unless the replacement comes to nothing.

    Without backups, or a generation to keep it under, nothing is done.
    """

    def __init__(
        self, backups: Backups | None, target: Path, generation: int | None, moment: datetime
    ) -> None:
        self._backups = backups
        self._target = target
        self._generation = generation
        self._moment = moment
        self._kept: Path | None = None

    def keep(self) -> None:
        """Keep it."""
        if self._backups and self._generation is not None:
            self._kept = self._backups.keep(self._target, self._generation, self._moment)

    def replaced(self) -> None:
        """Leave it where it is: by now the backup is all that is left of it."""
        self._kept = None

    def forget(self) -> None:
        """Take the backup away again, unless it was replaced."""
        if self._backups and self._kept:
            self._backups.forget(self._kept)

    def prune(self) -> Path | None:
        """Take away the backups that are too many or too old; returns one that may be written over instead."""
        if not self._backups:
            return None
        return self._backups.prune(self._moment.date(), but=self._kept)

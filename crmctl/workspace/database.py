"""`db`: the data file itself: is it whole, how large, copied aside, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import NotFound, StoreDamaged
from crmctl.storage.store import FileStore
from crmctl.workspace.workspace import Settings, database_path, locate, store_at

if TYPE_CHECKING:
    from crmctl.storage.stats import Stats


class Database(msgspec.Struct, frozen=True):
    """The data file of a workspace, whose configuration may be invalid: what `db` needs is its place."""

    path: Path
    folder: Path
    settings: Settings

    @property
    def store(self) -> FileStore:
        """The store in the file."""
        return store_at(self.path, self.folder, self.settings)


def find_database(settings: Settings) -> Database:
    """Return the data file the settings mean, without asking whether the configuration is valid.

    Raises NotConfigured, NotFound.
    """
    folder = locate(settings)
    return Database(database_path(folder, settings.database or _configured(folder)), folder, settings)


def _configured(folder: Path) -> str:
    """Return the database's name as the configuration has it, valid or not."""
    from crmctl.config.fallback import database_name

    return database_name(folder)


def check_database(database: Database) -> list[str]:
    """Return what is wrong with the file, nothing for a good one. Raises NotFound, StoreUnreadable."""
    from crmctl.storage.check import check_data

    return check_data(database.store.data())


def damaged(database: Database, problems: list[str]) -> StoreDamaged:
    """Return the error of a file with problems, with the backup to go back to."""
    told = [{"message": problem} for problem in problems]
    try:
        database.store.load()
    except StoreDamaged as error:
        more = [each for each in told if not error.message.endswith(f": {each['message']}")]
        return StoreDamaged(error.message, details=[*more, *error.details], hint=error.hint)
    return StoreDamaged(f"{database.path} is damaged", details=told, hint="crmctl db restore")


def accept_edit(database: Database) -> bool:
    """Take the file as it was edited by hand; tells whether there was anything to take. Raises StoreDamaged."""
    from crmctl.storage.accept import accept

    return accept(database.store)


def back_up(database: Database, target: str) -> int:
    """Copy the present state to a new file and return its generation. Raises Refused."""
    from crmctl.storage.restore import back_up as copy

    return copy(database.store, Path(target))


def restore(database: Database, source: str) -> int:
    """Make a backup the present state and return the new generation; the newest good one where none is named.

    Raises NotFound, StoreDamaged.
    """
    from crmctl.storage.restore import restore as bring_back

    if source:
        return bring_back(database.store, Path(source))
    backups = database.store.backups
    good = backups.newest_good(but=_good_generation(database.store)) if backups else None
    if good is None:
        raise NotFound(f"there is no good backup of {database.path}")
    return bring_back(database.store, good.path)


def _good_generation(store: FileStore) -> int | None:
    """Return the generation of the present file, or nothing where it is damaged or lost."""
    try:
        return store.read().generation
    except (NotFound, StoreDamaged):
        return None


def stats(database: Database) -> Stats:
    """Return size, generation, records by table and the backups. Raises NotFound, StoreDamaged."""
    from crmctl.storage.stats import stats as measure

    return measure(database.store)


def warnings(database: Database) -> list[str]:
    """Return what is risky about where the file is: who can read it, and over what network."""
    from crmctl.storage.place import warnings as look

    return look(database.path)

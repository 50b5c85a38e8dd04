"""Opening a workspace: where it is, what it says, who acts, and where its records are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crmctl import clock, dates
from crmctl.config.files import PRIVATE_FOLDER, WORKSPACE_FILE, find_workspace
from crmctl.config.load import load
from crmctl.errors import BadValue, NotConfigured, Refused, WrongUse
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions
from crmctl.model.finding import Finding, Severity
from crmctl.model.letter import Sender
from crmctl.rules.context import Context
from crmctl.storage.interface import Reader, Store, Writer
from crmctl.storage.open import open_store
from crmctl.storage.store import FileStore
from crmctl.text import plural
from crmctl.workspace.lookups import StoreLookups

if TYPE_CHECKING:
    from crmctl.query.bound import Bound, Filter
    from crmctl.workspace.hooks.hooked import Hooks


WITHIN = "CRMCTL_HOOK"
"""The environment variable that tells a program which crmctl started what it was started as."""


def _unheard(_text: str) -> None:
    """Tell nobody."""


class Settings(msgspec.Struct, frozen=True):
    """What options and the environment say, before anything is opened.

    `hooks` says whether any are run; `looking_on`, that this is called by before-change, which changes nothing.
    """

    folder: str = ""
    database: str = ""
    user: str = ""
    now: str = ""
    as_of: str = ""
    lock_timeout: float = 60
    on_wait: Callable[[str], None] | None = None
    on_commit: Callable[[], None] | None = None
    on_progress: Callable[[int, int, str], None] | None = None
    on_note: Callable[[str], None] = _unheard
    on_warning: Callable[[str], None] = _unheard
    hooks: bool = True
    looking_on: bool = False

    def check_may_write(self) -> None:
        """Raise Refused where before-change calls: what it is shown must be what is there when it agreed."""
        if self.looking_on:
            raise Refused("before-change looks at a change and makes none", hint="after-change may")


class Workspace(msgspec.Struct, frozen=True, dict=True):
    """A workspace whose configuration is in order. The store is opened at its first use.

    `memory` takes the place of the database, which is then never looked at. `unlimited` leaves aside who may do what
    at which stage.
    """

    folder: Path
    configuration: Configuration
    settings: Settings
    now: datetime
    memory: Store | None = None
    unlimited: bool = False

    @property
    def by(self) -> str:
        """Who acts: `--user`, `CRMCTL_USER` or the account, by the configuration's id where it knows them."""
        name = self.settings.user or account()
        return self.configuration.known_user(name) or name

    @property
    def sender(self) -> Sender | None:
        """Whom letters of the acting user are from, where the configuration knows an address of theirs."""
        user = next((each for each in self.configuration.users if each.id == self.by), None)
        return Sender(user.email, user.name) if user and user.email else None

    @property
    def conventions(self) -> Conventions:
        """How text typed here is read."""
        found = self.configuration
        return Conventions(self.now, found.timezone, found.currency, found.phone_region, self.by)

    @property
    def database(self) -> Path:
        """The database's file."""
        return database_path(self.folder, self.settings.database or self.configuration.database)

    @cached_property
    def store(self) -> Store:
        """The store, found but not read yet."""
        return self.memory or store_at(self.database, self.folder, self.settings)

    @cached_property
    def hooks(self) -> Hooks | None:
        """The hooks that changes set off; nothing without a folder of them, and looking for that is all it costs."""
        if self.memory or not self.settings.hooks:
            return None
        # Not by pathlib, which raises where somebody may not look into what is above it.
        if not os.path.isdir(self.folder / PRIVATE_FOLDER / "hooks"):  # noqa: PTH112
            return None
        from crmctl.workspace.hooks.hooked import Hooks

        return Hooks(self)

    def read(self) -> Reader:
        """Return what who acts may see of the present state of the store, or of the one `--as-of` means.

        A test of the process sees everything.
        """
        found = self.whole()
        context = self.context(found)
        if self.memory or not context.limits:
            return found
        from crmctl.workspace.visible import VisibleReader

        return VisibleReader(found, context)

    def whole(self) -> Reader:
        """Return the same state with all that is in it, for what must know everything."""
        present = self.store.read()
        if not self.settings.as_of:
            return present
        from crmctl.workspace.past import PastReader

        return PastReader(present, dates.stored_moment(self.now))

    def present(self) -> Reader:
        """Return all that who acts may see now, what is in the trash included, whatever moment `--as-of` means."""
        now = msgspec.structs.replace(self, settings=msgspec.structs.replace(self.settings, as_of=""))
        vars(now)["store"] = self.store
        return now.read()

    @contextmanager
    def state(self, *, dry_run: bool = False) -> Iterator[Writer]:
        """Open the present state to be changed, under the lock; on a dry run without it, and nothing is written."""
        if dry_run:
            yield self.store.draft()
            return
        self.settings.check_may_write()
        with self.store.write() as writer:
            yield writer

    @contextmanager
    def committed(self, *, dry_run: bool = False) -> Iterator[Writer]:
        """Open the state in the same way; what was done to it is committed at the end, but for a dry run."""
        with self.state(dry_run=dry_run) as writer:
            yield writer
            if not dry_run:
                writer.commit()

    def filter(self, bound: Bound | None, reader: Reader) -> Filter | None:
        """Return what a scan of a state is narrowed by where an expression is given."""
        if bound is None:
            return None
        from crmctl.query.bound import Filter

        return Filter(bound, StoreLookups(reader, self.configuration, self.present))

    def context(self, reader: Reader) -> Context:
        """Return the setting in which rules decide on a state of the store."""
        return Context(
            self.configuration,
            self.conventions,
            self.by,
            dates.stored_moment(self.now),
            StoreLookups(reader, self.configuration, self.store.read),
            self.unlimited,
        )


def open_workspace(settings: Settings, *, lenient: bool = False) -> Workspace:
    """Find and open the workspace. Raises NotConfigured where there is none or it is invalid.

    `lenient` makes do with the configuration as it last was: for looking back, undoing and exporting.
    """
    folder = locate(settings)
    loaded = load(folder)
    found = loaded.configuration
    if found is None and lenient:
        from crmctl.config.fallback import last_known

        found = last_known(folder)
    if found is None:
        raise invalid(folder, [each for each in loaded.findings if each.severity is Severity.ERROR])
    return Workspace(folder, found, settings, moment_meant(settings, found.timezone))


def moment_meant(settings: Settings, zone: str) -> datetime:
    """Return the moment that is the present for this call: under `--as-of` the end of the time it names."""
    now = clock.now()
    if settings.now:
        try:
            now = dates.read_moment(settings.now, now, zone)
        except BadValue as error:
            raise WrongUse(f'--now "{settings.now}": {error.reason}', hint=error.hint) from None
    if settings.as_of:
        try:
            end = dates.read_span(settings.as_of, now, zone).end - timedelta(seconds=1)
        except BadValue as error:
            raise WrongUse(f'--as-of "{settings.as_of}": {error.reason}', hint=error.hint) from None
        now = min(now, end)
    return now


def locate(settings: Settings) -> Path:
    """Return the workspace's folder: the one named, or the nearest above. Raises NotConfigured."""
    if settings.folder:
        folder = Path(settings.folder)
        if (folder / WORKSPACE_FILE).is_file():
            return folder
        raise NotConfigured(f"no crmctl.yaml in {folder}", hint=f"crmctl init {folder}")
    found = find_workspace(_here())
    if found is None:
        raise NotConfigured(
            "no crmctl.yaml in this folder or above it",
            hint="crmctl init starts a workspace here, -C DIR names one",
        )
    return found


def _here() -> Path:
    """Return the present folder. Raises NotConfigured for one that was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise NotConfigured(
            "the present folder was removed", hint="go to another one, or name a workspace with -C DIR"
        ) from None


def invalid(folder: Path, errors: Sequence[Finding]) -> NotConfigured:
    """Return the error of a workspace whose configuration has faults, the first few named."""
    details = [{"message": f"{each.place}: {each.message}", "rule": each.rule} for each in errors[:5]]
    return NotConfigured(
        f"the configuration in {folder} has {plural(len(errors), 'error')}",
        details=details,
        hint="crmctl validate shows them all",
    )


def database_path(folder: Path, name: str) -> Path:
    """Return the file a database's name means. Raises WrongUse for a URL no store is there for."""
    scheme, divider, _ = name.partition("://")
    if divider:
        raise WrongUse(f"no store for {scheme}:// databases", hint="name a TinyDB file, such as crm.json")
    return folder / name


def store_at(path: Path, folder: Path, settings: Settings) -> FileStore:
    """Return the store in a data file, with the backups that lie in the workspace's folder; nothing is read."""
    store = open_store(
        path, backups=backups_of(folder, path), timeout=settings.lock_timeout, on_wait=settings.on_wait
    )
    if settings.on_commit:
        store.on_commit = settings.on_commit
    return store


def backups_of(folder: Path, database: Path) -> Path:
    """Return where a workspace keeps the backups of a data file, those of one in another folder apart.

    Two files of one name would otherwise push out each other's backups, and be restored from them.
    """
    kept = folder / PRIVATE_FOLDER / "backups"
    if database.parent == folder:
        return kept
    way = Path(os.path.relpath(os.path.realpath(database.parent), os.path.realpath(folder)))
    return kept.joinpath(*("%up" if part == os.pardir else part for part in way.parts))


def account() -> str:
    """Return the name of the account crmctl runs under."""
    for name in ("LOGNAME", "USER", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"

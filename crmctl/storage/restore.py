"""Going back to a backup, and making one by hand. Both copy: what two names share could change under one."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from crmctl.clock import now
from crmctl.errors import NotFound, Refused, StoreDamaged
from crmctl.storage.backups import DAMAGED, Backups
from crmctl.storage.durable import Replacement, clear_left_over
from crmctl.storage.ids import PREFIXES, Ids
from crmctl.storage.lines import DataFile
from crmctl.storage.meta import Damage, Meta, read_meta
from crmctl.storage.parsing import parse
from crmctl.storage.store import FileStore
from crmctl.storage.trouble import unreadable

_ID = re.compile(rf'"id": ?"([{"".join(PREFIXES)}]-[1-9]\d{{0,17}})"'.encode())


def restore(store: FileStore, source: Path) -> int:
    """Make a backup the present state, as a generation after all others; returns its number.

    No id given out since is given again, as far as the present file or any backup tells. The present file
    stays among the backups, a damaged one too. Raises StoreDamaged for a source that is damaged.
    """
    file = _verified(source)
    if store.target.exists() or not (store.backups and store.backups.all()):
        store.be_there()
    with store.hold():
        # By now another may have brought it back, and more may have been done.
        lost = not store.target.exists()
        data = b"" if lost else store.data()
        generation = go_on_from(store, data, file)
        store.replace(file.render(generation), superseded=None if lost else _put_aside(store, data))
        return generation


def back_up(store: FileStore, path: Path) -> int:
    """Copy the present state to a new file; returns its generation. Raises Refused where there is one."""
    file = store.load()
    if os.path.lexists(path):
        raise Refused(f"{path} is there already", hint="name a new file")
    clear_left_over(path.parent, re.escape(path.name), store.files)
    Replacement(path, store.files, like=store.target).write(file.render(file.meta.generation))
    return file.meta.generation


def go_on_from(store: FileStore, present: bytes, file: DataFile) -> int:
    """Move a state's counters beyond those of the present bytes and all backups; returns the generation."""
    generation = file.meta.generation
    for meta in _known_metas(store, present, file):
        file.ids.never_below(meta.ids())
        generation = max(generation, meta.generation)
    return generation + 1


def _known_metas(store: FileStore, present: bytes, file: DataFile) -> Iterator[Meta]:
    try:
        yield read_meta(present)[0]
    except Damage:
        # All that is left to go by are the ids that can still be made out.
        file.ids.never_below(Ids.beyond(match[1].decode() for match in _ID.finditer(present)))
    if store.backups:
        yield from store.backups.metas()


def _verified(source: Path) -> DataFile:
    try:
        data = source.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"there is no backup {source}", hint="crmctl db stats") from error
    except OSError as error:
        raise unreadable(source, error) from error
    try:
        return parse(data)
    except Damage as fault:
        raise StoreDamaged(f"{source} is damaged, too: {fault.message}", hint="crmctl db stats") from fault


def _put_aside(store: FileStore, data: bytes) -> int:
    """Return under what the present file is to be kept; a damaged one is, even where no backups are."""
    try:
        return parse(data).meta.generation
    except Damage:
        if not store.backups:
            Backups(store.target.parent, store.target.name, store.files).keep(store.target, DAMAGED, now())
        return DAMAGED

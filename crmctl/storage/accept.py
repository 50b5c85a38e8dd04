"""Taking a data file that was edited by hand for good, after somebody looked it over."""

from collections.abc import Iterable

import msgspec

from crmctl.errors import StoreDamaged
from crmctl.storage.backups import DAMAGED
from crmctl.storage.check import faults, known_ids
from crmctl.storage.damage import Tables, damaged, read_tables
from crmctl.storage.ids import Ids
from crmctl.storage.lines import TABLES, DataFile, empty
from crmctl.storage.meta import Damage, Meta
from crmctl.storage.parsing import parse
from crmctl.storage.restore import go_on_from
from crmctl.storage.store import FileStore


def accept(store: FileStore) -> bool:
    """Write meta anew for a file that is whole but not as it was written; tells whether one was.

    Counters go beyond every id in it. What cannot be read, or what no store would have written, is left as it
    is and raises StoreDamaged. The file as it was edited stays among the backups.
    """
    store.be_there()
    with store.hold():
        data = store.data()
        fault = _fault(data)
        if not fault:
            return False
        try:
            tables = read_tables(data)
        except Damage:
            raise damaged(store.path, data, fault, store.backups) from fault
        _be_sound(store, faults(tables))
        file = _filed(tables)
        generation = go_on_from(store, data, file)
        store.replace(file.render(generation), superseded=DAMAGED)
        return True


def _fault(data: bytes) -> Damage | None:
    try:
        parse(data)
    except Damage as fault:
        return fault
    return None


def _be_sound(store: FileStore, found: list[str]) -> None:
    if found:
        raise StoreDamaged(
            f"{store.path} cannot be accepted: {found[0]}",
            hint="mend this, then crmctl db check --accept",
            details=[{"message": fault} for fault in found[1:]],
        )


def _filed(tables: Tables) -> DataFile:
    """Return the tables as a state, with every id in them given out."""
    file = empty()
    for name in (*TABLES, *tables):
        for number, document in tables.get(name, {}).items() if name != "meta" else ():
            file.put(name, int(number), document)
    for meta in _metas(tables.get("meta", {}).values()):
        file.ids.never_below(meta.ids())
    file.ids.never_below(Ids.beyond(known_ids(tables)))
    return file


def _metas(documents: Iterable[object]) -> list[Meta]:
    try:
        return [msgspec.convert(document, Meta) for document in documents]
    except msgspec.ValidationError:
        return []

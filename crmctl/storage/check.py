"""Checking a whole data file: that it is what was written, and that its parts agree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from crmctl.model.change import Entry, Run
from crmctl.model.records import RecordType, read_id, type_of
from crmctl.storage.damage import Tables, read_tables
from crmctl.storage.ids import PREFIXES, Ids
from crmctl.storage.lines import DataFile
from crmctl.storage.meta import Damage
from crmctl.storage.parsing import parse
from crmctl.storage.store import FileStore

_ID = re.compile(rf"[{''.join(PREFIXES)}]-[1-9]\d{{0,17}}", re.ASCII)
_RECORD_TABLES = {kind.table: kind for kind in RecordType}


def check(path: Path) -> list[str]:
    """Return what is wrong with a data file; nothing for a good one. Raises NotFound, StoreUnreadable."""
    return check_data(FileStore(path).data())


def check_data(data: bytes) -> list[str]:
    """Return what is wrong with the bytes of a data file, decoding all of them."""
    problems, file = [], None
    try:
        file = parse(data)
    except Damage as fault:
        problems.append(fault.message)
    try:
        tables = read_tables(data)
    except Damage as fault:
        return [fault.message]
    problems.extend(faults(tables))
    if file and not problems:
        problems.extend(_disagreements(file, tables))
    return problems


def faults(tables: Tables) -> list[str]:
    """Return what in the tables no store would have written."""
    return [
        *_misnamed(tables),
        *(fault for name in _RECORD_TABLES for fault in _record_faults(name, tables.get(name, {}))),
        *_record_faults("trash", tables.get("trash", {})),
        *_twice(tables),
        *_typed(tables.get("history", {}), "history", Entry),
        *_typed(tables.get("runs", {}), "runs", Run),
    ]


def _misnamed(tables: Tables) -> Iterator[str]:
    for name in tables:
        try:
            name.encode()
        except UnicodeEncodeError:
            yield f"its table {name!a} has half of a character in its name"


def known_ids(tables: Tables) -> Iterator[str]:
    """Yield the ids of all records, runs and lines of history, purged records' included."""
    for name in (*_RECORD_TABLES, "trash", "runs", "history"):
        yield from (document["id"] for document in tables.get(name, {}).values())


def _record_faults(table: str, documents: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for number, document in documents.items():
        where = f'line "{number}" of {table}'
        record_id = document.get("id")
        if not isinstance(record_id, str) or read_id(record_id) != record_id:
            yield f"{where} has no id"
        elif document.get("record") != type_of(record_id).value:
            yield f"{where} has the id {record_id} and is no {type_of(record_id).value}"
        elif table != "trash" and f"{_RECORD_TABLES[table].prefix}-{number}" != record_id:
            yield f"{where} has the id {record_id}"
        for name, value in document.items():
            if not _storable(value):
                yield f'{where} has a field "{name}" that is no text, number, yes or no, or list of texts'


def _storable(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int | float | bool)


def _twice(tables: Tables) -> Iterator[str]:
    trashed = [document.get("id") for document in tables.get("trash", {}).values()]
    live = {document.get("id") for name in _RECORD_TABLES for document in tables.get(name, {}).values()}
    seen: set[object] = set()
    for record_id in trashed:
        if record_id in live or record_id in seen:
            yield f"{record_id} is there twice"
        seen.add(record_id)


def _typed(documents: Mapping[str, Any], table: str, kind: type[Entry] | type[Run]) -> Iterator[str]:
    for number, document in documents.items():
        try:
            found = msgspec.convert(document, kind)
        except msgspec.ValidationError as error:
            yield f'line "{number}" of {table} is not readable: {error}'
        else:
            if not _ID.fullmatch(found.id):
                yield f'line "{number}" of {table} has no id'


def _disagreements(file: DataFile, tables: Tables) -> Iterator[str]:
    for name, count in file.meta.counts.items():
        found = len(tables.get(name, {}))
        if found != count:
            yield f"{name} has {found} lines and should have {count}"
    yield from _not_given(file.ids, known_ids(tables))
    generations = [document["gen"] for document in tables.get("history", {}).values()]
    if generations != sorted(generations):
        yield "history is not in the order of recording"
    if generations and generations[-1] > file.meta.generation:
        yield f"history is beyond generation {file.meta.generation}"


def _not_given(ids: Ids, present: Iterable[str]) -> Iterator[str]:
    for record_id in sorted(set(present)):
        if not ids.was_given(record_id):
            yield f"{record_id} is there, but its number would be given again"

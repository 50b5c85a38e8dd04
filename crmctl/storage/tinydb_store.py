"""The data file as a TinyDB: its interface for documents, at the price of the lines it names.

Stock TinyDB decodes every table for each read and encodes every table for each write. Here the storage hands
out tables that look up single lines, and a table stages the lines it changed; a commit writes all at once.
"""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from crmctl.storage.lines import DataFile

_META = "meta"


class LineStorage(Storage):
    """Gives TinyDB the state that was read and verified, and takes its changes."""

    def __init__(self, file: DataFile) -> None:
        self.file = file

    def read(self) -> dict[str, Any]:
        """Return the tables, each a mapping that decodes only what is asked of it."""
        meta = {"1": msgspec.to_builtins(self.file.meta)}
        return {_META: meta} | {name: Lines(self.file, name) for name in self.file.tables()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the tables these, and drop others; `meta` is the file's own."""
        wanted = {name: dict(data.get(name, {})) for name in {*data, *self.file.tables()} - {_META}}
        for name, documents in wanted.items():
            edits = _Edits(self.file, name)
            for number in edits.keys() - {int(key) for key in documents}:
                del edits[number]
            edits.update((int(key), document) for key, document in documents.items())
            edits.stage()


class LineTable(Table):
    """A table whose changes are staged line by line, and which gives no number twice."""

    _given = 0

    def replace(self, number: int, document: Mapping[str, Any]) -> None:
        """Write a document whole under a number, new or not (`upsert` would keep fields it lacks)."""
        # Straight to the file: an import replaces a hundred thousand, and an updater is made to change what it reads.
        self._file.put(self.name, number, document)
        self.clear_cache()

    def extend(self, documents: Iterable[msgspec.Struct]) -> None:
        """Write documents that are new under the next numbers."""
        self._file.append(self.name, documents)
        self.clear_cache()

    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        if self.name == _META:
            return super()._read_table()
        return cast(dict[str, Mapping[Any, Any]], Lines(self._file, self.name))

    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        if self.name == _META:
            raise ValueError("meta is written by every commit and nobody else")
        edits = _Edits(self._file, self.name)
        updater(cast(dict[int, Mapping[Any, Any]], edits))
        edits.stage()
        self.clear_cache()

    def _get_next_id(self) -> int:
        self._given = max(self._given, self._file.last(self.name)) + 1
        return self._given

    @property
    def _file(self) -> DataFile:
        return cast(LineStorage, self._storage).file


class LineDatabase(TinyDB):
    """A TinyDB over a state of the data file."""

    table_class = LineTable
    default_storage_class = LineStorage  # type: ignore[assignment]


class Lines(Mapping[str, dict[str, Any]]):
    """A table as TinyDB reads it: documents by their number in text."""

    def __init__(self, file: DataFile, table: str) -> None:
        self._file = file
        self._table = table

    def __getitem__(self, key: str) -> dict[str, Any]:
        found = self._file.encoded(self._table, int(key))
        if found is None:
            raise KeyError(key)
        return cast(dict[str, Any], msgspec.json.decode(found))

    def __len__(self) -> int:
        return self._file.count(self._table)

    def __iter__(self) -> Iterator[str]:
        return (str(number) for number, _ in self._file.documents(self._table))

    def items(self) -> ItemsView[str, dict[str, Any]]:
        """Return the documents, decoded many at a time."""
        return _Items(self)

    def pairs(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield number and document."""
        return ((str(number), document) for number, document in self._file.documents(self._table))


class _Items(ItemsView[str, dict[str, Any]]):
    def __init__(self, lines: Lines) -> None:
        super().__init__(lines)
        self._lines = lines

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return self._lines.pairs()


class _Edits(MutableMapping[int, dict[str, Any]]):
    """A table as TinyDB's updaters change it, also by changing what they take; staged when they are done."""

    def __init__(self, file: DataFile, table: str) -> None:
        self._file = file
        self._table = table
        self._changed: dict[int, dict[str, Any] | None] = {}

    def __getitem__(self, number: int) -> dict[str, Any]:
        if number not in self._changed:
            self._changed[number] = Lines(self._file, self._table)[str(number)]
        found = self._changed[number]
        if found is None:
            raise KeyError(number)
        return found

    def __setitem__(self, number: int, document: dict[str, Any]) -> None:
        self._changed[number] = document

    def __delitem__(self, number: int) -> None:
        if number not in self:
            raise KeyError(number)
        self._changed[number] = None

    def __contains__(self, number: object) -> bool:
        if number in self._changed:
            return self._changed[number] is not None
        return self._file.has(self._table, cast(int, number))

    def __iter__(self) -> Iterator[int]:
        kept = [number for number, _ in self._file.documents(self._table) if number not in self._changed]
        return iter(kept + [number for number, document in self._changed.items() if document is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def stage(self) -> None:
        """Hand the changes to the file."""
        for number, document in self._changed.items():
            if document is None:
                self._file.remove(self._table, number)
            else:
                self._file.put(self._table, number, document)

    def clear(self) -> None:
        """Take every document out."""
        self._changed = dict.fromkeys(self)

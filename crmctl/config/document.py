"""A YAML file as it was read: plain data, the places of keys and values, the comments that silence rules."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from crmctl.model.finding import Finding, Severity

Json = Any
"""What YAML holds here: mappings with text keys, lists, text, numbers, true, false and null."""
Keys = tuple[str | int, ...]
"""The way to a value from the top of its file: keys of mappings and positions in lists."""


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    line: int
    column: int


class Ignore(msgspec.Struct, frozen=True):
    """A rule that a `# crmctl: ignore[...]` comment silences on its line."""

    rule: str
    mark: Mark


class Document(msgspec.Struct, frozen=True):
    """A file's data with its places; `path` is how messages name it.

    `data` is None where the file could not be read far enough to have any; `digest` is of its bytes.
    """

    path: str
    digest: str = ""
    data: Json = None
    key_marks: dict[Keys, Mark] = {}
    value_marks: dict[Keys, Mark] = {}
    findings: tuple[Finding, ...] = ()
    ignores: tuple[Ignore, ...] = ()

    @property
    def top(self) -> "Node":
        """The whole of the data."""
        return Node(self, (), self.data)

    def mark(self, keys: Keys, *, at_key: bool = False) -> Mark:
        """Return the place of a value, or of its key where it has one."""
        if at_key and keys in self.key_marks:
            return self.key_marks[keys]
        return self.value_marks.get(keys, Mark(1, 1))


class Node(msgspec.Struct, frozen=True):
    """A value inside a document, with the way to it."""

    document: Document
    keys: Keys
    value: Json

    def get(self, key: str) -> "Node | None":
        """Return what stands under a key of a mapping, or nothing."""
        if isinstance(self.value, dict) and key in self.value:
            return Node(self.document, (*self.keys, key), self.value[key])
        return None

    def text(self, key: str) -> str:
        """Return the text under a key, empty where there is none."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else ""

    def each(self, key: str) -> "Iterator[Node]":
        """Yield the entries of the list under a key."""
        found = self.get(key)
        if found is not None:
            yield from found.items()

    def items(self) -> "Iterator[Node]":
        """Yield the entries of a list."""
        if isinstance(self.value, list):
            for at, value in enumerate(self.value):
                yield Node(self.document, (*self.keys, at), value)

    def pairs(self, key: str) -> "Iterator[tuple[str, Node]]":
        """Yield the keys and values of the mapping under a key."""
        found = self.get(key)
        if found is not None and isinstance(found.value, dict):
            for name, value in found.value.items():
                yield name, Node(self.document, (*found.keys, name), value)

    def named(self, key: str) -> "Node":
        """Return the name in an entry that is a name, or a mapping with the name under `key`."""
        return self if isinstance(self.value, str) else self.get(key) or self

    def key(self) -> "Node":
        """Return the value's key as a value at the same place."""
        return Node(self.document, self.keys, self.keys[-1])

    def line(self, *, at_key: bool = False) -> int:
        """Return the line it stands on."""
        return self.document.mark(self.keys, at_key=at_key).line

    def place(self) -> str:
        """Return `path:line`, as refusals name a requirement."""
        return f"{self.document.path}:{self.line()}"


class Fault(NamedTuple):
    """What a rule has against a value; `at_key` points at the value's key instead."""

    node: Node
    message: str
    hint: str = ""
    at_key: bool = False

    def finding(self, rule: str, severity: Severity) -> Finding:
        """Return the finding at the node's place."""
        mark = self.node.document.mark(self.node.keys, at_key=self.at_key)
        return Finding(self.node.document.path, *mark, rule, severity, self.message, self.hint)

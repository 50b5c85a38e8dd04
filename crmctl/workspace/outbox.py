"""Letters that stages asked for: they wait in the store until `mail --outbox` writes and sends them.

The document is `{"letters": [{"gen", "at", "by", "record", "template"}, ...]}`, oldest first. A letter is written when
it goes out, from the record as it is then. What was undone, or written to files, stays for a while, so that an undo of
that finds it.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from crmctl.model.keys import outbox_key
from crmctl.storage.interface import Reader, Writer

DOCUMENT = "outbox"
MOST_KEPT = 100
"""Commits whose letters are kept though they wait no more: an undo of what lies further back brings none back."""


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter that a stage asked for in a commit; `taken` is the commit that wrote it to a file or dropped it."""

    gen: int
    at: str
    by: str
    record: str
    template: str
    undone: bool = False
    taken: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is still to go out."""
        return not self.undone and self.taken <= 0

    @property
    def ended(self) -> int:
        """The commit that it waits no more with: the one that took it, else the one that asked for it."""
        return abs(self.taken) or self.gen

    @property
    def key(self) -> str:
        """What it is known by. One template asked for twice before it went out makes one letter."""
        return outbox_key(self.gen, self.record, self.template)


def waiting(reader: Reader) -> list[Waiting]:
    """Return the letters that wait, oldest first; of those of one record and template the first.

    Those about deleted records wait for the records to come back.
    """
    found: dict[tuple[str, str], Waiting] = {}
    for each in kept(reader):
        if each.waits and reader.get(each.record):
            found.setdefault((each.record, each.template), each)
    return list(found.values())


def put(writer: Writer, letters: Sequence[Waiting]) -> None:
    """Let letters wait."""
    _write(writer, [*kept(writer), *letters])


def take_out(writer: Writer, gone: Collection[str], taken: int = 0) -> None:
    """Let letters, by key, wait no more, with those of the same record and template.

    Without a commit that has them they are gone for good.
    """
    letters = kept(writer)
    pairs = {(each.record, each.template) for each in letters if each.key in gone}
    ends = [each.waits and (each.record, each.template) in pairs for each in letters]
    if taken:
        left = [
            msgspec.structs.replace(each, taken=taken) if end else each
            for each, end in zip(letters, ends, strict=True)
        ]
    else:
        left = [each for each, end in zip(letters, ends, strict=True) if not end]
    if left != letters:
        _write(writer, left)


def take_back(writer: Writer, generation: int, *, undone: bool) -> None:
    """Let what a commit asked for wait no longer, or again; and what it took out wait again, or no longer."""
    letters = kept(writer)
    changed = [_taken_back(each, generation, undone=undone) for each in letters]
    if changed != letters:
        _write(writer, changed)


def _taken_back(each: Waiting, generation: int, *, undone: bool) -> Waiting:
    if each.gen == generation:
        return msgspec.structs.replace(each, undone=undone)
    if abs(each.taken) == generation:
        # Less than nothing, the commit is still known to an undo of the undo.
        return msgspec.structs.replace(each, taken=-generation if undone else generation)
    return each


def kept(reader: Reader) -> list[Waiting]:
    """Return all that is kept, oldest first."""
    document = reader.document(DOCUMENT) or {}
    return msgspec.convert(document.get("letters", []), list[Waiting])


def _write(writer: Writer, letters: Sequence[Waiting]) -> None:
    # Whole commits go: an undo brings back all letters of one, or none.
    over = frozenset(sorted({each.ended for each in letters if not each.waits})[:-MOST_KEPT])
    left = [each for each in letters if each.waits or each.ended not in over]
    document: dict[str, Any] = msgspec.to_builtins({"letters": left})
    writer.put_document(DOCUMENT, document)

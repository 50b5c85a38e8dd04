"""Whose turn it is in groups that share work out, kept in the store so that every command goes on where one stopped.

The document is `{"groups": {"anna,oleg": [{"gen", "to", "undone"}, ...]}}`: who had the last turn of a commit, the
latest last. One that was undone is passed over, so that its turns are given again.
"""

from typing import Any

import msgspec

from crmctl.rules.assign import Turns
from crmctl.storage.interface import Reader, Writer

DOCUMENT = "turns"
MOST_KEPT = 20
"""Turns that are kept of a group: an undo of what lies further back leaves the order as it is."""


class _Turn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who of a group was the last to be given a record in a commit."""

    gen: int
    to: str
    undone: bool = False


_Groups = dict[str, list[_Turn]]


def last_turns(reader: Reader) -> Turns:
    """Return who had the last turn of each group."""
    standing = {
        group: [each.to for each in turns if not each.undone] for group, turns in _kept(reader).items()
    }
    return Turns({group: names[-1] for group, names in standing.items() if names})


def keep_turns(writer: Writer, turns: Turns, generation: int) -> None:
    """Write who of each group had the last turn of a commit."""
    if turns.taken:
        kept = _kept(writer)
        for group in turns.taken:
            kept[group] = [*kept.get(group, ()), _Turn(generation, turns.last[group])][-MOST_KEPT:]
        _write(writer, kept)


def take_back(writer: Writer, generation: int, *, undone: bool) -> None:
    """Let the turns of a commit count no longer, or again."""
    kept = _kept(writer)
    if any(each.gen == generation for turns in kept.values() for each in turns):
        _write(
            writer,
            {
                group: [
                    msgspec.structs.replace(each, undone=undone) if each.gen == generation else each
                    for each in turns
                ]
                for group, turns in kept.items()
            },
        )


def _kept(reader: Reader) -> _Groups:
    document = reader.document(DOCUMENT) or {}
    return msgspec.convert(document.get("groups", {}), _Groups)


def _write(writer: Writer, groups: _Groups) -> None:
    document: dict[str, Any] = msgspec.to_builtins({"groups": groups})
    writer.put_document(DOCUMENT, document)

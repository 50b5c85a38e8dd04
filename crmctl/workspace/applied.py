"""The configurations that the data was applied to: their footprints, kept in the store beside the records.

Nothing reads them but `plan`, `apply`, the undo of what `apply` did, and `status`. The document is
`{"footprints": [{"run", "undone", "footprint"}, ...]}`, oldest first; the last that is not undone holds. A
database without it is of an older crmctl: then nothing is known of what its records were stored under.
"""

from typing import Any

import msgspec

from crmctl.model.configuration import Configuration
from crmctl.model.footprint import Footprint, footprint_of
from crmctl.rules.difference import differences
from crmctl.storage.interface import Reader, Writer

DOCUMENT = "applied"
MOST_KEPT = 20
"""Footprints that are kept, of the latest runs; the one that holds is kept besides, however old it is."""


class _Applied(msgspec.Struct, frozen=True, omit_defaults=True):
    """A footprint, and the run of `apply` that brought it; none for what `init` wrote or what changed no record."""

    footprint: Footprint
    run: str = ""
    undone: bool = False


def first_document(configuration: Configuration) -> dict[str, Any]:
    """Return the document of a database that is made for a configuration."""
    return _document([_Applied(footprint_of(configuration))])


def last_applied(reader: Reader) -> Footprint | None:
    """Return the footprint that the data was last applied to, or nothing where none is known."""
    found = _holding(_kept(reader))
    return found.footprint if found else None


def is_applied(reader: Reader, configuration: Configuration) -> bool | None:
    """Tell whether a configuration is the one that was applied last; nothing where that is not known."""
    former = last_applied(reader)
    return None if former is None else not differences(former, footprint_of(configuration))


def every_applied(reader: Reader) -> list[Footprint]:
    """Return every footprint that is kept."""
    return [each.footprint for each in _kept(reader)]


def keep_applied(writer: Writer, configuration: Configuration, run: str) -> None:
    """Let a configuration be the one that the data was last applied to; `run` is what migrated the records."""
    former = _kept(writer)
    kept = [*former, _Applied(footprint_of(configuration), run)][-MOST_KEPT:]
    # Where the new one is undone, the one that holds now must be there to hold again.
    holding = _holding(former)
    if holding and holding not in kept:
        kept.insert(0, holding)
    writer.put_document(DOCUMENT, _document(kept))


def take_back(writer: Writer, generation: int, *, undone: bool) -> None:
    """Let the former footprint hold again where an apply is undone, and the later one where that undo is."""
    run = next((run.id for run in writer.runs() if run.gen == generation and run.op == "apply"), None)
    if run is None:
        return
    kept = [
        msgspec.structs.replace(each, undone=undone) if each.run == run else each for each in _kept(writer)
    ]
    writer.put_document(DOCUMENT, _document(kept))


def _holding(kept: list[_Applied]) -> _Applied | None:
    return next((each for each in reversed(kept) if not each.undone), None)


def _kept(reader: Reader) -> list[_Applied]:
    document = reader.document(DOCUMENT) or {}
    try:
        return msgspec.convert(document.get("footprints", []), list[_Applied])
    except msgspec.ValidationError:
        return []  # a hand edit: what cannot be read is not known, as in a database from before


def _document(kept: list[_Applied]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins({"footprints": kept})
    return found

"""Messages that were not taken, as JSON Lines that can be mended and taken again."""

import json
from collections.abc import Iterable, Mapping

import msgspec

from crmctl.importer.inbound import ADDED
from crmctl.whole_file import whole_file


class RejectedMessage(msgspec.Struct, frozen=True):
    """A message that was not taken: where it stands, and why not. `blacklisted` ones are nobody's fault."""

    file: str
    place: str
    reason: str
    original: Mapping[str, object]
    blacklisted: bool = False

    @property
    def label(self) -> str:
        """Where it stands: `night.jsonl: line 3`."""
        return f"{self.file}: {self.place}" if self.place else self.file


def write_rejected_messages(path: str, rejected: Iterable[RejectedMessage]) -> None:
    """Write a line each, the whole file or none of it, for its owner alone."""
    with whole_file(path) as file:
        for each in rejected:
            added = dict(zip(ADDED, (each.file, each.place, each.reason), strict=True))
            file.write(_line({**each.original, **{name: value for name, value in added.items() if value}}))


def _line(document: Mapping[str, object]) -> bytes:
    try:
        return f"{json.dumps(document, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:
        # Halves of characters, for which it was rejected.
        return f"{json.dumps(document)}\n".encode()

"""What a data file says about itself in its first lines, checked by itself."""

import re
from functools import cache
from mmap import mmap
from typing import Any

import msgspec

from crmctl.errors import StoreDamaged, StoreUnreadable
from crmctl.storage.checksum import digest, matches
from crmctl.storage.ids import Ids, Range

FORMAT = 2
"""Files of format 1, which differ by their checksum alone, are read, too."""
HEAD = b'{\n"meta": {\n "1": '
_CHECK = b',"check":"%b"}'
_CHECKED = re.compile(rb'(.*),"check":"([0-9a-f]+)"}')
_encode = msgspec.json.Encoder().encode


class Damage(StoreDamaged):
    """The bytes are not what was written; the message says in what, whoever knows the file names it."""


class Meta(msgspec.Struct, frozen=True):
    """What the file says about itself."""

    format: int
    generation: int
    next: dict[str, int]
    skipped: dict[str, list[Range]]
    counts: dict[str, int]
    sizes: dict[str, int]
    checksum: str

    def ids(self) -> Ids:
        """Return the counters as they were."""
        return Ids(self.next, self.skipped)


class _Format(msgspec.Struct):
    format: int


def read_meta(data: bytes | mmap) -> tuple[Meta, int]:
    """Return what the first lines say, and where they end, for as many bytes as there are. Raises Damage."""
    end = data.find(b"\n", len(HEAD))
    if end < 0 or data[: len(HEAD)] != HEAD:
        raise Damage("it does not begin as crmctl writes it")
    line = _CHECKED.fullmatch(data[len(HEAD) : end])
    if line is None or not matches(line[2].decode(), [line[1]]):
        raise Damage("its first line does not match its checksum")
    covered = line[1] + b"}"
    try:
        if decoder(_Format).decode(covered).format > FORMAT:
            raise StoreUnreadable("the database is of a newer crmctl than this", hint="upgrade crmctl")
        return decoder(Meta).decode(covered), end + 1
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damage("its first line is none that crmctl writes") from error


def meta_line(meta: Meta) -> bytes:
    """Return the line of meta with the check over itself."""
    covered = _encode(meta)[:-1]
    return covered + _CHECK % digest([covered]).encode() + b"\n"


@cache
def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Return the decoder of a type, made once."""
    return msgspec.json.Decoder(kind)

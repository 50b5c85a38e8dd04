"""Messages as JSON Lines: an object a line, so that a broken line leaves the others alone. An array is taken, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import BadValue, Refused
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.inbound import ERROR, RAW, Inbound, inbound
from crmctl.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmctl.importer.source import Source
    from crmctl.model.field import Conventions

LONGEST_LINE = 1024 * 1024
"""Bytes that one line may have; a text of the most characters, all of them escaped, has fewer."""
_SPACE = " \t\r\n"
_UTF_8 = ("utf-8", "utf-8-sig")


def read(source: Source, conventions: Conventions) -> Iterator[Inbound]:
    """Yield the messages. Raises Refused for an array that is no JSON, and for UTF-16 that is none."""
    encoding = encoding_of(source.part(0, 4))
    if source.part(0, 64).decode(encoding, "ignore").lstrip(_SPACE).startswith("["):
        yield from _of_array(source, encoding, conventions)
        return
    for number, line in enumerate(_lines(source, encoding), 1):
        place = f"line {number}"
        if isinstance(line, Inbound):
            yield line
        elif line.strip(_SPACE):
            yield _of_line(place, line, conventions)


def _of_line(place: str, line: str, conventions: Conventions) -> Inbound:
    raw, again = line.strip(_SPACE), False
    try:
        found = decoded(raw)
        if isinstance(found, dict) and isinstance(found.get(RAW), str):
            # A line that was rejected for not being JSON, perhaps mended since.
            raw, again = str(found[RAW]), True
            found = decoded(raw)
        if not isinstance(found, dict):
            raise BadValue("not an object")
    except BadValue as error:
        return Inbound(place, {RAW: raw}, reason=error.reason, again=again)
    return msgspec.structs.replace(inbound(place, found, conventions), again=again or ERROR in found)


def _of_array(source: Source, encoding: str, conventions: Conventions) -> Iterator[Inbound]:
    try:
        elements = decoded(source.text(encoding).read())
    except UnicodeDecodeError:
        raise undecodable(source, encoding) from None
    except BadValue as error:
        raise Refused(f"{source.name}: {error.reason}", hint="write one object a line") from None
    for number, each in enumerate(elements if isinstance(elements, list) else [], 1):
        place = f"message {number}"
        if isinstance(each, dict):
            yield inbound(place, each, conventions)
        else:
            yield Inbound(place, {RAW: json.dumps(each, ensure_ascii=False)}, reason="not an object")


def _lines(source: Source, encoding: str) -> Iterator[str | Inbound]:
    """Yield every line, or for one that cannot be read why."""
    if encoding not in _UTF_8:
        try:
            yield from source.text(encoding)
        except UnicodeDecodeError:
            raise undecodable(source, encoding) from None
        return
    file = source.binary()
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            start = line[:1000].decode("utf-8", "replace")
            reason = f"is longer than {LONGEST_LINE:,} bytes"
            yield Inbound(f"line {number}", {RAW: start}, reason=reason)
            continue
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            byte = line[error.start]
            raw = line.decode("utf-8", "backslashreplace").strip(_SPACE)
            told = f"not UTF-8: byte 0x{byte:02x} at {error.start + 1}; convert the file: iconv -t UTF-8"
            yield Inbound(f"line {number}", {RAW: raw}, reason=told)


def decoded(text: str) -> object:
    """Return what a JSON text says, numbers as they are written. Raises BadValue."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadValue(
            f"not JSON: {error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
        ) from None
    except RecursionError:
        raise BadValue("nested too deeply") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadValue(f'"{visible(name[:60])}" stands twice in one object')
        found[name] = value
    return found


def _refused_constant(name: str) -> object:
    raise BadValue(f"{name} is not a number in JSON")


# Ids of messengers are whole numbers, and what counts of them is how they are written.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_refused_constant
)

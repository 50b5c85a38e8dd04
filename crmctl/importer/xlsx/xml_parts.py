"""XML of a workbook: streamed, without document types, so without entities of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from xml.parsers import expat

from crmctl.errors import Refused

if TYPE_CHECKING:
    from crmctl.importer.xlsx.archive import Archive

Attributes = dict[str, str]
Started = Callable[[str, Attributes], object]
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
TAGS = {
    f"{namespace} {tag}": tag
    for namespace in _NAMESPACES
    for tag in ("row", "c", "v", "f", "t", "si", "rPh", "mergeCell")
}
"""The elements of sheets and texts, by what the parser calls them, in both namespaces that there are."""
DEEPEST = 64
"""Elements within elements: sheets have a handful, and the parser keeps all that are open."""
_LONGEST_TAG = 4 * 1024 * 1024
"""Bytes of one tag or comment, which the parser holds as a whole, and attributes many times over."""


def new_parser(name: str) -> expat.XMLParserType:
    """Return a parser that names elements as `namespace local` and refuses a document type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 64 * 1024

    def refuse(*_: object) -> None:
        raise Refused(
            f"{name} is not read: its XML declares a document type, which may hide entities",
            hint="save it anew as XLSX, or as CSV in UTF-8",
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def parsed(archive: Archive, part: str, parser: expat.XMLParserType) -> Iterator[None]:
    """Let a parser take a part some bytes at a time, and go on after each. Raises Refused."""
    taken = 0
    for block in archive.blocks(part):
        with archive.sound():
            parser.Parse(block)
        taken += len(block)
        if taken - parser.CurrentByteIndex > _LONGEST_TAG:
            raise archive.damaged(f"{part} has a tag longer than {_LONGEST_TAG:,} bytes")
        yield
    with archive.sound():
        parser.Parse(b"", True)  # noqa: FBT003 - it takes no keywords
    yield


def elements(archive: Archive, part: str) -> Iterator[tuple[tuple[str, ...], Attributes]]:
    """Yield each element of a small part: the names that lead to it, outermost first, and its attributes.

    Names, of attributes too, come without their namespaces. Raises Refused.
    """
    found: list[tuple[tuple[str, ...], Attributes]] = []
    path: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        path.append(local(name))
        if len(path) > DEEPEST:
            raise archive.damaged(f"{part} is nested too deeply")
        found.append((tuple(path), {local(key): value for key, value in attributes.items()}))

    parser = new_parser(archive.name)
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: path.pop()
    for _ in parsed(archive, part, parser):
        yield from found
        found.clear()


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition(" ")[2]

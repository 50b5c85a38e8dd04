"""A content line as a property: its name, its parameters and its value as text."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from crmctl.errors import BadValue, WrongUse
from crmctl.file_formats import codec_of
from crmctl.importer.vcard_lines import ContentLine
from crmctl.text import visible

_NAME = re.compile(rb"[A-Za-z0-9_-]+")
_HEAD = re.compile(rb'([^:;"]+)((?:;(?:[^":;]|"[^"]*+")*+)*+):')
_PARAM = re.compile(r';((?:[^";]|"[^"]*+")*+)')
_VALUE = re.compile(r'"([^"]*+)"|([^",]++)')
_ESCAPE = re.compile(r"\\([\\,;:nN\"])")
_ENCODED_MARK = re.compile(rb"(?<!\\)(?<!=5[Cc])=3[Bb]")
_CARET = re.compile(r"\^([n^'])")
_UNESCAPED = {"n": "\n", "N": "\n"}
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_ENCODINGS = {
    "QUOTED-PRINTABLE": "quoted-printable",
    "Q": "quoted-printable",
    "BASE64": "base64",
    "B": "base64",
}
_PLAIN_ENCODINGS = frozenset({"7BIT", "8BIT"})
_SHOWN = 40
_LINE_ENDS = {"CRLF": "\r\n", "CR": "\r"}
Params = Mapping[str, tuple[str, ...]]
_NONE: Params = {}


class Property(msgspec.Struct, frozen=True, gc=False):
    """A property: names in capitals, `types` in small letters, `text` decoded, its escapes untouched.

    `quoted` tells that line breaks in it were encoded, so that a backslash before an n is no escape.
    """

    name: str
    text: str
    params: Params = _NONE
    group: str = ""
    line: int = 0
    quoted: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """The values of TYPE, also those that 2.1 writes without its name."""
        return tuple(each.lower() for each in self.params.get("TYPE", ()))

    @property
    def preference(self) -> int:
        """Its place among others of its name: 1 before 100, which is usual."""
        for given in self.params.get("PREF", ()):
            if given.isascii() and given.isdigit() and len(given) <= 3:
                return int(given)
        return 1 if "pref" in self.types else 101

    def param(self, name: str) -> str:
        """Return a parameter's first value, empty where it has none."""
        return next(iter(self.params.get(name, ())), "")

    def whole(self) -> str:
        """Return the value as one text."""
        return self._plain(self.text)

    def parts(self, mark: str) -> list[str]:
        """Return the value's parts, between which an unescaped `;` or `,` stands."""
        return [self._plain(part) for part in split(self.text, mark)]

    def lists(self) -> list[list[str]]:
        """Return the parts of a structured value, each of which may have several parts with commas between."""
        return [[self._plain(one) for one in split(part, ",")] for part in split(self.text, ";")]

    def _plain(self, text: str) -> str:
        if "\\" not in text:
            return text
        if self.quoted:
            return re.sub(r"\\([\\,;:])", r"\1", text)
        plain = _ESCAPE.sub(lambda found: _UNESCAPED.get(found[1], found[1]), text)
        ends = _LINE_ENDS.get(self.param("X-EOL"))
        return plain.replace("\n", ends) if ends else plain


def split(text: str, mark: str) -> list[str]:
    """Return the parts between unescaped marks, their escapes untouched."""
    if "\\" not in text:
        return text.split(mark)
    return list(_split(text, mark))


def _split(text: str, mark: str) -> Iterator[str]:
    start = at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == mark:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


class Head(msgspec.Struct, frozen=True, gc=False):
    """What stands before the colon of a content line, and the value in the bytes of the file."""

    name: str
    group: str
    params: Params
    value: bytes


def read_head(line: ContentLine) -> Head:
    """Return what a content line is. Raises BadValue for what is no property."""
    head, colon, value = line.text.partition(b":")
    params = _NONE
    if b";" in head:
        match = _HEAD.match(line.text)
        # A quote that nothing closes is a letter.
        found = match.group(2) if match else head[head.index(b";") :]
        value = line.text[match.end() :] if match else value
        head = match.group(1) if match else head[: head.index(b";")]
        params = _params(found.decode("utf-8", "replace"))
    group, _, name = head.strip().rpartition(b".")
    if not colon or not _NAME.fullmatch(name):
        raise BadValue(f'line {line.number}: "{_shown(line.text)}" is no property')
    return Head(_name(name), group.decode("ascii", "replace").lower(), params, value)


@lru_cache(maxsize=512)
def _name(name: bytes) -> str:
    return name.decode("ascii").upper()


@lru_cache(maxsize=2048)
def _params(text: str) -> Params:
    """Return the parameters in `;NAME=value,value;value`; those without a name are types or an encoding."""
    found: dict[str, tuple[str, ...]] = {}
    for given in _PARAM.findall(text):
        name, equals, values = given.partition("=")
        name = name.strip().upper()
        if not equals:
            name, values = ("ENCODING" if name in _ENCODINGS or name in _PLAIN_ENCODINGS else "TYPE"), given
        several = [one for quoted, bare in _VALUE.findall(values) for one in _values(name, quoted, bare)]
        found[name] = (*found.get(name, ()), *several)
    return found


def _values(name: str, quoted: str, bare: str) -> list[str]:
    # Some quote a whole list of types, some each of them.
    texts = (quoted or bare).split(",") if name == "TYPE" else [quoted or bare]
    return [_CARET.sub(lambda found: _CARETS[found[1]], text).strip() for text in texts if text.strip()]


def read_property(head: Head, line: ContentLine, encoding: str, *, transcoded: bool) -> Property:
    """Return the property with its value as text. Raises BadValue, and UnicodeDecodeError for another encoding.

    `encoding` is that of values that name none; where the file was `transcoded`, it is that of all.
    """
    way = head.params.get("ENCODING")
    if way is None and "CHARSET" not in head.params:
        return Property(head.name, head.value.decode(encoding), head.params, head.group, line.number)
    encoded = _ENCODINGS.get(way[0].upper(), "") if way else ""
    charset = "" if transcoded and not encoded else head.params.get("CHARSET", ("",))[0]
    text = _declared(head, encoded, charset or encoding, line.number)
    quoted = encoded == "quoted-printable"
    return Property(head.name, text, head.params, head.group, line.number, quoted)


def _declared(head: Head, encoded: str, charset: str, line: int) -> str:
    try:
        value = _decoded(head.value, encoded)
    except (binascii.Error, ValueError):
        raise BadValue(f"line {line}: {head.name} is no {encoded}") from None
    try:
        return value.decode(codec_of(charset))
    except WrongUse:
        raise BadValue(
            f'line {line}: {head.name} is in an unknown character set "{visible(charset)}"'
        ) from None
    except UnicodeError:
        told = f"line {line}: {head.name} is not {visible(charset)}"
        raise BadValue(told, hint="declare another with --encoding, or in CHARSET=") from None


def _decoded(value: bytes, encoded: str) -> bytes:
    if encoded == "base64":
        return binascii.a2b_base64(b"".join(value.split()))
    if encoded and b";" in value:
        # What was encoded between marks that were not is a letter of a part.
        value = _ENCODED_MARK.sub(rb"\;", value)
    return binascii.a2b_qp(value) if encoded else value


def _shown(line: bytes) -> str:
    text = line[: _SHOWN * 4].decode("utf-8", "replace")
    return visible(text[:_SHOWN]) + ("..." if len(text) > _SHOWN else "")

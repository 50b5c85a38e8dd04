"""E-mail and web addresses with a Cyrillic letter among Latin ones: they look right and lead elsewhere."""

import re
from collections.abc import Iterable, Iterator

from crmctl.model.change import Change
from crmctl.model.configuration import Configuration
from crmctl.model.records import RecordType
from crmctl.patterns import pattern

_WORD = pattern(r"[^\W\d_]+")
_CYRILLIC = pattern("[\u0400-\u052f]")
_LATIN = pattern("[A-Za-z]")
_PUNYCODE = pattern(r"xn--[a-z0-9-]+")


def mixed_addresses(changes: Iterable[Change], configuration: Configuration) -> list[str]:
    """Return the addresses set by the changes that mix the two alphabets in one word, each with its letters."""
    found: dict[str, None] = {}
    for change in changes:
        for address in _new_addresses(change, configuration):
            if told := doubt(address):
                found[told] = None
    return list(found)


def doubt(address: str) -> str:
    """Return what is to be said of an address that mixes the two alphabets in one word; of others nothing."""
    if address.isascii() and "xn--" not in address:
        return ""
    letters = _intruders(address)
    return f'{address}: "{letters}" is Cyrillic among Latin letters' if letters else ""


def address_fields(configuration: Configuration, kind: RecordType) -> tuple[str, ...]:
    """Return the fields of a record type that hold e-mail or web addresses."""
    fields = configuration.fields_of(kind).items()
    return tuple(name for name, field in fields if field.kind in ("email", "url"))


def _new_addresses(change: Change, configuration: Configuration) -> Iterator[str]:
    if change.after is None:
        return
    for name in address_fields(configuration, change.after.type):
        value = change.after.get(name)
        if value and (not change.before or change.before.get(name) != value):
            yield from value if isinstance(value, list) else [str(value)]


def _intruders(address: str) -> str:
    """Return the Cyrillic letters of the first word that has Latin ones too, empty where none has."""
    for word in _WORD.findall(_PUNYCODE.sub(_decoded, address)):
        if _LATIN.search(word) and (letters := _CYRILLIC.findall(word)):
            return "".join(letters)
    return ""


def _decoded(match: re.Match[str]) -> str:
    try:
        return match.group().encode().decode("idna")
    except UnicodeError:
        return match.group()

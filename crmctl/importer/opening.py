"""A file and the profile that it is read by: the one that is named, else the one that its columns tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import CrmError, Refused, WrongUse
from crmctl.importer.encoding import Undecodable, encoding_of
from crmctl.importer.encoding_choice import readable_in
from crmctl.importer.formats import open_table, recognised_format
from crmctl.importer.header import RepeatedName
from crmctl.importer.recognition import Recognised, recognised
from crmctl.importer.table import ReadOptions, Table
from crmctl.model.import_profile import ImportProfile, Signature
from crmctl.model.records import RecordType
from crmctl.text import name_key

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_TEXT = frozenset({"csv", "tsv"})
_UNPROFILED = frozenset({"json", "jsonl", "vcard"})
"""Formats of whose names no profile is found by itself, unless a list is named that another program wrote."""
_OURS = frozenset({"id", "revision"})
"""What exports of crmctl have: their columns are fields, whatever else has columns of these names."""


class Opened(msgspec.Struct, frozen=True):
    """An opened file, with what its columns tell of the program that wrote it."""

    table: Table
    found: Recognised = Recognised()


def open_by(source: Source, options: ReadOptions, profile: ImportProfile) -> Table:
    """Open a file that is to be read by a profile. Raises Refused where it has none of the profile's columns."""
    name = recognised_format(source, options.format)
    if name == "vcard":
        raise WrongUse(
            f"{source.name} holds cards, which are read without a profile", hint="leave out --profile"
        )
    text = name in _TEXT
    encoding = options.encoding
    if text and not encoding and encoding_of(source.part(0, 4)) == "utf-8":
        encoding = readable_in(source, profile.encodings)
    options = msgspec.structs.replace(
        options, encoding=encoding, number_repeats=options.number_repeats or profile.repeats == "number"
    )
    table = open_table(source, options)
    if text and profile.delimiter and not options.delimiter and not _names_any(table, profile):
        table = open_table(source, msgspec.structs.replace(options, delimiter=profile.delimiter))
    if not _names_any(table, profile):
        raise Refused(
            f"{source.name} has none of the columns of profile {profile.name}",
            hint=f"crmctl profile show {profile.name} lists them",
        )
    return table


def open_recognised(
    source: Source,
    options: ReadOptions,
    kind: RecordType | None,
    signatures: Callable[[], Sequence[Signature]],
) -> Opened:
    """Open a file, and tell which profile its columns are those of.

    Where it is not UTF-8, or has columns of one name, a profile of such files may say how it is read: an encoding
    counts only where the names of its columns show that it is the one. Raises what opening raises, and WrongUse.
    """
    try:
        table = open_table(source, options)
    except (Undecodable, RepeatedName) as error:
        return _second_look(source, options, kind, signatures(), error)
    unprofiled = table.format in _UNPROFILED and not options.sheet
    if unprofiled or _OURS.issubset(map(name_key, table.header)):
        return Opened(table)
    return Opened(table, recognised(table.header, signatures(), kind))


def _second_look(
    source: Source,
    options: ReadOptions,
    kind: RecordType | None,
    signatures: Sequence[Signature],
    error: CrmError,
) -> Opened:
    elsewhere: Signature | None = None
    for table, repeats, encoding in _attempts(source, options, signatures):
        usable = [
            each for each in signatures if _tells(each, table, encoding) and (each.repeats or not repeats)
        ]
        found = recognised(table.header, usable, kind)
        if found.signature:
            return Opened(table, found)
        elsewhere = elsewhere or found.elsewhere
    if elsewhere and kind:
        many = elsewhere.record.table
        raise WrongUse(
            f"{source.name} is no file of {kind.table}: its columns are those of {elsewhere.name}",
            hint=f"crmctl import {many} {source.name}",
        ) from error
    raise error


def _attempts(
    source: Source, options: ReadOptions, signatures: Sequence[Signature]
) -> Iterator[tuple[Table, bool, str]]:
    """Yield the file as it reads in each encoding that a profile declares, and whether names stand twice in it."""
    declared = dict.fromkeys(name for each in signatures for name in each.encodings)
    for encoding in [options.encoding] if options.encoding else ["", *declared]:
        tried = msgspec.structs.replace(options, encoding=encoding)
        try:
            yield open_table(source, tried), False, encoding
        except RepeatedName:
            yield open_table(source, msgspec.structs.replace(tried, number_repeats=True)), True, encoding
        except (Refused, WrongUse):
            continue


def _tells(signature: Signature, table: Table, encoding: str) -> bool:
    """Tell whether the names of a file's columns show that it is in an encoding that a profile declares."""
    if not encoding:
        return True
    named = [name for name in table.header if name_key(name) in signature.named]
    return encoding in signature.encodings and not all(name.isascii() for name in named)


def _names_any(table: Table, profile: ImportProfile) -> bool:
    return not profile.signature.named.isdisjoint(map(name_key, table.header)) or bool(profile.history)

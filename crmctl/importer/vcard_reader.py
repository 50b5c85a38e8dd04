"""vCard 2.1, 3.0 and 4.0: a file of cards, each of them a row. A broken one is a row with a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crmctl.errors import Refused, WrongUse
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.table import CellError, RawRow, ReadOptions, Table, size_faults
from crmctl.importer.vcard_cards import Card, read_cards
from crmctl.importer.vcard_columns import NAMELESS, cells, header, is_nobody, is_of, name_of, warnings
from crmctl.importer.vcard_file import card_file
from crmctl.importer.vcard_lines import content_lines
from crmctl.importer.vcard_rejects import ERROR
from crmctl.model.records import RecordType
from crmctl.text import plural, visible

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_BEGINNING = 4096
_LONGEST_NAME = 60
_MOST_NAMED = 12
_TYPES = (RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY)
_OTHERS = {
    RecordType.CONTACT: "of organisations, not of people: crmctl import companies takes them",
    RecordType.COMPANY: "of people, not of organisations: crmctl import contacts takes them",
}
_NOBODY = "of groups or places"


def read(source: Source, options: ReadOptions) -> Table:
    """Open a file of cards. Raises WrongUse for a type of record that has none.

    Raises Refused, also from the table's rows, for a file of something else, one in another encoding and an empty one.
    """
    kind = RecordType(options.record or RecordType.CONTACT)
    if kind not in _TYPES:
        raise WrongUse(
            f"{source.name} is a file of vCards: cards are leads, contacts or companies, no {kind.value}s",
            hint=f"crmctl import contacts {source.name}",
        )
    encoding = encoding_of(source.part(0, 4), options.encoding)
    rows = _Rows(source, encoding, kind, options.field_limit)
    return Table(
        header=rows.header,
        rows=iter(rows),
        format="vcard",
        encoding=encoding,
        rejects=ERROR in source.part(0, _BEGINNING),
        filled=rows.filled,
        notes=rows.notes,
    )


class _Rows:
    """The rows of a file, and what is to be told once all are read."""

    def __init__(self, source: Source, encoding: str, kind: RecordType, limit: int) -> None:
        self.header = header(kind)
        self.filled: set[str] = set()
        self.notes: list[str] = []
        self._source = source
        self._encoding = encoding
        self._kind = kind
        self._limit = limit

    def __iter__(self) -> Iterator[RawRow]:
        passed: dict[str, None] = {}
        counts = Counter[str]()
        try:
            for card in self._cards(passed):
                counts["strays" if card.stray else "cards"] += 1
                if card.fault or is_of(card, self._kind):
                    yield self._row(card)
                else:
                    counts["nobody" if is_nobody(card) else "others"] += 1
        except UnicodeDecodeError:
            raise undecodable(self._source, self._encoding) from None
        if not counts:
            raise Refused(f"{self._source.name} is empty", hint="a card begins with a line BEGIN:VCARD")
        if counts["strays"] and not counts["cards"]:
            raise Refused(f"{self._source.name} holds no card", hint="a card begins with a line BEGIN:VCARD")
        self._tell(passed, {_NOBODY: counts["nobody"], _OTHERS.get(self._kind, ""): counts["others"]})

    def _cards(self, passed: dict[str, None]) -> Iterator[Card]:
        file, encoding, transcoded = card_file(self._source, self._encoding)
        return read_cards(content_lines(file), encoding, passed, transcoded=transcoded)

    def _row(self, card: Card) -> RawRow:
        found = cells(card, self._kind)
        self.filled.update(name for name, cell in found.items() if cell)
        faults = tuple(_broken(card)) or tuple(self._faults(card.line, found))
        return RawRow(card.line, list(found.values()), faults, warnings(card, self._kind))

    def _faults(self, line: int, found: Mapping[str, str]) -> Iterator[CellError]:
        for name, cell in found.items():
            yield from size_faults(line, name, cell, self._limit)

    def _tell(self, passed: Mapping[str, None], others: Mapping[str, int]) -> None:
        self.notes += [
            f"{plural(count, 'card')} passed over: {told}" for told, count in others.items() if count
        ]
        if passed:
            named = list(map(visible, passed))
            more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
            self.notes.append(f"not kept of the cards: {', '.join(named[:_MOST_NAMED])}{more}")


def _broken(card: Card) -> Iterator[CellError]:
    """Yield why nothing can be made of a card."""
    name = name_of(card)
    if card.fault:
        who = f'the card "{visible(name[:_LONGEST_NAME])}" ' if name else "the card "
        yield CellError(card.line, "", "", "", card.fault if card.stray else who + card.fault, card.hint)
    elif not name:
        yield CellError(card.line, "", "", "", f"the card {NAMELESS}")

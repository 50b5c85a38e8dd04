"""`duplicates`: groups of records that may be one, found in one pass over the records of a type."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.records import Record, RecordType, number_of
from crmctl.rules.alike import Alike
from crmctl.rules.connected import Connected
from crmctl.rules.context import Context
from crmctl.rules.key_index import MOST_SHARING, Key, KeyIndex, held_against
from crmctl.rules.likeness import Likeness, Pair, likeness, pair_of, winner_of
from crmctl.storage.interface import Reader, Row, column
from crmctl.text import plural
from crmctl.workspace.listing import bound_text, scope_of
from crmctl.workspace.workspace import Workspace


class DuplicatesRequest(msgspec.Struct, frozen=True):
    """Which records are compared, and how many groups are wanted, 0 for all."""

    kind: RecordType
    where: str = ""
    limit: int = 0
    hints: bool = False


class FoundGroups(msgspec.Struct, frozen=True):
    """The groups, and those that are only hints; `total` counts groups beyond the limit too."""

    kind: RecordType
    groups: tuple[Likeness, ...]
    hints: tuple[Likeness, ...]
    total: int
    notes: tuple[str, ...] = ()


def find_duplicates(workspace: Workspace, asked: DuplicatesRequest) -> FoundGroups:
    """Return the groups, each by its first record, the lowest first. Raises WrongUse for an expression or a type."""
    workspace.configuration.check_kind(asked.kind)
    alike = Alike(asked.kind, workspace.configuration)
    if not alike.rules:
        raise WrongUse(f"{asked.kind.table} have no rules by which two are one")
    reader = workspace.read()
    index = _index(workspace, reader, asked, alike)
    keys, shared = index.several, index.shared
    alike.shared.update(shared)
    records = _Records(reader)
    pairs = _pairs(keys, alike, records)
    context = workspace.context(reader)
    groups = [likeness(records.all(ids), matches, context) for ids, matches in _grouped(pairs)]
    of = {each.id: at for at, group in enumerate(groups) for each in group.records}
    hints = [_hint(records.all(ids), alike, context) for ids in _hinted(keys, alike, of)]
    shown = groups[: asked.limit] if asked.limit else groups
    told = hints[: asked.limit] if asked.limit else hints
    return FoundGroups(asked.kind, tuple(shown), tuple(told), len(groups), tuple(_shared_noted(shared)))


class _Records:
    """Records read once each, the few that match anything."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[str, Record] = {}

    def get(self, record_id: str) -> Record:
        if record_id not in self._found:
            record = self._reader.get(record_id)
            assert record is not None
            self._found[record_id] = record
        return self._found[record_id]

    def all(self, ids: Iterable[str]) -> list[Record]:
        return [self.get(each) for each in ids]


_Keys = Mapping[Key, Sequence[str]]


def _index(workspace: Workspace, reader: Reader, asked: DuplicatesRequest, alike: Alike) -> KeyIndex:
    """Return which of the records compared have which keys."""
    bound = None
    if asked.where.strip():
        bound = bound_text(asked.where, scope_of(workspace, asked.kind), reader)
    columns = [(name, column(name)) for name in alike.fields]
    found = KeyIndex(alike)

    def take(rows: Iterable[Row]) -> None:
        for row in rows:
            found.add(row.f_id, {name: get(row) for name, get in columns})

    names = ("id", *alike.fields)
    if bound is None:
        reader.scan_in_batches(asked.kind, names, take)
    else:
        take(reader.scan(asked.kind, names, workspace.filter(bound, reader)))
    return found


def _shared_noted(shared: Mapping[Key, int]) -> list[str]:
    """Return a note on the numbers that too many share."""
    most = sorted(((count, number) for (_, number), count in shared.items()), reverse=True)[:3]
    named = ", ".join(f"{number} ({count:,})" for count, number in most)
    told = plural(len(shared), "number is", "numbers are")
    return [f"{told} on more than {MOST_SHARING} records, and no reason to match: {named}"] if named else []


def _pairs(keys: _Keys, alike: Alike, records: _Records) -> dict[tuple[str, str], Pair]:
    found: dict[tuple[str, str], Pair] = {}
    for (at, _), ids in keys.items():
        if not alike.rules[at].hint:
            for one, other in held_against(ids):
                pair = None if (one, other) in found else pair_of(records.get(one), records.get(other), alike)
                if pair:
                    found[one, other] = pair
    return found


def _components(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the records that are connected by matches, by number, the group of the lowest first."""
    connected = Connected[str]()
    for one, other in pairs:
        connected.join(one, other)
    return sorted(
        (sorted(group, key=number_of) for group in connected.groups()), key=lambda group: number_of(group[0])
    )


def _grouped(pairs: dict[tuple[str, str], Pair]) -> Iterator[tuple[list[str], list[Pair]]]:
    """Yield the records of each group with its matches, by number."""
    groups = _components(pairs)
    of = {each: at for at, ids in enumerate(groups) for each in ids}
    matches: list[list[Pair]] = [[] for _ in groups]
    for one, other in sorted(pairs, key=lambda pair: (number_of(pair[0]), number_of(pair[1]))):
        matches[of[one]].append(pairs[one, other])
    return zip(groups, matches, strict=True)


def _hinted(keys: _Keys, alike: Alike, of: dict[str, int]) -> list[Sequence[str]]:
    """Return the records that a hint alone connects: those of one group are told of there."""
    found = [ids for (at, _), ids in keys.items() if alike.rules[at].hint]
    return [ids for ids in found if len({of.get(each, each) for each in ids}) > 1]


def _hint(found: Sequence[Record], alike: Alike, context: Context) -> Likeness:
    pairs = (pair_of(one, other, alike, hint=True) for one, other in pairwise(found))
    winner = winner_of(found, context).id
    return Likeness(tuple(found), tuple(each for each in pairs if each), winner, hint=True)

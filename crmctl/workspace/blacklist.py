"""`blacklist`: what is on it, and putting values on it or taking them off; each such change is a run.

The document is `{"entries": [...]}`, oldest first. What was taken off stays in it, told no more, so that it is known
who listed what, and so that an undo finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crmctl.errors import NotFound, WrongUse, wrong_use
from crmctl.model.blacklist import Blacklist, Listed, ListedKind, Mark, key_of, listed_value, watched_fields
from crmctl.model.change import Run
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import Reader, Writer
from crmctl.text import names_hint
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Workspace

DOCUMENT = OPERATION = "blacklist"
_REACHES = (ListedKind.PHONE, ListedKind.EMAIL, ListedKind.MESSENGER)
"""What a rejected lead puts on the list: ways to reach somebody, not whole domains or sources."""


class ListChange(msgspec.Struct, frozen=True):
    """What became of the blacklist: entries put on it or taken off, and those that were listed before."""

    entries: tuple[Listed, ...]
    known: tuple[Listed, ...] = ()
    run: str = ""
    dry_run: bool = False


class Guard:
    """Refuses values that are listed, on one state of the store. Without a blacklist it asks for nothing."""

    def __init__(self, reader: Reader, context: Context) -> None:
        self._blacklist = Blacklist(kept_entries(reader))
        self._context = context
        self._watched: dict[RecordType, dict[str, ListedKind]] = {}

    def __bool__(self) -> bool:
        return bool(self._blacklist)

    def refusal(
        self, kind: RecordType, values: Mapping[str, Value | None], known: Record | None = None
    ) -> tuple[Refusal, str] | None:
        """Return why a record with these values is not wanted, and the field; what a `known` record has is let be."""
        if kind not in self._watched:
            self._watched[kind] = watched_fields(self._context.configuration.fields_of(kind))
        found = self._blacklist.find(self._watched[kind], values, known.values if known else None)
        if found is None:
            return None
        name, value, entry = found
        covered = "" if value == entry.value else f" ({entry.label})"
        told = entry.told(self._context.configuration.timezone)
        message = f"{name} {value} is on the blacklist{covered} {told}"
        return Refusal(
            known, message, hint=f"crmctl blacklist remove {entry.label}", code="blacklisted"
        ), name


def read_blacklist(workspace: Workspace, kind: str = "") -> list[Listed]:
    """Return what is listed, of one kind or all, the latest first. Raises WrongUse for a kind there is not."""
    wanted = kind_named(kind) if kind else None
    entries = kept_entries(workspace.read())
    return [each for each in reversed(entries) if each.stands and wanted in (None, each.kind)]


def add_to_blacklist(
    workspace: Workspace, kind: str, values: Sequence[str], reason: str, options: WriteOptions
) -> ListChange:
    """List values. Raises WrongUse for what is no value of the kind."""
    wanted = [(kind_named(kind), value) for value in _normal(workspace, kind, values)]
    with workspace.committed(dry_run=options.dry_run) as writer:
        mark = _mark(workspace, writer, reason)
        added, known = _added(writer, wanted, mark)
        run = _run(workspace, writer, added, options)
    return ListChange(tuple(added), tuple(known), run, options.dry_run)


def remove_from_blacklist(
    workspace: Workspace, kind: str, values: Sequence[str], reason: str, options: WriteOptions
) -> ListChange:
    """Take values off the list, all or none. Raises NotFound for one that is not on it."""
    wanted = kind_named(kind)
    with workspace.committed(dry_run=options.dry_run) as writer:
        entries = kept_entries(writer)
        blacklist = Blacklist(entries)
        found = []
        for value in _normal(workspace, kind, values):
            entry = blacklist.get(wanted, value)
            if entry is None:
                raise NotFound(
                    f"{wanted} {value} is not on the blacklist", hint=f"crmctl blacklist list {wanted}"
                )
            found.append(entry)
        mark = _mark(workspace, writer, reason)
        _write(
            writer,
            [msgspec.structs.replace(each, removed=mark) if each in found else each for each in entries],
        )
        run = _run(workspace, writer, found, options)
    return ListChange(tuple(found), (), run, options.dry_run)


def list_reaches(writer: Writer, lead: Record, mark: Mark) -> list[Listed]:
    """List the phones, e-mails and messengers of a lead in the commit that rejects it; returns what is new."""
    wanted = [(kind, value) for kind in _REACHES for value in lead.many(kind.value)]
    return _added(writer, wanted, mark, lead.id)[0]


def take_back(writer: Writer, generation: int, *, undone: bool) -> list[Listed]:
    """Let what a commit listed, or took off, count no longer, or again; returns those entries."""
    entries = kept_entries(writer)
    changed = [_taken_back(each, generation, undone=undone) for each in entries]
    touched = [new for old, new in zip(entries, changed, strict=True) if new != old]
    if touched:
        _write(writer, changed)
    return touched


def kept_entries(reader: Reader) -> list[Listed]:
    """Return every entry, those that stand no longer included, the oldest first."""
    document = reader.document(DOCUMENT)
    return msgspec.convert(document.get("entries", []), list[Listed]) if document else []


def kind_named(text: str) -> ListedKind:
    """Return the kind of value that a word names. Raises WrongUse."""
    known = {each.value: each for each in ListedKind}
    if text.lower() not in known:
        raise WrongUse(f'"{text}" is not listed', hint=names_hint(text, known))
    return known[text.lower()]


def _taken_back(entry: Listed, generation: int, *, undone: bool) -> Listed:
    replace = msgspec.structs.replace
    if entry.added.gen == generation:
        return replace(entry, added=replace(entry.added, undone=undone))
    if entry.removed and entry.removed.gen == generation:
        return replace(entry, removed=replace(entry.removed, undone=undone))
    return entry


def _added(
    writer: Writer, wanted: Iterable[tuple[ListedKind, str]], mark: Mark, lead: str = ""
) -> tuple[list[Listed], list[Listed]]:
    """Put values on the list; returns the new entries, and those that were there."""
    entries = kept_entries(writer)
    blacklist = Blacklist(entries)
    known: list[Listed] = []
    added: dict[tuple[ListedKind, str], Listed] = {}
    for kind, value in wanted:
        if entry := blacklist.get(kind, value):
            known.append(entry)
        else:
            added.setdefault((kind, key_of(kind, value)), Listed(kind, value, mark, lead=lead))
    if added:
        _write(writer, [*entries, *added.values()])
    return list(added.values()), known


def _normal(workspace: Workspace, kind: str, values: Sequence[str]) -> list[str]:
    """Return typed values as they are listed. Raises WrongUse for the first that is none, and for no values."""
    wanted, found = kind_named(kind), []
    for text in values:
        with wrong_use(f'{wanted} "{text}": '):
            found.append(listed_value(wanted, text, _source(workspace), workspace.conventions))
    if not found:
        raise WrongUse("nothing is named", hint=f"crmctl blacklist add {wanted} VALUE")
    return list(dict.fromkeys(found))


def _source(workspace: Workspace) -> Field:
    return workspace.configuration.fields_of(RecordType.DEAL)["source"]


def _mark(workspace: Workspace, writer: Writer, reason: str) -> Mark:
    return Mark(writer.generation + 1, workspace.context(writer).at, workspace.by, reason.strip())


def _run(workspace: Workspace, writer: Writer, entries: Sequence[Listed], options: WriteOptions) -> str:
    """Write the run by which a change of the list is undone, and return its id; none where nothing changed."""
    if not entries or options.dry_run:
        return ""
    run = Run(
        writer.new_run_id(),
        writer.generation + 1,
        workspace.context(writer).at,
        workspace.by,
        OPERATION,
        message=options.message,
    )
    writer.put_run(run)
    return run.id


def _write(writer: Writer, entries: Sequence[Listed]) -> None:
    document: dict[str, Any] = msgspec.to_builtins({"entries": list(entries)})
    writer.put_document(DOCUMENT, document)

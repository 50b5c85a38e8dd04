"""`blacklist`: telling what is on it, putting values on it and taking them off; each such change is a run."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import NotFound, WrongUse, wrong_use
from crmctl.model.blacklist import Blacklist, Listed, ListedKind, Mark, listed_value
from crmctl.model.change import Run
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.storage.interface import Writer
from crmctl.text import names_hint
from crmctl.workspace.blacklist import OPERATION, keep_entries, kept_entries, put_on
from crmctl.workspace.lookalike import doubt
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Workspace


class ListChange(msgspec.Struct, frozen=True):
    """What became of the blacklist: entries put on it or taken off, and those that were listed before."""

    entries: tuple[Listed, ...]
    known: tuple[Listed, ...] = ()
    run: str = ""
    dry_run: bool = False
    notes: tuple[str, ...] = ()


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
        added, known = put_on(writer, wanted, mark)
        run = _run(workspace, writer, added, options)
    doubts = [doubt(value) for each, value in wanted if each in (ListedKind.EMAIL, ListedKind.DOMAIN)]
    return ListChange(tuple(added), tuple(known), run, options.dry_run, tuple(filter(None, doubts)))


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
        keep_entries(
            writer,
            [msgspec.structs.replace(each, removed=mark) if each in found else each for each in entries],
        )
        run = _run(workspace, writer, found, options)
    return ListChange(tuple(found), (), run, options.dry_run)


def kind_named(text: str) -> ListedKind:
    """Return the kind of value that a word names. Raises WrongUse."""
    known = {each.value: each for each in ListedKind}
    if text.lower() not in known:
        raise WrongUse(f'"{text}" is not listed', hint=names_hint(text, known))
    return known[text.lower()]


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

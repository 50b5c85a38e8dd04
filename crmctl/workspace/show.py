"""`show`: records whole, with what they are linked to and what happened to them."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from crmctl.model.change import Entry
from crmctl.model.merging import FROM, INTO
from crmctl.model.records import Record, RecordType, Value, type_of
from crmctl.model.table import Column
from crmctl.storage.interface import Reader, column
from crmctl.workspace.done_work import done_work
from crmctl.workspace.find import find_record
from crmctl.workspace.merged import absorbed
from crmctl.workspace.open_tasks import open_tasks_of
from crmctl.workspace.presentation import Presenter, Presenters
from crmctl.workspace.shown_lines import ShownLine, shown_lines
from crmctl.workspace.standing_notes import told_history
from crmctl.workspace.workspace import Workspace


class Related(msgspec.Struct, frozen=True):
    """A record that one refers to, or that refers to it; `relation` is the field that does."""

    id: str
    record: str
    title: str
    relation: str


class ShownRecord(msgspec.Struct, frozen=True):
    """A record with all that is shown of it; `exact` has every field as an import reads it back.

    `tasks` are those that are open for it, the first due first; `work` are those that are over, by id: their end is
    part of its history.
    """

    record: Record
    json: Mapping[str, Value]
    fields: list[tuple[Column, str]]
    exact: list[tuple[Column, str]]
    related: list[Related]
    tasks: list[Record]
    history: list[Entry]
    work: Mapping[str, Record] = {}
    lines: list[ShownLine] = []
    total: str = ""


def show_records(workspace: Workspace, ids: Sequence[str], parts: Collection[str] = ()) -> list[ShownRecord]:
    """Return the records named, whole; of a company and a contact `tasks` and `history` are those of all theirs.

    Raises NotFound, WrongUse.
    """
    reader = workspace.read()
    presenters = Presenters(workspace, reader)
    return [
        _shown(record, presenters[record.type], workspace, reader, parts)
        for record in (find_record(reader, text) for text in ids)
    ]


def _shown(
    record: Record, presenter: Presenter, workspace: Workspace, reader: Reader, parts: Collection[str]
) -> ShownRecord:
    linked = related(record, reader)
    around = {record.id, *(each.id for each in linked if each.relation in _MEMBERS.get(record.type, ()))}
    work = done_work(workspace, reader, around) if "history" in parts else []
    came = absorbed(reader, record)
    own = told_history(workspace, reader, {record.id, *came}) if "history" in parts else []
    return ShownRecord(
        record,
        presenter.json(record.values),
        presenter.card(record.values),
        presenter.exact(record.values),
        linked,
        open_tasks_of(around if "tasks" in parts else {record.id}, reader),
        sorted([*(end for _, end in work), *own], key=lambda entry: entry.gen),
        {task.id: task for task, _ in work},
        *shown_lines(record, reader),
    )


_MEMBERS = {
    RecordType.COMPANY: ("companies", "company"),
    RecordType.CONTACT: ("contact",),
}
"""The fields by which contacts and deals belong to a record, so that what is done for them is done for it."""


_LINKS = (
    *("contact", "company", "companies", "previous_deal"),
    *("origin_lead", "converted_to", "for", "previous_task", FROM),
)
"""The fields that refer to other records."""


def related(record: Record, reader: Reader) -> list[Related]:
    """Return the records on either end of the record's links, each once."""
    found: dict[str, Related] = {}
    for name in _LINKS:
        value = record.get(name)
        for record_id in value if isinstance(value, list) else [str(value)] if value else []:
            _add(found, record_id, name, reader)
    for other, name in referring(record, reader):
        if type_of(other) is not RecordType.TASK:
            _add(found, other, name, reader)
    return list(found.values())


def referring(record: Record, reader: Reader) -> list[tuple[str, str]]:
    """Return the ids of the records that refer to a record, each with the field that does."""
    found = []
    for kind, names in _referring(record.type).items():
        columns = [(name, column(name)) for name in names]
        for row in reader.scan(kind, ("id", *names)):
            for name, get in columns:
                value = get(row)
                # A line of a deal begins with the product that it is of.
                if value == record.id or (isinstance(value, list) and record.id in map(_first_word, value)):
                    found.append((row.f_id, name))
    return found


def _first_word(text: str) -> str:
    return text.partition(" ")[0]


def _referring(kind: RecordType) -> Mapping[RecordType, tuple[str, ...]]:
    """Return which fields of which records can refer to a record of a type."""
    tasks: dict[RecordType, tuple[str, ...]] = {RecordType.TASK: ("for",)}
    referring: dict[RecordType, dict[RecordType, tuple[str, ...]]] = {
        RecordType.LEAD: tasks,
        RecordType.CONTACT: {RecordType.DEAL: ("contact",), **tasks},
        RecordType.COMPANY: {RecordType.CONTACT: ("companies",), RecordType.DEAL: ("company",), **tasks},
        RecordType.DEAL: {RecordType.DEAL: ("previous_deal",), **tasks},
        RecordType.PRODUCT: {RecordType.DEAL: ("items",)},
    }
    return referring.get(kind, {})


def _why_not(record_id: str, reader: Reader) -> str:
    """Return what stands for the title of a record that a reader does not have."""
    from crmctl.workspace.visible import refusal_to_show

    return "(not shown)" if refusal_to_show(reader, record_id) else "(deleted)"


def _add(found: dict[str, Related], record_id: str, relation: str, reader: Reader) -> None:
    other = reader.get(record_id)
    former = reader.trashed(record_id) if relation == FROM and not other else None
    if former and former.get(INTO):
        other = former
    title = other.title if other else _why_not(record_id, reader)
    found.setdefault(record_id, Related(record_id, type_of(record_id).value, title, relation))

"""`search`: text in every field and note of every record, phones and e-mails however typed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.query.prefilter import Prefilter
from crmctl.query.text import text_prefilter, text_test
from crmctl.storage.interface import Reader
from crmctl.text import fold
from crmctl.workspace.presentation import Presenter
from crmctl.workspace.standing_notes import NOTES, notes_of
from crmctl.workspace.workspace import Workspace

_LONGEST_SHOWN = 500
_FEW = 1000
"""Records with notes that are looked at one by one; where there are more, all are looked at."""


class Hit(msgspec.Struct, frozen=True):
    """A record that the text is in, the presenter of its type, and the field and text it was found in."""

    record: Record
    presenter: Presenter
    where: str = ""


def search_records(workspace: Workspace, text: str, kinds: Sequence[RecordType]) -> list[Hit]:
    """Return the records that hold every word of the text. Raises WrongUse for empty text."""
    if not text.strip():
        raise WrongUse("search for what?", hint="crmctl search TEXT")
    reader = workspace.read()
    wanted = kinds or [kind for kind in RecordType if workspace.configuration.keeps(kind)]
    notes = notes_of(workspace, reader)
    own = {NOTES.name: NOTES} if notes else {}
    found = []
    for kind in wanted:
        workspace.configuration.check_kind(kind)
        presenter = Presenter(workspace, reader, kind)
        fields = workspace.configuration.fields_of(kind)
        passes = text_test(text, fields | own, workspace.conventions)
        prefilter = text_prefilter(text, fields, workspace.conventions)
        found += [
            Hit(record, presenter, _where(record, text, presenter, notes.get(record.id, [])))
            for record in _candidates(reader, kind, prefilter, notes)
            if passes(_with_notes(record, notes))
        ]
    return found


def _candidates(
    reader: Reader, kind: RecordType, prefilter: Prefilter | None, noted: Collection[str]
) -> Iterable[Record]:
    """Return the records that may hold a text, by number; those with notes may hold some of it there."""
    if prefilter is None or len(noted) > _FEW:
        return reader.records(kind)
    found = {record.id: record for record in reader.records(kind, prefilter)}
    for each in noted:
        if type_of(each) is kind and each not in found and (record := reader.get(each)):
            found[each] = record
    return sorted(found.values(), key=lambda record: number_of(record.id))


def _with_notes(record: Record, notes: Mapping[str, list[str]]) -> Record:
    return Record({**record.values, NOTES.name: notes[record.id]}) if notes and record.id in notes else record


def _where(record: Record, text: str, presenter: Presenter, notes: Sequence[str]) -> str:
    """Return the field that holds the first word, unless the title does: that is shown anyway."""
    word = fold(text.split(maxsplit=1)[0])
    if word in fold(record.title):
        return ""
    for column, shown in presenter.card(record.values):
        if word in fold(shown):
            return f"{column.title}: {shown}"
    return next((f"{NOTES.title}: {_around(word, note)}" for note in notes if word in fold(note)), "")


def _around(word: str, note: str) -> str:
    """Return a note, of a long letter what stands around the word."""
    if len(note) <= _LONGEST_SHOWN:
        return note
    start = max(0, fold(note).find(word) - _LONGEST_SHOWN // 2)
    return f"{'...' if start else ''}{note[start : start + _LONGEST_SHOWN]}..."

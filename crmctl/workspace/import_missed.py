"""Links that an import left out as nobody was there: made when the same row comes again, and they are."""

from collections.abc import Mapping

from msgspec.structs import replace

from crmctl.importer.column_map import ColumnMap
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change, taken_back
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update
from crmctl.workspace.import_faults import refused
from crmctl.workspace.import_references import References
from crmctl.workspace.transaction import Transaction


class MissedLinks:
    """Looks for whom rows named that came before. What a record once had and lost stays lost."""

    def __init__(self, tx: Transaction, kind: RecordType, references: References) -> None:
        self._tx = tx
        self._kind = kind
        self._references = references
        self._held_once: dict[str, dict[str, set[str]]] = {}

    def of(self, row: ImportRow, record_id: str, columns: ColumnMap) -> Change | None:
        """Return the change that links a record to those whom its row names and it lacks. Raises Rejected, WrongUse."""
        record = self._tx.writer.get(record_id)
        if record is None:
            return None
        fields = self._tx.configuration.fields_of(self._kind)
        open_ones = {
            name: text
            for name, text in row.sought.items()
            if name in columns.lenient and (fields[name].multiple or record.get(name) is None)
        }
        if not open_ones:
            return None
        found = self._references.resolved(
            replace(row, values={}, sought=open_ones, linked={}), self._kind, columns
        )
        links = {
            name: more
            for name in found.values
            if (more := self._more(record, fields[name], found.values[name]))
        }
        if not links:
            return None
        answer = update(record, links, self._tx.context)
        if isinstance(answer, Refusal):
            raise refused(answer)
        return answer

    def _more(self, record: Record, field: Field, found: Value) -> Value | None:
        """Return what a field is to hold with what it never held; nothing where it held all of it."""
        held = record.many(field.name)
        new = [each for each in _ids(found) if each not in held]
        once = self._once(field.name).get(record.id, ()) if new else ()
        if not (new := [each for each in new if each not in once]):
            return None
        return [*held, *new] if field.multiple else new[0]

    def _once(self, field: str) -> Mapping[str, set[str]]:
        """Return the ids that a field held since records were made, by record; what was undone does not count."""
        if field not in self._held_once:
            found = self._held_once[field] = {}
            entries = self._tx.writer.changes_of([field])
            taken = taken_back(entries)
            for entry in entries:
                if not entry.undoes and (entry.id, entry.gen) not in taken:
                    values = [value for value in entry.changes[field] if value]
                    found.setdefault(entry.id, set()).update(one for value in values for one in _ids(value))
        return self._held_once[field]


def _ids(value: Value) -> list[str]:
    return value if isinstance(value, list) else [str(value)]

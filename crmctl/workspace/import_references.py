"""Other records that a row names by an outside id or by a title: their ids in the place of what it calls them."""

from collections.abc import Sequence

from msgspec.structs import replace

from crmctl.errors import WrongUse
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.row import ImportRow
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.records import CLIENTS, RecordType, Value, read_id, type_of
from crmctl.text import plural, visible
from crmctl.workspace.named_records import NamedRecords


class References:
    """Looks up the records that rows of one import name. `notes` are what was left out; those `found` are there."""

    def __init__(self, named: NamedRecords, configuration: Configuration) -> None:
        self._named = named
        self._configuration = configuration
        self.notes: list[str] = []
        self.found: set[str] = set()

    def resolved(self, row: ImportRow, kind: RecordType, columns: ColumnMap) -> ImportRow:
        """Return a row with the ids of what it names. Raises WrongUse for a record that is not to be found."""
        if row.linked:
            parts = {
                each: self.resolved(part, each, columns.linked[each]) if part.sought else part
                for each, part in row.linked.items()
            }
            row = replace(row, linked=parts)
        if not row.sought:
            return row
        fields = self._configuration.fields_of(kind)
        values: dict[str, Value] = {}
        for name, text in row.sought.items():
            found = self._found(row, fields[name], text, columns)
            if found:
                values[name] = found if fields[name].multiple else found[0]
        return replace(row, values={**row.values, **values}, sought={})

    def _found(self, row: ImportRow, field: Field, text: str, columns: ColumnMap) -> list[str]:
        """Return the ids of the records that a cell names."""
        several = field.multiple or field.name in columns.several
        if not several and field.name not in columns.lenient:
            return [self._one(text, field, columns)]
        found: list[str] = []
        for part in [part.strip() for part in text.split(SEPARATOR)] if several else [text]:
            try:
                found += [self._one(part, field, columns)] if part else []
            except WrongUse as error:
                if field.name not in columns.lenient:
                    raise
                self._note(row, columns.head + field.name, f"{error.message}: left out")
        found = list(dict.fromkeys(found))
        if len(found) > 1 and not field.multiple:
            more = plural(len(found) - 1, "other")
            self._note(row, columns.head + field.name, f"{found[0]} is taken, {more} left out: it holds one")
        return found

    def _one(self, text: str, field: Field, columns: ColumnMap) -> str:
        """Return the id of the record that a text means. Raises WrongUse."""
        kinds = _kinds(field)
        own = read_id(text)
        if own and (not field.to or type_of(own) in kinds):
            return own
        try:
            found = self._named.find(text, kinds, field.to or "client")
        except WrongUse as error:
            raise error.at(columns.head + field.name) from None
        self.found.add(found)
        return found

    def _note(self, row: ImportRow, field: str, told: str) -> None:
        self.notes.append(f"line {row.line}: {field}: {visible(told)}")


def _kinds(field: Field) -> Sequence[RecordType]:
    """Return the types of the records that a field refers to."""
    return (RecordType(field.to),) if field.to else CLIENTS

"""Finding the records that a new one, or a lead, means: those the match rules know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crmctl.errors import WrongUse
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.carry import carried
from crmctl.rules.context import Context
from crmctl.rules.duplicates import Match, Matcher
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.merged import merged_away

if TYPE_CHECKING:
    from crmctl.workspace.named_records import NamedRecords


def filled_matcher(reader: Reader, matcher: Matcher, kind: RecordType) -> Matcher:
    """Return a matcher that knows every record of a type, also by what those had that were merged into it."""
    if matcher.rules:
        names = ("id", *matcher.fields)
        columns = [(name, column(name)) for name in names]
        for row in reader.scan(kind, names):
            matcher.add(row.f_id, {name: get(row) for name, get in columns})
        for record_id, former in merged_away(reader, kind):
            matcher.add(record_id, _goes_by(former))
    return matcher


def _goes_by(former: Record) -> dict[str, Value | None]:
    """Return by which values of a record that was merged away its heir is known, too.

    Those of fields with many values went over to the heir: what was taken off there since is nobody's any more.
    """
    return {name: value for name, value in former.values.items() if not isinstance(value, list)}


def learn_alike(
    reader: Reader, matcher: Matcher, kind: RecordType, sought: Sequence[Mapping[str, Value | None]]
) -> None:
    """Let a matcher know the records of a type that may match any of the values sought, a field at a time."""
    wanted = {name: [each[name] for each in sought if name in each] for name in matcher.fields}
    columns = [(name, column(name), matcher.alike(name, found)) for name, found in wanted.items() if found]

    def take(rows: list[Row]) -> None:
        for row in rows:
            for _, get, alike in columns:
                if (value := get(row)) is not None and alike(value):
                    matcher.add(row.f_id, {name: get(row) for name, get, _ in columns})
                    break

    if columns:
        reader.scan_in_batches(kind, ("id", *(name for name, _, _ in columns)), take)


class KnownRecords:
    """Finds contacts and companies by the workspace's rules, and learns of those made meanwhile.

    A company that no rule finds is the one that has the name: a lead says no more of it.
    """

    def __init__(self, reader: Reader, configuration: Configuration) -> None:
        self._reader = reader
        self._configuration = configuration
        self._matchers: dict[RecordType, Matcher] = {}

    def of_lead(
        self, lead: Record, kinds: Sequence[RecordType], context: Context
    ) -> dict[RecordType, Record]:
        """Return the contact and the company that a lead means. Raises WrongUse where several could be meant."""
        found: dict[RecordType, Record] = {}
        for kind in (each for each in kinds if each in (RecordType.CONTACT, RecordType.COMPANY)):
            match = self._match(kind, carried(lead, kind, context))
            if match.ambiguous:
                names = ", ".join(match.ids)
                raise WrongUse(
                    f"{lead.label}: several records have this {', '.join(match.fields)}: {names}",
                    hint=f"name the one that is meant: --{kind.value} {match.ids[0]}",
                )
            record = self._reader.get(match.ids[0]) if match.ids else None
            if record:
                found[kind] = record
        return found

    def learn(self, record: Record) -> None:
        """Take a record that was made or changed meanwhile into account."""
        if self._matchers and record.type in self._matchers:
            self._matchers[record.type].add(record.id, record.values)
        if "_named" in self.__dict__:
            self._named.learn(record)

    def _match(self, kind: RecordType, values: Mapping[str, Value | None]) -> Match:
        match = self._matcher(kind).find(values)
        title = values.get("title")
        if match.ids or kind is not RecordType.COMPANY or not title:
            return match
        return Match(tuple(self._named.with_title(kind, str(title))), ("title",))

    @cached_property
    def _named(self) -> NamedRecords:
        # Only a conversion asks for names.
        from crmctl.workspace.named_records import NamedRecords

        return NamedRecords(self._reader)

    def _matcher(self, kind: RecordType) -> Matcher:
        if kind not in self._matchers:
            self._matchers[kind] = filled_matcher(self._reader, Matcher(kind, self._configuration), kind)
        return self._matchers[kind]

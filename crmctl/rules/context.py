"""What a rule needs to know besides the records: the configuration, the moment, and who acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions
from crmctl.model.pipeline import Permission, Pipeline, Requirement, Stage
from crmctl.model.records import Record, RecordType, Value

if TYPE_CHECKING:
    from crmctl.query.evaluate import Lookups

# The filter language is imported with the first condition: most gates have none, and commands start often.


class NoLookups:
    """Other records and history where none can be had: every reference is empty."""

    def reference(self, record_id: str, field: str) -> Value | None:
        """Return nothing."""
        return None

    def changes(self, record_id: str, field: str) -> Sequence[str]:
        """Return no moments."""
        return ()

    def stage_since(self, record_id: str) -> str | None:
        """Return nothing."""
        return None

    def commit_of(self, record_id: str, field: str) -> int:
        """Know of none."""
        return 0

    def has_open_task(self, record_id: str) -> bool:
        """Know of none."""
        return False


class Context(msgspec.Struct, frozen=True, dict=True):
    """The setting of one command. `by` is who acts, `at` the moment (UTC, kept form) its changes happen.

    `unlimited` leaves aside what pipelines say of who may do what.
    """

    configuration: Configuration
    conventions: Conventions
    by: str
    at: str
    lookups: Lookups = NoLookups()
    unlimited: bool = False

    @cached_property
    def limits(self) -> Mapping[str, Sequence[Permission]]:
        """What who acts may do, by the pipelines whose `access` names their role."""
        return {} if self.unlimited else self.configuration.limits_of(self.by)

    @cached_property
    def _conditions(self) -> dict[tuple[str, str, str], Callable[[Record], bool]]:
        return {}

    @cached_property
    def owner(self) -> str | None:
        """Who owns new records that name nobody: who acts, where the configuration knows them."""
        return self.configuration.known_user(self.by)

    @property
    def actor(self) -> str | None:
        """Who acts, as fields of users take it: nobody where the configuration knows its users, and not this one."""
        return self.owner or (None if self.configuration.users else self.by)

    def defaults(self, kind: RecordType, pipeline: str) -> Mapping[str, Mapping[str, Value | None]]:
        """Return what the defaults of a record type's fields write, by the field they are of."""
        key = (kind, pipeline)
        if key not in self._defaults:
            fields = self.configuration.fields_of(kind, pipeline).values()
            self._defaults[key] = {
                field.name: field.assign(field.default, self.conventions)
                for field in fields
                if field.default is not None and field.owned_by in ("", pipeline)
            }
        return self._defaults[key]

    @cached_property
    def _defaults(self) -> dict[tuple[RecordType, str], dict[str, dict[str, Value | None]]]:
        return {}

    def pipeline_of(self, record: Record) -> Pipeline | None:
        """Return the pipeline a record is in, or nothing for one without stages or in a pipeline that is gone."""
        return self.configuration.pipeline_for(record.type, record.pipeline) if record.pipeline else None

    def stage_of(self, record: Record | None) -> Stage | None:
        """Return the stage a record is on, or nothing where there is none that the configuration has."""
        pipeline = self.pipeline_of(record) if record else None
        return pipeline.stage(record.stage) if pipeline and record else None

    def holds(self, requirement: Requirement, record: Record) -> bool:
        """Tell whether a requirement applies to a record: always, or when its expression holds."""
        if not requirement.when:
            return True
        return self._condition(requirement.when, record.type, record.pipeline)(record)

    def _condition(self, when: str, kind: RecordType, pipeline: str) -> Callable[[Record], bool]:
        from crmctl.query import Scope, bind, parse

        key = (when, kind.value, pipeline)
        if key not in self._conditions:
            scope = Scope(self.configuration, kind, self.conventions, pipeline)
            bound = bind(parse(when), scope)
            self._conditions[key] = bound.predicate(_column, self.lookups)
        return self._conditions[key]


def _column(name: str) -> Callable[[Record], Value | None]:
    return lambda record: record.get(name)

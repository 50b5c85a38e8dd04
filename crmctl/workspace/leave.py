"""The leave that who acts needs for a change, by `access` of the pipelines. Whom nothing limits it costs nothing."""

from collections.abc import Sequence

from msgspec import structs

from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.rules.context import Context
from crmctl.rules.decision import NO_ACCESS, Refusal
from crmctl.workspace.outcome import as_error


class Leave:
    """Asks for every change that a transaction makes."""

    def __init__(self, context: Context) -> None:
        self._access = None
        if context.limits:
            # With it the filter language is loaded, which conditions are written in.
            from crmctl.rules.access import Access

            self._access = Access(context)

    def refusal(self, change: Change) -> Refusal | None:
        """Return why a change is not allowed, or nothing."""
        return self._access.refusal(change) if self._access else None

    def to_see(self, record: Record) -> Refusal | None:
        """Return why a record is not shown, or nothing."""
        if self._access is None or self._access.may("view", record):
            return None
        return self._access.denied("view", record)

    def told(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Return the changes to tell of: those of records that may be viewed as they were, new ones as they are."""
        if self._access is None:
            return tuple(changes)
        return tuple(each for each in changes if self.to_see(each.before or each.record) is None)

    def first(self, refusal: Refusal) -> Refusal:
        """Return what to tell in the place of a refusal.

        Who may not see its record hears nothing of that, who may not make the move nothing of its gate.
        """
        record, tried = refusal.record, refusal.tried
        if self._access is None or record is None or refusal.code == NO_ACCESS:
            return refusal
        hidden = None if tried is None else self._access.refusal(tried, whole=False)
        return self.to_see(record) or hidden or refusal

    def cleared(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Return what an allowed change set off, and itself, as changes that need no leave of their own."""
        return [structs.replace(each, cleared=True) for each in changes] if self._access else changes

    def check(self, change: Change) -> None:
        """Raise Refused for a change that is not allowed."""
        if self._access and (refusal := self._access.refusal(change)):
            raise as_error(refusal)

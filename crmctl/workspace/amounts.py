"""The amounts that count in reports: of closed records those they closed with, and all in one currency if wanted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from crmctl.dates import day_of
from crmctl.errors import wrong_use
from crmctl.model.change import Entry, standing
from crmctl.storage.interface import Reader, Row
from crmctl.workspace.rates import rates_of
from crmctl.workspace.report_scope import AmountAt, ReportScope, currency_of
from crmctl.workspace.workspace import Workspace

Amount = tuple[str | None, str | None]
"""An amount as decimal text, and its currency."""


class Amounts:
    """What the amounts of records count as, told of those that count as something else than they are."""

    def __init__(self, workspace: Workspace, reader: Reader, scope: ReportScope) -> None:
        """Raise WrongUse for an unknown currency, and as `rates_of` does."""
        self._workspace = workspace
        self._reader = reader
        self._at = scope.amount
        self._into = currency_of(workspace, scope)
        self._rates = rates_of(workspace) if self._into else None
        self._today = day_of(workspace.now, workspace.configuration.timezone)

    def of(self, rows: Sequence[Row]) -> Mapping[str, Amount]:
        """Return the amounts of records by id; a record that is not in it counts with its own.

        An amount is converted at the rates of the day its record closed, of an open one at today's.
        Raises WrongUse for a rate that is missing.
        """
        found = self._at_closing(rows) if self._at is AmountAt.CLOSING else {}
        return {row.f_id: self._converted(row, found) for row in rows} if self._into else found

    def _at_closing(self, rows: Sequence[Row]) -> dict[str, Amount]:
        """Return the amounts that were changed after their record had closed, as they were then."""
        late = {row.f_id: row for row in rows if _changed_since_closing(row)}
        if not late:
            return {}
        histories: dict[str, list[Entry]] = {}
        for entry in standing(self._reader.history(late.keys())):
            histories.setdefault(entry.id, []).append(entry)
        return {
            record_id: amount
            for record_id, row in late.items()
            if (amount := _closing_amount(row, histories.get(record_id, ())))
        }

    def _converted(self, row: Row, counted: Mapping[str, Amount]) -> Amount:
        amount, currency = counted.get(row.f_id) or (row.f_amount, row.f_currency)
        if amount is None or self._rates is None:
            return amount, currency
        with wrong_use(f"{row.f_id}: "):
            worth = self._rates.convert(
                Decimal(amount), currency or "", self._into, self._day(row.f_closed_at)
            )
        return f"{worth:f}", self._into

    def _day(self, closed: str | None) -> date:
        if closed is None:
            return self._today
        return day_of(datetime.fromisoformat(closed), self._workspace.configuration.timezone)


def _changed_since_closing(row: Row) -> bool:
    # Whatever changed made a new revision: a record imported closed has one, for all its later date of change.
    return row.f_closed_at is not None and (row.f_revision or 1) > 1 and row.f_updated_at >= row.f_closed_at


def _closing_amount(row: Row, history: Iterable[Entry]) -> Amount | None:
    """Return the amount before its first change after the closing; nothing where it did not change."""
    ordered = sorted(history, key=lambda entry: (entry.at, entry.gen))
    closing = max(
        ((entry.at, entry.gen) for entry in ordered if "closed_at" in entry.changes),
        default=(row.f_closed_at, 0),
    )
    later = [entry for entry in ordered if (entry.at, entry.gen) > closing]
    amount, currency = (_before(name, later, getattr(row, f"f_{name}")) for name in ("amount", "currency"))
    return None if (amount, currency) == (row.f_amount, row.f_currency) else (amount, currency)


def _before(name: str, later: Sequence[Entry], now: str | None) -> str | None:
    first = next((entry.changes[name][0] for entry in later if name in entry.changes), now)
    return None if first is None else str(first)

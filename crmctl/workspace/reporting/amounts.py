"""The amounts that count in reports: of closed records those they closed with, and all in one currency if wanted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from crmctl.dates import day_of
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Entry, standing
from crmctl.model.records import RecordType
from crmctl.reports.journey import Journey
from crmctl.reports.shared_options import AmountAt
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.reporting.scope import ReportScope, currency_of
from crmctl.workspace.workspace import Workspace

Amount = tuple[str | None, str | None]
"""An amount as decimal text, and its currency."""
Money = tuple[str, str]
"""The fields of an amount and of its currency, the latter empty where the amount names its own."""
AMOUNT: Money = ("amount", "currency")


def amount_of(text: str | None) -> Amount:
    """Return an amount that is kept with its currency."""
    amount, _, currency = (text or "").partition(" ")
    return amount or None, currency or None


def reading(money: Money) -> Callable[[Row], Amount]:
    """Return what reads the amount of a record that some fields hold, and its currency."""
    name, currency = money
    if currency:
        return column(name, currency)
    get = column(name)
    return lambda row: amount_of(get(row))


def money_of(workspace: Workspace, kind: RecordType, name: str) -> Money:
    """Return the money field of a type of records that is named, by whatever it is called. Raises WrongUse."""
    configuration = workspace.configuration
    with wrong_use():
        field = configuration.field(kind, name)
    if field.kind != "money" or field.multiple:
        known = [each.name for each in configuration.fields_of(kind).values() if each.kind == "money"]
        raise WrongUse(
            f'field "{name}" of {kind.table} holds no money', hint=f"money fields: {', '.join(known)}"
        )
    return field.name, field.paired


class CountedAmounts:
    """What the amounts of records count as in a report."""

    def __init__(self, workspace: Workspace, reader: Reader, scope: ReportScope) -> None:
        """Raise WrongUse for an unknown currency."""
        self._workspace = workspace
        self._reader = reader
        self._at = scope.amount
        self._into = currency_of(workspace, scope)

    @property
    def convert(self) -> bool:
        """Whether amounts are converted, each at its own rate."""
        return bool(self._into)

    def may_have_changed(self, row: Row) -> bool:
        """Tell whether the amount of a closed record may count other than it stands."""
        # Whatever changed made a new revision: a record imported closed has one, for all its later date of change.
        return self._at is AmountAt.CLOSING and (row.f_revision or 1) > 1

    def at_closing(self, rows: Sequence[Row], money: Money = AMOUNT) -> Mapping[str, Amount]:
        """Return the amounts that were changed after their record had closed, as they count, by id."""
        late = {row.f_id: row for row in rows if row.f_closed_at is not None and self.may_have_changed(row)}
        if not late:
            return {}
        histories: dict[str, list[Entry]] = {}
        for entry in standing(self._reader.changes_of((*filter(None, money), "closed_at"))):
            histories.setdefault(entry.id, []).append(entry)
        return {
            record_id: amount
            for record_id, row in late.items()
            if (amount := _closing_amount(row, histories.get(record_id, ()), money))
        }

    def at_closing_of(self, row: Row, history: Sequence[Entry]) -> Amount | None:
        """Return the amount of one record that counts, where it was changed after closing; `history` is its own."""
        if row.f_closed_at is None or not self.may_have_changed(row):
            return None
        return _closing_amount(row, standing(history), AMOUNT)

    def converted(self, journeys: list[Journey]) -> list[Journey]:
        """Return journeys with their amounts in the currency of the report, if it has one.

        An amount is converted at the rates of the day its record closed, in whatever pipeline, of an open one at
        today's.
        Raises WrongUse for a rate that is missing, and as `rates_of` does.
        """
        if not self._into:
            return journeys
        from crmctl.workspace.reporting.rates import rates_of

        rates, zone = rates_of(self._workspace), self._workspace.configuration.timezone
        with wrong_use("--in: "):
            rates.check(self._into)
        today = day_of(self._workspace.now, zone)

        def convert(journey: Journey) -> Journey:
            if journey.amount is None:
                return journey
            closed = journey.closed or journey.over
            day = _day(closed, zone) if closed else today
            with wrong_use(f"{journey.id}: "):
                worth = rates.convert(Decimal(journey.amount), journey.currency or "", self._into, day)
            return msgspec.structs.replace(journey, amount=f"{worth:f}", currency=self._into)

        return [convert(journey) for journey in journeys]


def _day(closed: str, zone: str) -> date:
    return day_of(datetime.fromisoformat(closed), zone)


def _closing_amount(row: Row, history: Iterable[Entry], money: Money) -> Amount | None:
    """Return the amount before its first change recorded after the closing; nothing where it did not change.

    It may be filled only when all is known: where it was empty then, what it was first filled with counts.
    """
    ordered = sorted(history, key=lambda entry: (entry.gen, entry.at))
    closing = max((entry.gen for entry in ordered if "closed_at" in entry.changes), default=0)
    after = [entry for entry in ordered if entry.gen > closing]
    later = _once_filled(money[0], after, getattr(row, f"f_{money[0]}"))
    now = [getattr(row, f"f_{name}") for name in money if name]
    then = [_before(name, later, value) for name, value in zip(filter(None, money), now, strict=True)]
    if then == now:
        return None
    return (then[0], then[1]) if len(then) > 1 else amount_of(then[0])


def _once_filled(name: str, later: list[Entry], now: str | None) -> list[Entry]:
    """Return the entries from where a field is no longer empty."""
    for at, _ in enumerate(later):
        if _before(name, later[at:], now) is not None:
            return later[at:]
    return []


def _before(name: str, later: Sequence[Entry], now: str | None) -> str | None:
    first = next((entry.changes[name][0] for entry in later if name in entry.changes), now)
    return None if first is None else str(first)

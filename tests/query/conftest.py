"""A small workspace: two deal pipelines, a lead pipeline, users, lists, some own fields, tasks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration, User
from crmctl.model.field import Conventions, Field
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.query.bind import Bound, Scope, bind
from crmctl.query.parser import parse

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

INDUSTRY = Choices("industry", (Choice("trade", "Торговля"), Choice("it", "IT", ("software",))))
SOURCE = Choices("source", (Choice("instagram"), Choice("website", "Сайт", ("Веб-сайт",)), Choice("call")))

WHOLESALE = Pipeline(
    "wholesale",
    "Опт",
    RecordType.DEAL,
    (
        Stage("new", "Новая", max_age=timedelta(days=2)),
        Stage("order", "Формирование заказа"),
        Stage("shipping", "Передан на отправку", aliases=("Передано на отправку",)),
        Stage("won", "Завершить сделку", Outcome.WON),
        Stage("lost", "Сделка провалена", Outcome.LOST),
    ),
    fields=(Field("waybill", "text", "ТТН"),),
)
RETAIL = Pipeline(
    "retail",
    "Розница",
    RecordType.DEAL,
    (
        Stage("new", "Новый заказ"),
        Stage("paid", "Оплачено", Outcome.WON),
        Stage("lost", "Отказ", Outcome.LOST),
    ),
)
LEADS = Pipeline(
    "leads",
    "Лиды",
    RecordType.LEAD,
    (
        Stage("contact", "Связаться"),
        Stage("converted", "Сделка", Outcome.WON),
        Stage("junk", "Брак", Outcome.LOST),
    ),
)
TASK_FIELDS = (
    Field("id", "reference", computed=True),
    Field("title", "text"),
    Field("status", "list"),
    Field("due", "datetime"),
    Field("assignee", "user"),
    Field("revision", "integer", computed=True),
)
OWN_FIELDS = {
    RecordType.DEAL: (
        Field("visit_date", "date", "Дата выезда"),
        Field("units", "integer"),
        Field("discount", "number"),
        Field("urgent", "boolean"),
        Field("cost", "money"),
    ),
}


def _with_choices(field: Field) -> Field:
    choices = {"source": SOURCE, "industry": INDUSTRY, "owner": USERS.user_choices}.get(field.name)
    return msgspec.structs.replace(field, choices=choices) if choices else field


USERS = Configuration(
    name="Торговый дом",
    currency="UAH",
    mode="leads",
    timezone="Europe/Kyiv",
    phone_region="UA",
    database="crm.json",
    fields={},
    pipelines=(WHOLESALE, RETAIL, LEADS),
    users=(User("anna", "Анна Коваль", "anna@example.com"), User("oleg", "Олег Бойко")),
)
CONFIGURATION = msgspec.structs.replace(
    USERS,
    fields={
        **{
            kind.value: tuple(_with_choices(field) for field in (*fields, *OWN_FIELDS.get(kind, ())))
            for kind, fields in STANDARD_FIELDS.items()
        },
        "task": TASK_FIELDS,
    },
)
CONVENTIONS = Conventions(NOW, "Europe/Kyiv", "UAH", "UA", me="anna")


class KnownLookups:
    """Other records, the changes of fields and stage entries, as a test tells them."""

    def __init__(
        self,
        records: Mapping[str, Mapping[str, Value]] | None = None,
        changes: Mapping[tuple[str, str], Sequence[str]] | None = None,
        entered: Mapping[str, str] | None = None,
        planned: Sequence[str] = (),
    ) -> None:
        self._records = records or {}
        self._changes = changes or {}
        self._entered = entered or {}
        self._planned = planned

    def reference(self, record_id: str, field: str) -> Value | None:
        return self._records.get(record_id, {}).get(field)

    def changes(self, record_id: str, field: str) -> Sequence[str]:
        return self._changes.get((record_id, field), ())

    def commit_of(self, record_id: str, field: str) -> int:
        return 0

    def stage_since(self, record_id: str) -> str | None:
        return self._entered.get(record_id)

    def has_open_task(self, record_id: str) -> bool:
        return record_id in self._planned


def _column(name: str) -> Callable[[Mapping[str, Value]], Value | None]:
    return lambda row: row.get(name)


class Asking:
    """Binds expressions over one record type and asks them of records given as plain mappings."""

    def __init__(self, kind: RecordType) -> None:
        self.scope = Scope(CONFIGURATION, kind, CONVENTIONS)

    def bound(self, text: str, **scope: object) -> Bound:
        return bind(parse(text), msgspec.structs.replace(self.scope, **scope))

    def holds(self, text: str, row: Mapping[str, Value], lookups: KnownLookups | None = None) -> bool:
        return self.bound(text).predicate(_column, lookups or KnownLookups())(row)

    def found(
        self, text: str, rows: Sequence[Mapping[str, Value]], lookups: KnownLookups | None = None
    ) -> list[Value]:
        passes = self.bound(text).predicate(_column, lookups or KnownLookups())
        return [row["id"] for row in rows if passes(row)]


@pytest.fixture(scope="session")
def deals() -> Asking:
    return Asking(RecordType.DEAL)


@pytest.fixture(scope="session")
def leads() -> Asking:
    return Asking(RecordType.LEAD)


@pytest.fixture(scope="session")
def contacts() -> Asking:
    return Asking(RecordType.CONTACT)


@pytest.fixture(scope="session")
def tasks() -> Asking:
    return Asking(RecordType.TASK)


@pytest.fixture(scope="session")
def lookups() -> type[KnownLookups]:
    return KnownLookups

"""A small trading house: leads, wholesale deals with a full set of gates, and pipelines with narrower ways."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import pytest

from crmctl.model.change import Change
from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration, MatchRules, User
from crmctl.model.field import Conventions, Field
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import CHOSEN_FROM, STANDARD_FIELDS
from crmctl.rules.assignment import Assignment, assigned
from crmctl.rules.context import Context
from crmctl.rules.convert import Conversion, convert
from crmctl.rules.create import NewRecord, create
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update

NOW = "2026-11-21T12:00:00+00:00"
OPEN, WON, LOST = Outcome.OPEN, Outcome.WON, Outcome.LOST


def require(*names: str, place: str = "") -> tuple[Requirement, ...]:
    return tuple(Requirement(name, place=place) for name in names)


LEADS = Pipeline(
    "leads",
    "Лиды",
    RecordType.LEAD,
    (
        Stage("new", "Связаться с клиентом"),
        Stage("in_work", "Взять в работу", aliases=("В работе",), require=require("phone")),
        Stage("qualified", "Качественный лид", WON, require=require("source")),
        Stage("junk", "Некачественный лид", LOST, require=require("reject_reason")),
    ),
    reasons="reject_reason",
)
WHOLESALE = Pipeline(
    "wholesale",
    "Опт",
    RecordType.DEAL,
    (
        Stage("new", "Новая", aliases=("Новая сделка",), probability=10),
        Stage("visit", "Выезд на магазин", probability=20, require=require("visit_date")),
        Stage("order", "Формирование заказа", probability=40, require=require("amount", "payment_details")),
        Stage(
            "shipping",
            "Передан на отправку",
            probability=90,
            require=(
                Requirement("waybill", place="pipelines/wholesale.yaml:12"),
                Requirement("address", "delivery = courier", "pipelines/wholesale.yaml:12"),
            ),
        ),
        Stage("won", "Завершить сделку", WON, probability=100),
        Stage("lost", "Сделка провалена", LOST, probability=0, require=require("lost_reason")),
    ),
    reasons="lost_reason",
)
# Step by step and never back.
TENDER = Pipeline(
    "tender",
    "Тендер",
    RecordType.DEAL,
    (
        Stage("draft", "Подготовить"),
        Stage("bid", "Подать заявку", require=require("amount")),
        Stage("talks", "Торговаться"),
        Stage("won", "Выигран", WON, probability=100),
        Stage("lost", "Проигран", LOST, probability=0),
    ),
    skip=False,
    back=False,
)
# What must be done before a stage is left; and stages that name their next.
COURSES = Pipeline(
    "courses",
    "Курсы",
    RecordType.DEAL,
    (
        Stage("enquiry", "Ответить", require_to_leave=require("source")),
        Stage("trial", "Пробное занятие", next=("paid", "lost"), require_to_leave=require("group")),
        Stage("paid", "Оплата", require=require("amount")),
        Stage("won", "Учится", WON),
        Stage("lost", "Отказ", LOST),
    ),
    fields=(Field("group", "text", "Группа"), Field("level", "text", "Уровень", default="beginner")),
)
LISTS = {
    "lost_reason": Choices("reason", (Choice("price", "Дорого"), Choice("competitor"), Choice("silent"))),
    "reject_reason": Choices("reason", (Choice("spam", "Спам"), Choice("off_target"))),
    "source": Choices(
        "source", (Choice("instagram"), Choice("website", "Сайт", ("CRM-форма",)), Choice("call"))
    ),
    "contact_type": Choices("contact_type", (Choice("client", "Клиент"), Choice("supplier"))),
}
PAYMENT = Choices("payment_details", (Choice("cash"), Choice("card", "Карта"), Choice("bank_transfer")))
DELIVERY = Choices("delivery", (Choice("courier", "Курьер"), Choice("pickup", "Самовывоз")))
CITIES = Choices("city", (Choice("kyiv", "Киев"), Choice("lviv", "Львов")))
USERS = (
    User("anna", "Анна Коваль", "anna@example.com", "manager", "retail"),
    User("oleg", "Олег Бойко", role="head", team="retail"),
    User("ira", "Ира", team="Опт"),
)
OWN_FIELDS: Mapping[RecordType, tuple[Field, ...]] = {
    RecordType.LEAD: (
        Field("city", "text", "Город"),
        Field("wish", "text", "Пожелание"),
        Field("budget", "money", "Бюджет клиента"),
    ),
    RecordType.CONTACT: (Field("city", "list", "Город", choices=CITIES),),
    RecordType.DEAL: (
        Field("waybill", "text", "ТТН", pattern=r"^\d{11,14}$", example="20450123456789"),
        Field("payment_details", "list", "Реквизиты оплаты", choices=PAYMENT),
        Field("delivery", "list", "Доставка", choices=DELIVERY),
        Field("address", "text", "Адрес доставки"),
        Field("visit_date", "date", "Дата выезда"),
        Field("deposit", "money", "Залог"),
        Field("plan", "long_text", "План"),
    ),
}


def with_choices(field: Field, users: Choices | None) -> Field:
    found = users if field.kind == "user" else LISTS.get(CHOSEN_FROM.get(field.name, ""))
    return msgspec.structs.replace(field, choices=found) if found else field


def configured() -> Configuration:
    bare = Configuration(
        name="Торговый дом",
        currency="UAH",
        mode="leads",
        timezone="Europe/Kyiv",
        phone_region="UA",
        database="crm.json",
        fields={},
        pipelines=(LEADS, WHOLESALE, TENDER, COURSES),
        users=USERS,
        lists=LISTS,
        default={"deal": "wholesale"},
        require={"contact": require("contact_type")},
        convert={"deal": {"wish": "plan", "budget": "amount"}},
        match=MatchRules(
            {"contact": (("email",), ("phone",), ("last_name", "first_name"))}, {"phone": ("+380999999999",)}
        ),
    )
    fields = {
        kind.value: tuple(
            with_choices(field, bare.user_choices) for field in (*standard, *OWN_FIELDS.get(kind, ()))
        )
        for kind, standard in STANDARD_FIELDS.items()
    }
    return msgspec.structs.replace(bare, fields=fields)


class House:
    """What a test asks of the rules, in the words of the command line."""

    def __init__(self, configuration: Configuration, by: str = "anna") -> None:
        conventions = Conventions(datetime.fromisoformat(NOW), "Europe/Kyiv", "UAH", "UA", me=by)
        self.configuration = configuration
        self.context = Context(configuration, conventions, by, NOW)

    def like(self, by: str = "anna", **changes: object) -> "House":
        """Return a house whose configuration differs."""
        return House(msgspec.structs.replace(self.configuration, **changes), by)

    def record(self, record_id: str, kind: str, /, **values: Value) -> Record:
        return Record({"id": record_id, "record": kind, "title": "Acme", **values})

    def deal(self, stage: str = "new", pipeline: str = "wholesale", /, **values: Value) -> Record:
        return self.record("D-1", "deal", pipeline=pipeline, stage=stage, **values)

    def lead(self, stage: str = "new", /, **values: Value) -> Record:
        return self.record("L-1", "lead", pipeline="leads", stage=stage, **values)

    def contact(self, record_id: str = "C-1", /, **values: Value) -> Record:
        return self.record(record_id, "contact", **{"contact_type": "client", **values})

    def company(self, record_id: str = "O-1", /, **values: Value) -> Record:
        return self.record(record_id, "company", **values)

    def typed(
        self, record: Record | None, *texts: str, kind: RecordType = RecordType.DEAL, pipeline: str = ""
    ) -> dict[str, Value | None]:
        """Return what `-s` texts write: `field=value`, `field+=value`, `field-=value`."""
        found = [read_assignment(text) for text in texts]
        kind, pipeline = (record.type, record.pipeline) if record else (kind, pipeline)
        return assigned(found, kind, self.context, record, pipeline)

    def move(self, record: Record, stage: str = "", *texts: str, **more: str) -> Change | Refusal:
        pipeline = more.get("pipeline") or record.pipeline
        values = assigned(
            [read_assignment(text) for text in texts], record.type, self.context, record, pipeline
        )
        return move(record, Move(stage, values=values, **more), self.context)  # type: ignore[arg-type]

    def moved(self, record: Record, stage: str = "", *texts: str, **more: str) -> Record:
        return done(self.move(record, stage, *texts, **more))

    def update(self, record: Record, *texts: str) -> Change | Refusal:
        return update(record, self.typed(record, *texts), self.context)

    def updated(self, record: Record, *texts: str) -> Record:
        return done(self.update(record, *texts))

    def create(self, kind: str, pipeline: str = "", stage: str = "", /, **values: Value) -> Change | Refusal:
        kind_ = RecordType(kind)
        new = NewRecord(kind_, {"title": "Acme", **values}, pipeline, stage)
        return create(f"{kind_.prefix}-9", new, self.context)

    def created(self, kind: str, pipeline: str = "", stage: str = "", /, **values: Value) -> Record:
        return done(self.create(kind, pipeline, stage, **values))

    def convert(self, lead: Record, to: str, **more: object) -> list[Change] | Refusal:
        kinds = tuple(RecordType(word) for word in to.split(",") if word)
        numbers = iter(range(100, 200))
        return convert(
            lead,
            Conversion(kinds, **more),  # type: ignore[arg-type]
            self.context,
            lambda kind: f"{kind.prefix}-{next(numbers)}",
        )

    def converted(self, lead: Record, to: str, **more: object) -> dict[str, Record]:
        """Return the records a conversion makes or changes, by their type."""
        answer = self.convert(lead, to, **more)
        assert isinstance(answer, list), answer
        return {change.record.type.value: change.record for change in answer}


def read_assignment(text: str) -> Assignment:
    name, _, value = text.partition("=")
    operator = "="
    if name.endswith(("+", "-")):
        name, operator = name[:-1], f"{name[-1]}="
    return Assignment(name, (value,), operator)


def done(answer: Change | Refusal) -> Record:
    assert isinstance(answer, Change), answer
    assert answer.after is not None
    return answer.after


@pytest.fixture(scope="session")
def house() -> House:
    return House(configured())


@pytest.fixture(scope="session")
def ready() -> dict[str, Value]:
    """What a wholesale deal holds that every gate lets through."""
    return {
        "visit_date": "2026-11-20",
        "amount": "1000.00",
        "currency": "UAH",
        "payment_details": "card",
        "waybill": "20450123456789",
        "delivery": "courier",
        "address": "Киев, Крещатик 1",
    }

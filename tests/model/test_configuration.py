"""A configuration finds what commands and records name."""

import msgspec
import pytest

from crmctl.errors import BadValue, NotFound, WrongUse
from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration, User
from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS


def pipeline(name: str, title: str, kind: RecordType, reasons: str = "", *fields: Field) -> Pipeline:
    stages = (Stage("new", "Новая"), Stage("won", "Успех", Outcome.WON), Stage("lost", "Отказ", Outcome.LOST))
    return Pipeline(name, title, kind, stages, reasons, fields=fields)


WORKSPACE = Configuration(
    name="Торговый дом",
    currency="UAH",
    mode="leads",
    timezone="Europe/Kyiv",
    phone_region="UA",
    database="crm.json",
    fields={
        **{kind.value: fields for kind, fields in STANDARD_FIELDS.items()},
        "deal": (
            *STANDARD_FIELDS[RecordType.DEAL],
            Field("weight", "number"),
            Field("delivery", "text", "Доставка"),
        ),
    },
    pipelines=(
        pipeline(
            "wholesale",
            "Опт",
            RecordType.DEAL,
            "big_reasons",
            Field("waybill", "text", "ТТН", aliases=("ttn",)),
        ),
        pipeline("retail", "Розница", RecordType.DEAL, "small_reasons"),
        pipeline("leads", "Лиды", RecordType.LEAD),
    ),
    users=(User("anna", "Анна Коваль", "anna@example.com"), User("oleg", "Олег Бойко")),
    lists={
        "big_reasons": Choices("reason", (Choice("price"), Choice("competitor"))),
        "small_reasons": Choices("reason", (Choice("price"), Choice("silent"))),
    },
    default={"deal": "retail"},
)


@pytest.mark.parametrize("name", ["delivery", "Delivery", "доставка", " Доставка "])
def test_a_field_is_found_by_id_or_title(name: str) -> None:
    assert WORKSPACE.field(RecordType.DEAL, name).name == "delivery"


def test_a_field_is_found_by_alias() -> None:
    assert WORKSPACE.field(RecordType.DEAL, "TTN").name == "waybill"


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_no_name_is_no_field_though_some_have_no_title(name: str) -> None:
    with pytest.raises(BadValue, match="unknown field"):
        WORKSPACE.field(RecordType.DEAL, name)


def test_an_unknown_field_is_refused_with_the_close_one() -> None:
    with pytest.raises(BadValue, match='unknown field "ammount"') as refused:
        WORKSPACE.field(RecordType.DEAL, "ammount")
    assert refused.value.hint == 'did you mean "amount"?'


@pytest.mark.parametrize(("of", "there"), [("wholesale", True), ("retail", False), ("", True)])
def test_a_pipelines_own_field_is_its_records_alone(of: str, there: bool) -> None:
    assert ("waybill" in WORKSPACE.fields_of(RecordType.DEAL, of)) is there


@pytest.mark.parametrize(
    ("of", "reasons"),
    [
        ("wholesale", {"price", "competitor"}),
        ("retail", {"price", "silent"}),
        ("", {"price", "competitor", "silent"}),
    ],
)
def test_reasons_are_the_pipelines(of: str, reasons: set[str]) -> None:
    field = WORKSPACE.fields_of(RecordType.DEAL, of)["lost_reason"]
    assert field.choices is not None
    assert {choice.id for choice in field.choices.items} == reasons


def test_a_pipeline_that_is_gone_has_no_stages_to_choose() -> None:
    field = WORKSPACE.fields_of(RecordType.DEAL, "removed")["stage"]
    assert field.choices is not None
    assert field.choices.items == ()


@pytest.mark.parametrize("name", ["wholesale", "ОПТ"])
def test_a_pipeline_is_named_by_id_or_title(name: str) -> None:
    assert WORKSPACE.pipeline(name, RecordType.DEAL).id == "wholesale"


def test_a_pipeline_of_another_type_is_not_found() -> None:
    with pytest.raises(NotFound, match='unknown pipeline "leads"') as refused:
        WORKSPACE.pipeline("leads", RecordType.DEAL)
    assert refused.value.hint == "one of: wholesale, retail"


def test_the_only_pipeline_of_a_type_is_meant() -> None:
    found = WORKSPACE.default_pipeline(RecordType.LEAD)
    assert found is not None
    assert found.id == "leads"


def test_the_default_pipeline_is_meant_among_several() -> None:
    found = WORKSPACE.default_pipeline(RecordType.DEAL)
    assert found is not None
    assert found.id == "retail"


def test_none_of_several_is_meant_without_a_default() -> None:
    without = msgspec.structs.replace(WORKSPACE, default={})
    assert without.default_pipeline(RecordType.DEAL) is None


@pytest.mark.parametrize("name", ["anna", "анна коваль", "ANNA@example.com"])
def test_a_user_is_known_by_id_name_or_address(name: str) -> None:
    assert WORKSPACE.known_user(name) == "anna"


@pytest.mark.parametrize("name", ["ivan", "", " "])
def test_a_stranger_is_no_user(name: str) -> None:
    assert WORKSPACE.known_user(name) is None


def test_nobody_is_known_where_no_users_are_declared() -> None:
    assert msgspec.structs.replace(WORKSPACE, users=()).known_user("anna") is None


def test_a_workspace_of_deals_keeps_no_leads() -> None:
    with pytest.raises(WrongUse, match="has no leads"):
        msgspec.structs.replace(WORKSPACE, mode="deals").check_kind(RecordType.LEAD)

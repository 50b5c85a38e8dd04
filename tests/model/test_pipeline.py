"""Pipelines are ordered stages of three outcomes."""

import pytest

from crmctl.errors import BadValue
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType

WHOLESALE = Pipeline(
    "wholesale",
    "Опт",
    RecordType.DEAL,
    (
        Stage("refused", "Отказ", Outcome.LOST),
        Stage("new", "Новая", aliases=("Новая сделка",)),
        Stage("order", "Формирование заказа"),
        Stage("won", "Завершить сделку", Outcome.WON),
        Stage("paid", "Оплачена", Outcome.WON),
        Stage("lost", "Сделка провалена", Outcome.LOST),
    ),
)


def test_records_start_at_the_first_open_stage() -> None:
    assert WHOLESALE.first.id == "new"


def test_the_first_stage_of_an_outcome_stands_for_it() -> None:
    assert (WHOLESALE.won.id, WHOLESALE.lost.id) == ("won", "refused")


def test_a_stage_is_found_by_its_id_alone() -> None:
    order = WHOLESALE.stage("order")
    assert order is not None
    assert order.title == "Формирование заказа"
    assert WHOLESALE.stage("Формирование заказа") is None


def test_a_stage_that_is_gone_has_a_title_that_says_so() -> None:
    assert WHOLESALE.stage_or_archived("call") == Stage("call", "call (archived)")
    assert WHOLESALE.stage_or_archived("new").title == "Новая"


@pytest.mark.parametrize(("stage", "place"), [("refused", 0), ("lost", 5), ("gone", -1)])
def test_a_stage_has_a_place_while_it_is_there(stage: str, place: int) -> None:
    assert WHOLESALE.position(stage) == place


@pytest.mark.parametrize(("stage", "outcome"), [("lost", "lost"), ("failed", "lost"), ("gone", "open")])
def test_a_stage_that_is_gone_comes_to_what_it_became(stage: str, outcome: str) -> None:
    stages = (Stage("new", "New"), Stage("lost", "Lost", Outcome.LOST, moved_from=("failed",)))
    assert Pipeline("p", "P", RecordType.DEAL, stages).outcome_of(stage) == outcome


@pytest.mark.parametrize("name", ["new", "НОВАЯ", " новая  сделка "])
def test_people_name_a_stage_by_id_title_or_alias(name: str) -> None:
    assert WHOLESALE.choices.find(name).id == "new"


def test_a_miss_names_the_pipeline_and_lists_its_stages() -> None:
    with pytest.raises(BadValue, match='unknown stage "shiping" of pipeline "wholesale"') as refused:
        WHOLESALE.choices.find("shiping")
    assert refused.value.hint == "one of: refused, new, order, won, paid, lost"


@pytest.mark.parametrize(
    ("kind", "field"), [(RecordType.LEAD, "reject_reason"), (RecordType.DEAL, "lost_reason")]
)
def test_the_reason_of_a_loss_has_its_field(kind: RecordType, field: str) -> None:
    assert Pipeline("p", "P", kind, WHOLESALE.stages).reason_field == field

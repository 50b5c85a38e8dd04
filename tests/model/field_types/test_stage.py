"""Stages are named by id, title or alias, in whatever pipeline has them."""

from typing import Any

import pytest

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices

STAGES = Choices(
    "stage",
    (
        Choice("new wholesale", "Новая", ("new", "Новая сделка")),
        Choice("shipping wholesale", "Передан на отправку", ("shipping",)),
        Choice("new retail", "Новый заказ", ("new",)),
        Choice("paid retail", "Новая", ("paid",)),
    ),
)


@pytest.fixture(scope="module")
def stage(read: Any) -> Any:
    return read("stage", "stage", paired="pipeline", choices=STAGES)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("shipping", "shipping"), ("ПЕРЕДАН НА ОТПРАВКУ", "shipping"), ("новая сделка", "new")],
)
def test_a_stage_is_named_by_id_title_or_alias(stage: Any, typed: str, kept: str) -> None:
    assert stage.parse(typed) == kept


def test_a_miss_lists_each_stage_once(stage: Any) -> None:
    with pytest.raises(BadValue, match='unknown stage "shiping"') as refused:
        stage.parse("shiping")
    assert refused.value.hint == "one of: new, shipping, paid"


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("new", "new wholesale", True),
        ("new", "new retail", True),
        ("Новый заказ", "new wholesale", False),
        ("Новая", "new wholesale", True),
        ("Новая", "paid retail", True),
        ("new", "new removed_pipeline", True),
    ],
)
def test_a_stage_is_compared_with_all_that_its_name_means(
    stage: Any, text: str, value: str, holds: bool
) -> None:
    assert stage.holds("=", text, value) is holds


def test_stages_have_no_order_to_compare_by(stage: Any) -> None:
    with pytest.raises(BadValue, match="stages have no < comparison"):
        stage.holds("<", "shipping", "new wholesale")


def test_stages_sort_by_their_place(stage: Any) -> None:
    sort_key = stage.field.type.sort_key
    names = ["gone wholesale", "shipping wholesale", "new wholesale"]
    assert sorted(names, key=lambda name: sort_key(name, stage.field)) == names[::-1]


def test_a_stage_that_is_gone_is_marked(stage: Any) -> None:
    assert stage.display("old wholesale") == "old (archived)"


@pytest.mark.parametrize("value", ["new", "shipping", "paid"])
def test_a_shown_stage_reads_back(stage: Any, value: str) -> None:
    assert stage.again(value) == value

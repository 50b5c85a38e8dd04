"""What may be said of what becomes of what is gone."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import BadValue
from crmctl.model.records import RecordType
from crmctl.rules.mapping import Gone, read_mapping

replace = msgspec.structs.replace


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("order", "is not of the form", "old_stage=new_stage"),
        ("order=", "is not of the form", "old_stage=new_stage"),
        ("visit=new", '"visit" is still there', "no longer has"),
        ("ordr=visit", 'nothing that is gone is called "ordr"', 'did you mean "order"?'),
        ("order=vizit", 'unknown stage "vizit" of pipeline "wholesale"', "new, visit"),
        ("order=nowhere/new", 'unknown pipeline "nowhere"', "wholesale"),
        ("source:post=call", '"post" was no value of source', ""),
        ("source:call=website", '"call" is still a value of source', ""),
        ("title:post=call", '"title" is no field that chooses from a list', ""),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(
    house: Any, becoming: Any, without_order: Any, text: str, message: str, hint: str
) -> None:
    with pytest.raises(BadValue, match=message) as wrong:
        becoming(house, without_order, text)
    assert hint in (wrong.value.hint or "")


def test_a_stage_that_is_gone_from_two_pipelines_is_named_with_one(house: Any) -> None:
    pipelines = tuple(
        replace(p, stages=tuple(s for s in p.stages if s.id not in ("visit", "bid", "new")))
        for p in house.configuration.pipelines
        if p.record is RecordType.DEAL
    )
    gone = Gone(
        frozenset({(RecordType.DEAL, ("wholesale", "talks")), (RecordType.DEAL, ("tender", "talks"))}),
    )
    with pytest.raises(BadValue, match='"talks" may be any of several') as wrong:
        read_mapping(["talks=won"], gone, house.like(pipelines=pipelines).configuration)
    assert wrong.value.hint == "write tender/talks or wholesale/talks"


def test_a_stage_of_a_pipeline_that_is_gone_needs_another_pipeline(house: Any, becoming: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "tender"))
    with pytest.raises(BadValue, match='pipeline "tender" is gone, too') as wrong:
        becoming(house, after, "tender/bid=order")
    assert wrong.value.hint == "write PIPELINE/order with one of: wholesale, courses"


def test_a_computed_field_takes_nothing_over(house: Any, becoming: Any, with_fields: Any) -> None:
    with pytest.raises(BadValue, match="takes nothing from another field"):
        becoming(house, with_fields(house, without="address"), "address=created_by")

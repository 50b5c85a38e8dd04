"""Where values go whose field, type or list entry is gone."""

from typing import Any

import pytest

from crmctl.model.choices import Choice
from crmctl.model.field import Field


def test_a_value_of_a_removed_field_has_nowhere_to_go_unless_another_takes_it(
    house: Any, becoming: Any, with_fields: Any
) -> None:
    after = with_fields(house, Field("note", "text"), without="address")
    deal = house.deal(address="Киев")
    assert becoming(house, after).effects(deal) == [("blocks", "field", "address", "Киев", "")]
    moved = becoming(house, after, "address=note")
    assert moved.effects(deal) == [("migrates", "field", "address", "Киев", "note")]
    assert moved.after(deal).values == {**house.deal().values, "note": "Киев"}
    filled = deal.having({"note": "else"})
    assert moved.effects(filled) == [("blocks", "field", "address", "Киев", "")]
    assert moved.of(filled).effects[0].why == "note is filled already"
    assert moved.effects(house.deal()) == []


def test_two_fields_that_go_into_one_lose_neither_value(house: Any, becoming: Any, with_fields: Any) -> None:
    after = with_fields(house, Field("note", "text"), without="address plan")
    both = becoming(house, after, "address=note", "plan=note")
    assert [each[0] for each in both.effects(house.deal(address="Киев", plan="A"))] == ["migrates", "blocks"]
    assert [each[0] for each in both.effects(house.deal(address="A", plan="A"))] == ["migrates", "migrates"]
    assert both.after(house.deal(plan="A")).get("note") == "A"


def test_an_amount_goes_over_with_its_currency_or_not_at_all(
    house: Any, becoming: Any, with_fields: Any
) -> None:
    after = with_fields(house, without="deposit")
    moved = becoming(house, after, "deposit=amount")
    deal = house.deal(deposit="5.00 UAH")
    assert moved.after(deal).values == {**house.deal().values, "amount": "5.00", "currency": "UAH"}
    assert moved.effects(deal.having({"currency": "USD"}))[0][0] == "blocks"


def test_a_text_that_becomes_a_list_takes_its_entries_and_what_is_said_of_others(
    house: Any, becoming: Any, with_fields: Any, with_ways: Any
) -> None:
    before = with_fields(house, Field("way", "text"))
    after = with_ways(house, Choice("van", "Фургон"))
    assert becoming(before, after).after(house.deal(way="фургон")).get("way") == "van"
    assert becoming(before, after).effects(house.deal(way="лошадь"))[0][:2] == ("blocks", "type")


def test_a_field_takes_over_only_what_is_a_value_of_it(house: Any, becoming: Any, with_fields: Any) -> None:
    after = with_fields(house, Field("metres", "integer"), without="address")
    moved = becoming(house, after, "address=metres")
    assert moved.after(house.deal(address="12")).get("metres") == 12
    assert moved.effects(house.deal(address="Киев"))[0][0] == "blocks"


def test_a_field_of_one_pipeline_is_lost_on_the_way_into_another(house: Any, becoming: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "courses"))
    deal = house.deal("enquiry", "courses", level="beginner")
    mapped = becoming(house, after, "courses/enquiry=tender/draft")
    assert [each[:3] for each in mapped.effects(deal)] == [
        ("migrates", "pipeline", "courses"),
        ("blocks", "field", "level"),
    ]


@pytest.mark.parametrize(
    ("kind", "held", "becomes"),
    [
        ("integer", "20450123456789", 20450123456789),
        ("text", "20450123456789", "20450123456789"),
        ("integer", "none", None),
        ("reference", "C-1", "C-1"),
        ("reference", "C-9", None),
    ],
)
def test_a_field_of_another_type_has_its_values_read_anew(
    house: Any, becoming: Any, with_fields: Any, kind: str, held: str, becomes: Any
) -> None:
    after = with_fields(house, Field("waybill", kind, to="contact" if kind == "reference" else ""))
    found = becoming(house, after).of(house.deal(waybill=held))
    if becomes is None:
        assert [(each.fate.value, each.what.value) for each in found.effects] == [("blocks", "type")]
    else:
        assert found.after.get("waybill") == becomes
    # What is kept as it was is no change.
    assert bool(found.effects) is (becomes != held)


def test_one_value_becomes_the_first_of_many_and_several_fit_no_single_field(
    house: Any, becoming: Any, with_fields: Any
) -> None:
    many = with_fields(house, Field("waybill", "text", multiple=True))
    assert becoming(house, many).after(house.deal(waybill="1")).get("waybill") == ["1"]
    back = becoming(many, house)
    assert back.after(house.deal(waybill=["20450123456789"])).get("waybill") == "20450123456789"
    assert back.effects(house.deal(waybill=["1", "2"]))[0][:2] == ("blocks", "type")


def test_a_value_that_its_list_no_longer_has_goes_where_it_is_said_to_go(
    house: Any, becoming: Any, with_ways: Any
) -> None:
    before, after = with_ways(house, Choice("post"), Choice("van")), with_ways(house, Choice("van"))
    deal = house.deal(way="post")
    assert becoming(before, after).effects(deal) == [("blocks", "value", "post", "post", "")]
    assert becoming(before, after, "way:post=van").after(deal).get("way") == "van"


def test_a_value_that_the_list_knows_as_an_alias_is_that_entry(
    house: Any, becoming: Any, with_ways: Any
) -> None:
    before = with_ways(house, Choice("post"))
    after = with_ways(house, Choice("mail", "", ("post",)))
    assert becoming(before, after).effects(house.deal(way="post")) == [
        ("migrates", "value", "post", "post", "mail")
    ]


def test_of_many_values_each_goes_its_way(house: Any, becoming: Any, with_ways: Any) -> None:
    before = with_ways(house, Choice("post"), Choice("van"), Choice("bike"), multiple=True)
    after = with_ways(house, Choice("van"), Choice("foot"), multiple=True)
    deal = house.deal(way=["post", "van", "bike"])
    both = becoming(before, after, "way:post=van", "way:bike=foot")
    assert both.after(deal).get("way") == ["van", "foot"]
    one = becoming(before, after, "way:post=van")
    assert [each[0] for each in one.effects(deal)] == ["migrates", "blocks"]
    assert one.after(deal) == deal

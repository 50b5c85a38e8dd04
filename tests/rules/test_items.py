"""The amount of a deal follows its lines until somebody sets another."""

from typing import Any

import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.rules.items import NewLine, with_line

TWO, FOUR = ["P-1 2 x 10.00 UAH"], ["P-1 4 x 10.00 UAH"]


def amount(deal: Any) -> tuple[object, object]:
    return deal.get("amount"), deal.get("currency")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({}, ("40.00", "UAH")),
        ({"items": TWO, "amount": "20.00", "currency": "UAH"}, ("40.00", "UAH")),
        ({"items": TWO, "amount": "19.00", "currency": "UAH"}, ("19.00", "UAH")),
        ({"items": TWO, "amount": "20.00", "currency": "USD"}, ("20.00", "USD")),
        ({"amount": "5.00", "currency": "UAH"}, ("5.00", "UAH")),
    ],
)
def test_new_lines_change_the_amount_that_followed_the_old_ones(
    house: Any, held: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert amount(house.updated(house.deal("new", **held), "items=P-1 4 x 10")) == expected


def test_lines_that_stay_leave_the_amount_alone(house: Any) -> None:
    deal = house.deal("new", items=TWO, amount="19.00", currency="UAH")
    assert amount(house.updated(deal, "comment=x")) == ("19.00", "UAH")


def test_an_amount_that_is_said_once_more_is_not_set_by_hand(house: Any) -> None:
    deal = house.deal("new", items=TWO, amount="20.00", currency="UAH")
    assert amount(house.updated(deal, "items=P-1 4 x 10", "amount=20 UAH")) == ("40.00", "UAH")
    assert amount(house.updated(deal, "items=P-1 4 x 10", "amount=30 UAH")) == ("30.00", "UAH")


def test_a_move_follows_too_and_its_gate_sees_the_sum(house: Any) -> None:
    deal = house.deal("new", visit_date="2026-01-01", payment_details="card")
    assert amount(house.moved(deal, "order", "items=P-1 4 x 10")) == ("40.00", "UAH")


def test_lines_are_for_deals_and_of_products(house: Any) -> None:
    product = house.record("P-1", "product", price="10.00", currency="UAH")
    for record, other in ((house.lead(), product), (house.deal(), house.lead())):
        with pytest.raises(WrongUse):
            with_line(record, other, NewLine(), house.context)


def test_a_line_is_in_the_currency_of_the_deal(house: Any) -> None:
    product = house.record("P-1", "product", price="10.00", currency="USD")
    deal = house.deal("new", amount="5.00", currency="UAH")
    with pytest.raises(Refused, match="is in UAH"):
        with_line(deal, product, NewLine(), house.context)
    assert with_line(deal, product, NewLine(price="400"), house.context) == {"items": ["P-1 1 x 400.00 UAH"]}

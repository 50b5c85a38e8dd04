"""Links between records, and documents of a record."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Requirement
from crmctl.model.records import Record
from crmctl.rules.decision import Refusal
from crmctl.rules.link import attach, detach, link, unlink


def changed(answer: Change | Refusal) -> Record:
    assert isinstance(answer, Change), answer
    return answer.record


def told(answer: Change | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.message


def test_a_contact_belongs_to_any_number_of_companies(house: Any) -> None:
    contact = changed(link(house.contact(companies=["O-1"]), house.company("O-2"), house.context))
    assert contact.many("companies") == ["O-1", "O-2"]


def test_records_are_linked_in_whichever_order_they_are_named(house: Any) -> None:
    contact = changed(link(house.company("O-2"), house.contact(), house.context))
    assert (contact.id, contact.many("companies")) == ("C-1", ["O-2"])


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_a_deal_is_linked_to_a_contact_and_a_company(house: Any, kind: str) -> None:
    other = house.record("C-7" if kind == "contact" else "O-7", kind)
    assert changed(link(house.deal(), other, house.context)).get(kind) == other.id


def test_a_deal_is_linked_to_an_earlier_one(house: Any) -> None:
    earlier = house.deal().having({"id": "D-2"})
    assert changed(link(house.deal(), earlier, house.context)).get("previous_deal") == "D-2"


def test_two_deals_are_not_each_others_earlier_one(house: Any) -> None:
    later = house.deal().having({"id": "D-2", "previous_deal": "D-1"})
    assert "is linked to D-1 already" in told(link(house.deal(), later, house.context))


def test_a_link_that_is_there_changes_nothing(house: Any) -> None:
    for record, other in (
        (house.contact(companies=["O-1"]), house.company()),
        (house.deal(contact="C-1"), house.contact()),
    ):
        answer = link(record, other, house.context)
        assert isinstance(answer, Change)
        assert answer.differences() == {}


def test_a_deal_with_another_contact_is_refused_with_the_cure(house: Any) -> None:
    answer = link(house.deal(contact="C-9"), house.contact(), house.context)
    assert told(answer) == 'D-1 "Acme" is linked to C-9 already'
    assert isinstance(answer, Refusal)
    assert answer.hint == "crmctl unlink D-1 C-9"


@pytest.mark.parametrize(("one", "other"), [("lead", "deal"), ("contact", "contact"), ("company", "company")])
def test_what_cannot_be_linked_is_refused_with_what_can(house: Any, one: str, other: str) -> None:
    with pytest.raises(WrongUse, match=f"a {one} cannot be linked to a {other}") as wrong:
        link(house.record("X-1", one), house.record("X-2", other), house.context)
    assert "a contact and a company" in wrong.value.hint


def test_a_deal_is_not_linked_to_itself(house: Any) -> None:
    with pytest.raises(WrongUse, match="cannot be linked to itself"):
        link(house.deal(), house.deal(), house.context)


@pytest.mark.parametrize("turned", [False, True])
def test_a_link_is_taken_away_in_whichever_order(house: Any, turned: bool) -> None:
    pair = [house.contact(companies=["O-1", "O-2"]), house.company("O-1")]
    one, other = reversed(pair) if turned else pair
    assert changed(unlink(one, other, house.context)).many("companies") == ["O-2"]


@pytest.mark.parametrize("turned", [False, True])
def test_deals_are_unlinked_in_whichever_order(house: Any, turned: bool) -> None:
    pair = [house.deal(previous_deal="D-2"), house.deal().having({"id": "D-2"})]
    one, other = reversed(pair) if turned else pair
    record = changed(unlink(one, other, house.context))
    assert (record.id, record.get("previous_deal")) == ("D-1", None)


def test_a_link_that_is_not_there_cannot_be_taken_away(house: Any) -> None:
    assert (
        told(unlink(house.deal(), house.contact(), house.context)) == 'D-1 "Acme" is not linked to C-1 "Acme"'
    )


def test_a_link_that_a_gate_requires_is_not_taken_away(house: Any) -> None:
    tender = house.configuration.pipeline("tender")
    first = msgspec.structs.replace(tender.stages[0], require=(Requirement("contact"),))
    asking = house.like(pipelines=(msgspec.structs.replace(tender, stages=(first, *tender.stages[1:])),))
    deal = house.deal("draft", "tender", contact="C-1")
    answer = unlink(deal, house.contact(), asking.context)
    assert isinstance(answer, Refusal)
    assert [each.name for each in answer.missing] == ["contact"]


def test_documents_are_attached_once_and_detached(house: Any) -> None:
    record = changed(attach(house.deal(), "https://example.com/offer.pdf", house.context))
    again = attach(record, "https://example.com/offer.pdf", house.context)
    assert isinstance(again, Change)
    assert again.differences() == {}
    assert changed(detach(record, "https://example.com/offer.pdf", house.context)).many("documents") == []


def test_a_document_that_is_not_there_cannot_be_detached(house: Any) -> None:
    assert told(detach(house.deal(), "x.pdf", house.context)) == 'D-1 "Acme" has no document "x.pdf"'

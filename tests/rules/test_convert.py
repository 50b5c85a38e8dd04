"""Conversion: a lead is won and becomes records that know each other, all of them or none."""

from itertools import combinations
from typing import Any

import msgspec
import pytest

from crmctl.errors import NotFound, WrongUse
from crmctl.model.pipeline import Requirement
from crmctl.model.records import RecordType
from crmctl.rules.carry import carried
from crmctl.rules.decision import Refusal

CLIENT = {RecordType.CONTACT: {"contact_type": "client"}}


@pytest.fixture
def lead(house: Any) -> Any:
    return house.lead(
        "in_work",
        title="Ирина, опт",
        first_name="Ирина",
        last_name="Ткач",
        company_name="Ромашка",
        phone=["+380501234567"],
        phone_typed=["050 123 45 67"],
        email=["ira@example.com"],
        source="website",
        owner="oleg",
        tags=["vip"],
        comment="перезвонить",
        amount="1000.00",
        currency="USD",
        address="Киев",
    )


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refusal)
    return [each.name for each in answer.missing]


@pytest.mark.parametrize(
    "to",
    [",".join(some) for size in (1, 2, 3) for some in combinations(("contact", "company", "deal"), size)],
)
def test_a_lead_becomes_any_combination(house: Any, lead: Any, to: str) -> None:
    made = house.converted(lead, to, values=CLIENT)
    assert set(made) == {*to.split(","), "lead"}
    assert sorted(made["lead"].many("converted_to")) == sorted(made[kind].id for kind in to.split(","))


def test_the_lead_is_won(house: Any, lead: Any) -> None:
    won = house.converted(lead, "company")["lead"]
    assert (won.stage, won.get("closed_at")) == ("qualified", house.context.at)


def test_the_new_records_know_each_other_and_their_lead(house: Any, lead: Any) -> None:
    made = house.converted(lead, "deal,contact,company", values=CLIENT)
    assert made["contact"].many("companies") == [made["company"].id]
    assert (made["deal"].get("contact"), made["deal"].get("company")) == (
        made["contact"].id,
        made["company"].id,
    )
    assert {made[kind].get("origin_lead") for kind in ("contact", "company", "deal")} == {"L-1"}


def test_titles_are_the_persons_the_companys_and_the_leads(house: Any, lead: Any) -> None:
    made = house.converted(lead, "deal,contact,company", values=CLIENT)
    assert [made[kind].title for kind in ("contact", "company", "deal")] == [
        "Ирина Ткач",
        "Ромашка",
        "Ирина, опт",
    ]


@pytest.mark.parametrize(("values", "title"), [({"name": "Ткач Ирина"}, "Ткач Ирина"), ({}, "Acme")])
def test_a_contact_without_name_parts_is_called_as_the_lead_is(
    house: Any, values: dict[str, str], title: str
) -> None:
    lead = house.lead("in_work", phone=["+380501234567"], source="call", **values)
    assert house.converted(lead, "contact", values=CLIENT)["contact"].title == title


def test_a_contacts_title_is_built_from_a_name_that_is_given(house: Any) -> None:
    lead = house.lead("in_work", phone=["+380501234567"], source="call")
    given = {RecordType.CONTACT: {"contact_type": "client", "first_name": "Анна", "last_name": "Коваль"}}
    assert house.converted(lead, "contact", values=given)["contact"].title == "Анна Коваль"


def test_fields_of_the_same_name_go_along(house: Any, lead: Any) -> None:
    made = house.converted(lead, "deal,contact", values=CLIENT)
    deal, contact = made["deal"], made["contact"]
    assert [
        deal.get(name) for name in ("source", "owner", "tags", "comment", "amount", "currency", "address")
    ] == [*("website", "oleg", ["vip"], "перезвонить", "1000.00", "USD", "Киев")]
    assert contact.many("phone") == ["+380501234567"]
    assert contact.many("phone_typed") == ["050 123 45 67"]
    assert contact.many("email") == ["ira@example.com"]


@pytest.mark.parametrize(
    "name", ["external_id", "documents", "closed_at", "reject_reason", "created_at", "revision"]
)
def test_what_is_the_leads_alone_stays_with_it(house: Any, lead: Any, name: str) -> None:
    marked = lead.having({name: ["x"] if name == "documents" else "x"})
    assert carried(marked, RecordType.DEAL, house.context).get(name) is None


def test_mapped_fields_go_along(house: Any, lead: Any) -> None:
    made = house.converted(lead.having({"wish": "  два вагона"}), "deal")
    assert made["deal"].get("plan") == "  два вагона"


def test_a_mapped_amount_is_split_from_its_currency(house: Any, lead: Any) -> None:
    bare = lead.having({"amount": None, "currency": None, "budget": "700.00 EUR"})
    made = house.converted(bare, "deal")
    assert (made["deal"].get("amount"), made["deal"].get("currency")) == ("700.00", "EUR")


@pytest.mark.parametrize("text", ["Киев", "киев", "kyiv"])
def test_text_that_goes_to_a_list_is_read_by_it(house: Any, lead: Any, text: str) -> None:
    made = house.converted(lead.having({"city": text}), "contact", values=CLIENT)
    assert made["contact"].get("city") == "kyiv"


def test_a_value_that_the_other_field_does_not_take_is_refused(house: Any, lead: Any) -> None:
    with pytest.raises(WrongUse, match=r'city does not go to contact city .*"Винница"') as wrong:
        house.convert(lead.having({"city": "Винница"}), "contact", values=CLIENT)
    assert wrong.value.hint == "add -s contact.city=VALUE"


def test_another_value_may_be_given_for_one_that_does_not_go(house: Any, lead: Any) -> None:
    given = {RecordType.CONTACT: {"contact_type": "client", "city": "lviv"}}
    assert (
        house.converted(lead.having({"city": "Винница"}), "contact", values=given)["contact"].get("city")
        == "lviv"
    )


def test_a_value_that_does_not_go_does_not_hinder_looking_for_duplicates(house: Any, lead: Any) -> None:
    assert "city" not in carried(lead.having({"city": "Винница"}), RecordType.CONTACT, house.context)


def test_given_values_go_before_those_of_the_lead(house: Any, lead: Any) -> None:
    given = {RecordType.DEAL: {"amount": "5.00", "currency": "UAH", "title": "Партия"}}
    deal = house.converted(lead, "deal", values=given)["deal"]
    assert (deal.get("amount"), deal.get("currency"), deal.title) == ("5.00", "UAH", "Партия")


def test_a_given_currency_fits_the_leads_amount_to_it(house: Any, lead: Any) -> None:
    given = {RecordType.DEAL: {"currency": "JPY"}}
    assert house.converted(lead, "deal", values=given)["deal"].get("amount") == "1000"
    with pytest.raises(WrongUse, match="JPY has 0 decimals"):
        house.convert(lead.having({"amount": "10.50"}), "deal", values=given)


def test_the_deal_starts_at_the_first_stage_unless_one_is_named(house: Any, lead: Any) -> None:
    assert house.converted(lead, "deal", pipeline="wholesale")["deal"].stage == "new"
    assert house.converted(lead, "deal", pipeline="Тендер", stage="bid")["deal"].stage == "bid"


def test_fields_of_another_pipeline_do_not_go_along(house: Any, lead: Any) -> None:
    levelled = house.like(
        fields={
            **house.configuration.fields,
            "lead": (*house.configuration.fields["lead"], house.configuration.pipeline("courses").fields[0]),
        }
    )
    grouped = lead.having({"group": "A1"})
    assert levelled.converted(grouped, "deal", pipeline="courses")["deal"].get("group") == "A1"
    assert levelled.converted(grouped, "deal", pipeline="wholesale")["deal"].get("group") is None


def test_an_unknown_pipeline_is_not_found(house: Any, lead: Any) -> None:
    with pytest.raises(NotFound):
        house.convert(lead, "deal", pipeline="opt")


# Gates.


def test_what_any_of_the_records_lacks_refuses_all_and_is_named_with_its_record(
    house: Any, lead: Any
) -> None:
    bare = lead.having({"source": None, "company_name": None})
    answer = house.convert(bare, "company,contact,deal", stage="visit", pipeline="wholesale")
    assert refused(answer) == ["company.title", "contact.contact_type", "deal.visit_date", "lead.source"]
    assert answer.message == 'L-1 "Ирина, опт" cannot be converted: 4 required fields are empty'


def test_values_given_for_the_lead_open_its_gate(house: Any, lead: Any) -> None:
    given = {RecordType.LEAD: {"source": "call"}}
    assert (
        house.converted(lead.having({"source": None}), "company", values=given)["lead"].get("source")
        == "call"
    )


def test_the_leads_gates_on_the_way_hold(house: Any) -> None:
    assert refused(house.convert(house.lead(source="call", company_name="Acme"), "company")) == ["lead.phone"]


def test_the_gate_to_leave_holds_for_a_conversion(house: Any, lead: Any) -> None:
    leads = house.configuration.pipeline("leads")
    stages = tuple(
        msgspec.structs.replace(stage, require_to_leave=(Requirement("wish"),))
        if stage.id == "in_work"
        else stage
        for stage in leads.stages
    )
    asking = house.like(pipelines=(msgspec.structs.replace(leads, stages=stages),))
    assert refused(asking.convert(lead, "company")) == ["lead.wish"]


def test_the_moves_of_the_leads_pipeline_hold(house: Any, lead: Any) -> None:
    leads = msgspec.structs.replace(house.configuration.pipeline("leads"), skip=False)
    stepwise = house.like(pipelines=(leads,))
    answer = stepwise.convert(lead.having({"stage": "new"}), "company")
    assert isinstance(answer, Refusal)
    assert answer.code == "not_allowed"
    assert isinstance(stepwise.convert(lead, "company"), list)


def test_a_lead_that_was_moved_to_won_can_still_be_converted(house: Any, lead: Any) -> None:
    made = house.converted(house.moved(lead, "qualified"), "company")
    assert made["lead"].many("converted_to") == [made["company"].id]


def test_a_rejected_lead_that_is_converted_was_not_rejected(house: Any, lead: Any) -> None:
    rejected = house.moved(lead, "junk", reason="spam")
    assert house.converted(rejected, "company")["lead"].get("reject_reason") is None


def test_a_lead_is_not_converted_twice(house: Any, lead: Any) -> None:
    answer = house.convert(lead.having({"converted_to": ["D-1", "C-1"]}), "deal")
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.message) == (
        "already_converted",
        'L-1 "Ирина, опт" was converted already, to D-1, C-1',
    )


def test_only_leads_are_converted(house: Any) -> None:
    with pytest.raises(WrongUse, match="is no lead"):
        house.convert(house.deal(), "contact")


def test_a_lead_of_a_pipeline_that_is_gone_is_not_converted(house: Any, lead: Any) -> None:
    answer = house.convert(lead.having({"pipeline": "removed"}), "deal")
    assert isinstance(answer, Refusal)
    assert 'is in pipeline "removed", which is gone' in answer.message


# Known records.


def test_of_a_known_contact_only_empty_fields_are_filled(house: Any, lead: Any) -> None:
    known = house.contact("C-5", title="Ирина", phone=["+380671111111"], owner="anna")
    made = house.converted(lead, "contact", known={RecordType.CONTACT: known})
    contact = made["contact"]
    assert (contact.id, contact.title, contact.get("owner")) == ("C-5", "Ирина", "anna")
    assert (contact.many("phone"), contact.many("phone_typed")) == (["+380671111111"], [])
    assert contact.many("email") == ["ira@example.com"]


def test_a_known_contact_keeps_its_companies_and_gets_the_new_one(house: Any, lead: Any) -> None:
    known = house.contact("C-5", companies=["O-3"])
    made = house.converted(lead, "contact,company", known={RecordType.CONTACT: known})
    assert made["contact"].many("companies") == ["O-3", made["company"].id]


def test_a_new_deal_refers_to_the_known_records(house: Any, lead: Any) -> None:
    known = {RecordType.CONTACT: house.contact("C-5"), RecordType.COMPANY: house.company("O-6")}
    made = house.converted(lead, "contact,company,deal", known=known)
    assert (made["deal"].get("contact"), made["deal"].get("company")) == ("C-5", "O-6")
    assert made["lead"].many("converted_to") == ["O-6", "C-5", made["deal"].id]


def test_given_values_are_set_on_a_known_record(house: Any, lead: Any) -> None:
    known = {RecordType.CONTACT: house.contact("C-5", owner="anna")}
    given = {RecordType.CONTACT: {"owner": "ira"}}
    assert house.converted(lead, "contact", known=known, values=given)["contact"].get("owner") == "ira"


def test_what_a_known_record_lacked_before_does_not_hold_back_the_conversion(house: Any, lead: Any) -> None:
    known = {RecordType.CONTACT: house.contact("C-5").having({"contact_type": None})}
    assert isinstance(house.convert(lead, "contact", known=known), list)

"""What becomes of a stored record when the configuration changes."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.footprint import footprint_of
from crmctl.model.pipeline import Outcome, Requirement, Stage
from crmctl.model.records import Record, RecordType
from crmctl.rules.assignment import Assignment
from crmctl.rules.mapping import Gone, gone_since, read_mapping
from crmctl.rules.migration import Migrated, Migration

replace = msgspec.structs.replace
NOW = "2026-11-21T12:00:00+00:00"
EARLIER = "2026-01-02T03:04:05+00:00"


class Change:
    """The house before and after its configuration changed."""

    def __init__(self, before: Any, after: Any, *maps: str, known: bool = True, **fills: str) -> None:
        former = footprint_of(before.configuration)
        gone = gone_since(former, after.configuration)
        mapped = read_mapping(maps, gone, after.configuration)
        given = [Assignment(name, (text,)) for name, text in fills.items()]
        self._migration = Migration(
            after.context, former if known else None, mapped, given, exists={"C-1"}.__contains__
        )

    def of(self, record: Record) -> Migrated:
        return self._migration.of(record)

    def after(self, record: Record) -> Record:
        return self.of(record).after

    def effects(self, record: Record) -> list[tuple[str, ...]]:
        return [
            (each.fate.value, each.what.value, each.name, each.old, each.new)
            for each in self.of(record).effects
        ]


def with_stages(house: Any, *stages: Stage, pipeline: str = "wholesale") -> Any:
    pipelines = house.configuration.pipelines
    changed = tuple(replace(each, stages=stages) if each.id == pipeline else each for each in pipelines)
    return house.like(pipelines=changed)


def with_fields(house: Any, *fields: Field, without: str = "") -> Any:
    """Return the house with other fields of deals; those of the same name are replaced."""
    names = {*(field.name for field in fields), *without.split()}
    kept = [field for field in house.configuration.fields["deal"] if field.name not in names]
    return house.like(fields={**house.configuration.fields, "deal": (*kept, *fields)})


@pytest.fixture
def stages(house: Any) -> dict[str, Stage]:
    pipeline = house.configuration.pipeline_by_id("wholesale")
    return {stage.id: stage for stage in pipeline.stages}


@pytest.fixture
def without_order(house: Any, stages: dict[str, Stage]) -> Any:
    return with_stages(house, *(each for each in stages.values() if each.id != "order"))


def test_a_record_whose_place_is_there_stays_the_very_same(house: Any) -> None:
    deal = house.deal("visit", visit_date="2026-01-01")
    assert Change(house, house).of(deal) == Migrated(deal, ())


def test_a_renamed_stage_takes_its_records_along_and_nothing_else_changes(
    house: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], id="meeting", moved_from=("visit",), probability=33)
    change = Change(house, with_stages(house, *stages.values()))
    deal = house.deal("visit", visit_date="2026-01-01", probability=20)
    assert change.effects(deal) == [("migrates", "stage", "visit", "wholesale/visit", "wholesale/meeting")]
    assert change.after(deal).values == {**deal.values, "stage": "meeting"}


def test_a_record_on_a_removed_stage_has_nowhere_to_go(house: Any, without_order: Any) -> None:
    deal = house.deal("order")
    change = Change(house, without_order)
    assert change.effects(deal)[0] == ("blocks", "stage", "order", "wholesale/order", "")
    assert change.after(deal) is deal


def test_it_goes_where_it_is_said_to_go(house: Any, without_order: Any) -> None:
    assert Change(house, without_order, "order=visit").after(house.deal("order")).stage == "visit"
    moved = Change(house, without_order, "wholesale/order=tender/bid").after(house.deal("order"))
    assert (moved.pipeline, moved.stage) == ("tender", "bid")


def test_what_is_said_goes_before_what_the_stage_says(house: Any, stages: dict[str, Stage]) -> None:
    stages["shipping"] = replace(stages["shipping"], moved_from=("order",))
    del stages["order"]
    after = with_stages(house, *stages.values())
    assert Change(house, after).after(house.deal("order")).stage == "shipping"
    assert Change(house, after, "order=visit").after(house.deal("order")).stage == "visit"


def test_renames_of_renames_are_followed(house: Any, stages: dict[str, Stage]) -> None:
    stages["visit"] = replace(stages["visit"], id="meeting", moved_from=("visit",))
    between = with_stages(house, *stages.values())
    stages["visit"] = replace(stages["visit"], id="call", moved_from=("meeting",))
    assert Change(between, with_stages(house, *stages.values())).after(house.deal("visit")).stage == "call"


def test_renames_in_a_circle_lead_nowhere(house: Any, stages: dict[str, Stage]) -> None:
    stages["visit"] = replace(stages["visit"], moved_from=("order",))
    stages["order"] = replace(stages["order"], moved_from=("visit",))
    before = with_stages(house, *stages.values())
    del stages["visit"], stages["order"]
    assert Change(before, with_stages(house, *stages.values())).effects(house.deal("visit"))[0][0] == "blocks"


def test_a_removed_pipeline_goes_into_another_by_the_ids_of_its_stages(house: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "tender"))
    change = Change(house, after, "tender=wholesale", "tender/draft=new")
    assert change.effects(house.deal("draft", "tender"))[0] == (
        *("migrates", "pipeline", "tender", "tender/draft", "wholesale/new"),
    )
    assert change.after(house.deal("lost", "tender", closed_at=EARLIER)).pipeline == "wholesale"
    assert change.effects(house.deal("talks", "tender"))[0] == (
        *("blocks", "stage", "talks", "tender/talks", ""),
    )


def test_a_pipeline_that_is_for_other_records_now_is_gone_for_these(house: Any) -> None:
    pipelines = house.configuration.pipelines
    turned = tuple(replace(p, record=RecordType.LEAD) if p.id == "tender" else p for p in pipelines)
    change = Change(house, house.like(pipelines=turned))
    assert change.effects(house.deal("draft", "tender"))[0][:2] == ("blocks", "pipeline")


@pytest.mark.parametrize(
    ("was", "now", "held", "becomes"),
    [
        (Outcome.OPEN, Outcome.WON, {"probability": 40}, {"probability": 100, "closed_at": NOW}),
        (Outcome.WON, Outcome.OPEN, {"probability": 100, "closed_at": EARLIER}, {"probability": 40}),
        (
            Outcome.LOST,
            Outcome.WON,
            {"probability": 0, "closed_at": EARLIER, "lost_reason": "price"},
            {"probability": 100, "closed_at": EARLIER},
        ),
        (
            Outcome.WON,
            Outcome.LOST,
            {"probability": 100, "closed_at": EARLIER},
            {"probability": 0, "closed_at": EARLIER},
        ),
    ],
)
def test_with_the_outcome_of_a_stage_changes_what_follows_from_it(
    house: Any, stages: dict[str, Stage], was: Outcome, now: Outcome, held: Any, becomes: Any
) -> None:
    chances = {Outcome.OPEN: 40, Outcome.WON: 100, Outcome.LOST: 0}
    then, present = (
        replace(stages["order"], outcome=o, probability=chances[o], require=()) for o in (was, now)
    )
    before = with_stages(house, *({**stages, "order": then}).values())
    after = with_stages(house, *({**stages, "order": present}).values())
    change = Change(before, after)
    deal = house.deal("order", **held)
    assert change.effects(deal)[0] == ("migrates", "outcome", "order", was.value, now.value)
    assert change.after(deal).values == {**house.deal("order").values, **becomes}
    assert "migrates" not in [each[0] for each in change.effects(change.after(deal))]


def test_a_won_record_whose_stage_is_renamed_was_closed_when_it_was(
    house: Any, stages: dict[str, Stage]
) -> None:
    stages["won"] = replace(stages["won"], id="sold", moved_from=("won",))
    after = with_stages(house, *stages.values())
    deal = house.deal("won", closed_at=EARLIER, probability=90, waybill="20450123456789")
    for known in (True, False):
        moved = Change(house, after, known=known).after(deal)
        assert (moved.stage, moved.get("closed_at"), moved.get("probability")) == ("sold", EARLIER, 90)


def test_only_what_was_not_required_before_is_told_as_lacking(house: Any, stages: dict[str, Stage]) -> None:
    stages["visit"] = replace(stages["visit"], require=(Requirement("visit_date"), Requirement("source")))
    after = with_stages(house, *stages.values())
    deal = house.deal("order")
    assert Change(house, after).effects(deal) == [("lacks", "requirement", "source", "", "")]
    names = [each[2] for each in Change(house, after, known=False).effects(deal)]
    assert names == ["visit_date", "source", "amount", "payment_details"]


def test_what_a_stage_asks_for_that_takes_a_record_in_is_lacking(house: Any, without_order: Any) -> None:
    change = Change(house, without_order, "order=shipping")
    assert [each[:3] for each in change.effects(house.deal("order"))] == [
        ("migrates", "stage", "order"),
        ("lacks", "requirement", "waybill"),
    ]


def test_a_condition_is_asked_of_the_record_as_it_will_be(house: Any, without_order: Any) -> None:
    change = Change(house, without_order, "order=shipping")
    deal = house.deal("order", waybill="20450123456789", delivery="courier")
    assert [each[2] for each in change.effects(deal)] == ["order", "address"]
    assert [each[2] for each in change.effects(deal.having({"delivery": "pickup"}))] == ["order"]


def test_a_given_value_fills_what_is_lacking_and_nothing_else(house: Any, stages: dict[str, Stage]) -> None:
    stages["visit"] = replace(stages["visit"], require=(Requirement("source"),))
    change = Change(house, with_stages(house, *stages.values()), source="Сайт")
    assert change.effects(house.deal("visit")) == [("migrates", "requirement", "source", "", "website")]
    assert change.after(house.deal("visit")).get("source") == "website"
    assert change.effects(house.deal("visit", source="call")) == []
    assert change.effects(house.deal("new")) == []


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (Field("way", "text", multiple=True), "a; b", "a; b"),
        (Field("way", "integer"), "0", "0"),
        (Field("way", "boolean"), "no", "false"),
        (Field("way", "money"), "5", "5.00 UAH"),
        (Field("way", "tags", multiple=True), ";", None),
    ],
)
def test_a_filled_value_is_told_as_its_field_shows_it(
    house: Any, field: Field, text: str, shown: str | None
) -> None:
    paired = replace(field, paired="currency") if field.kind == "money" else field
    before = with_fields(house, paired)
    change = Change(before, before.like(require={"deal": (Requirement("way"),)}), way=text)
    verdict = "lacks" if shown is None else "migrates"
    assert change.effects(house.deal()) == [(verdict, "requirement", "way", "", shown or "")]


def test_a_value_of_a_removed_field_has_nowhere_to_go_unless_another_takes_it(house: Any) -> None:
    after = with_fields(house, Field("note", "text"), without="address")
    deal = house.deal(address="Киев")
    assert Change(house, after).effects(deal) == [("blocks", "field", "address", "Киев", "")]
    moved = Change(house, after, "address=note")
    assert moved.effects(deal) == [("migrates", "field", "address", "Киев", "note")]
    assert moved.after(deal).values == {**house.deal().values, "note": "Киев"}
    filled = deal.having({"note": "else"})
    assert moved.effects(filled) == [("blocks", "field", "address", "Киев", "")]
    assert moved.of(filled).effects[0].why == "note is filled already"
    assert moved.effects(house.deal()) == []


def test_two_fields_that_go_into_one_lose_neither_value(house: Any) -> None:
    after = with_fields(house, Field("note", "text"), without="address plan")
    both = Change(house, after, "address=note", "plan=note")
    assert [each[0] for each in both.effects(house.deal(address="Киев", plan="A"))] == ["migrates", "blocks"]
    assert [each[0] for each in both.effects(house.deal(address="A", plan="A"))] == ["migrates", "migrates"]
    assert both.after(house.deal(plan="A")).get("note") == "A"


def test_an_amount_goes_over_with_its_currency_or_not_at_all(house: Any) -> None:
    after = with_fields(house, without="deposit")
    moved = Change(house, after, "deposit=amount")
    deal = house.deal(deposit="5.00 UAH")
    assert moved.after(deal).values == {**house.deal().values, "amount": "5.00", "currency": "UAH"}
    assert moved.effects(deal.having({"currency": "USD"}))[0][0] == "blocks"


def test_a_text_that_becomes_a_list_takes_its_entries_and_what_is_said_of_others(house: Any) -> None:
    before = with_fields(house, Field("way", "text"))
    after = with_ways(house, Choice("van", "Фургон"))
    assert Change(before, after).after(house.deal(way="фургон")).get("way") == "van"
    assert Change(before, after).effects(house.deal(way="лошадь"))[0][:2] == ("blocks", "type")


def test_a_field_takes_over_only_what_is_a_value_of_it(house: Any) -> None:
    after = with_fields(house, Field("metres", "integer"), without="address")
    moved = Change(house, after, "address=metres")
    assert moved.after(house.deal(address="12")).get("metres") == 12
    assert moved.effects(house.deal(address="Киев"))[0][0] == "blocks"


def test_a_field_of_one_pipeline_is_lost_on_the_way_into_another(house: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "courses"))
    deal = house.deal("enquiry", "courses", level="beginner")
    mapped = Change(house, after, "courses/enquiry=tender/draft")
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
    house: Any, kind: str, held: str, becomes: Any
) -> None:
    after = with_fields(house, Field("waybill", kind, to="contact" if kind == "reference" else ""))
    found = Change(house, after).of(house.deal(waybill=held))
    if becomes is None:
        assert [(each.fate.value, each.what.value) for each in found.effects] == [("blocks", "type")]
    else:
        assert found.after.get("waybill") == becomes
    # What is kept as it was is no change.
    assert bool(found.effects) is (becomes != held)


def test_one_value_becomes_the_first_of_many_and_several_fit_no_single_field(house: Any) -> None:
    many = with_fields(house, Field("waybill", "text", multiple=True))
    assert Change(house, many).after(house.deal(waybill="1")).get("waybill") == ["1"]
    back = Change(many, house)
    assert back.after(house.deal(waybill=["20450123456789"])).get("waybill") == "20450123456789"
    assert back.effects(house.deal(waybill=["1", "2"]))[0][:2] == ("blocks", "type")


def with_ways(house: Any, *entries: Choice, multiple: bool = False) -> Any:
    ways = Choices('value of list "ways"', entries)
    changed = with_fields(house, Field("way", "list", choices=ways, multiple=multiple))
    return changed.like(lists={**house.configuration.lists, "ways": ways})


def test_a_value_that_its_list_no_longer_has_goes_where_it_is_said_to_go(house: Any) -> None:
    before, after = with_ways(house, Choice("post"), Choice("van")), with_ways(house, Choice("van"))
    deal = house.deal(way="post")
    assert Change(before, after).effects(deal) == [("blocks", "value", "post", "post", "")]
    assert Change(before, after, "way:post=van").after(deal).get("way") == "van"


def test_a_value_that_the_list_knows_as_an_alias_is_that_entry(house: Any) -> None:
    before = with_ways(house, Choice("post"))
    after = with_ways(house, Choice("mail", "", ("post",)))
    assert Change(before, after).effects(house.deal(way="post")) == [
        ("migrates", "value", "post", "post", "mail")
    ]


def test_of_many_values_each_goes_its_way(house: Any) -> None:
    before = with_ways(house, Choice("post"), Choice("van"), Choice("bike"), multiple=True)
    after = with_ways(house, Choice("van"), Choice("foot"), multiple=True)
    deal = house.deal(way=["post", "van", "bike"])
    both = Change(before, after, "way:post=van", "way:bike=foot")
    assert both.after(deal).get("way") == ["van", "foot"]
    one = Change(before, after, "way:post=van")
    assert [each[0] for each in one.effects(deal)] == ["migrates", "blocks"]
    assert one.after(deal) == deal


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
    house: Any, without_order: Any, text: str, message: str, hint: str
) -> None:
    with pytest.raises(BadValue, match=message) as wrong:
        Change(house, without_order, text)
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


def test_a_stage_of_a_pipeline_that_is_gone_needs_another_pipeline(house: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "tender"))
    with pytest.raises(BadValue, match='pipeline "tender" is gone, too') as wrong:
        Change(house, after, "tender/bid=order")
    assert wrong.value.hint == "write PIPELINE/order with one of: wholesale, courses"


def test_a_computed_field_takes_nothing_over(house: Any) -> None:
    with pytest.raises(BadValue, match="takes nothing from another field"):
        Change(house, with_fields(house, without="address"), "address=created_by")


def test_a_lead_keeps_its_probability_out_of_it(house: Any) -> None:
    leads = house.configuration.pipeline_by_id("leads")
    stages = tuple(
        replace(each, outcome=Outcome.WON, probability=100) if each.id == "in_work" else each
        for each in leads.stages
    )
    change = Change(house, with_stages(house, *stages, pipeline="leads"))
    assert change.after(house.lead("in_work", phone=["+380501234567"])).values == {
        **house.lead("in_work", phone=["+380501234567"]).values,
        "closed_at": NOW,
    }


def test_records_without_stages_are_held_against_what_their_type_requires(house: Any) -> None:
    change = Change(house, house.like(require={"contact": (Requirement("source"),)}))
    assert change.effects(house.contact()) == [("lacks", "requirement", "source", "", "")]

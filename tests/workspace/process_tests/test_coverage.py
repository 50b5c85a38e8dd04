"""What no test reaches is told, by pipeline."""

import pytest

MOVE = """
    given: {deal: {stage: order, amount: 5}}
    when: {move: %s, set: {waybill: '0017', close_date: today}}
    expect: {refused: false}
"""


def missed(told: dict, part: str) -> dict[str, list[str]]:
    (found,) = [each for each in told["unreached"] if each["part"] == part] or [{}]
    return {key: names for key, names in found.items() if key != "part"}


def test_a_pipeline_that_no_test_speaks_of_is_told_whole(ran) -> None:
    told = ran("given: {deal: {}}\nwhen: {update: {comment: x}}\nexpect: {stage: offer}")
    assert missed(told, "leads") == {
        "stages": ["contact", "talk", "won", "lost"],
        "gates": ["lost: reject_reason"],
    }
    assert missed(told, "deals")["stages"] == ["offer", "order", "parcel", "sent", "won", "lost"]
    assert missed(told, "contact") == {"gates": ["contact_type"]}
    assert missed(told, "tasks") == {"results": ["sold", "later"]}


def test_stages_that_actions_bring_a_record_to_are_reached(ran) -> None:
    told = ran(MOVE % "parcel")
    assert missed(told, "deals")["stages"] == ["offer", "order", "won", "lost"]


def test_being_given_on_a_stage_is_not_reaching_it(ran) -> None:
    told = ran("given: {deal: {stage: won}}\nwhen: {update: {comment: x}}\nexpect: {stage: won}")
    assert "won" in missed(told, "deals")["stages"]


def test_a_gate_is_reached_by_a_refusal_for_it(ran) -> None:
    told = ran("given: {deal: {}}\nwhen: {move: order}\nexpect: {refused: [amount]}")
    assert missed(told, "deals")["gates"] == [
        "order: close_date to leave",
        "parcel: waybill",
        "parcel: address when tags has courier",
        "lost: lost_reason",
    ]


def test_gates_are_reached_by_getting_past_them_to_a_stage_and_over_it(ran) -> None:
    told = ran(MOVE % "sent")
    assert missed(told, "deals")["gates"] == [
        "order: amount",
        "parcel: address when tags has courier",
        "lost: lost_reason",
    ]


def test_a_condition_must_have_been_true(ran) -> None:
    told = ran(MOVE.replace("set: {", "set: {tags: courier, address: Kyiv, ") % "sent")
    assert missed(told, "deals")["gates"] == ["order: amount", "lost: lost_reason"]


def test_a_new_record_passes_every_gate_up_to_its_stage(ran) -> None:
    told = ran("when: {create: deal, set: {title: A, stage: order, amount: 5}}\nexpect: {stage: order}")
    assert "order: amount" not in missed(told, "deals")["gates"]
    told = ran("when: {create: contact, set: {title: A, contact_type: client}}\nexpect: {created: [contact]}")
    assert missed(told, "contact") == {}


def test_imported_records_reach_their_stage(ran) -> None:
    told = ran("""
        given: {deal: {amount: 5}}
        when: {import: {record: deal, rows: [{id: D-1, stage: order}, {title: A, stage: lost, lost_reason: price}]}}
        expect: {stage: order}
    """)
    assert missed(told, "deals")["stages"] == ["offer", "parcel", "sent", "won"]
    assert "lost: lost_reason" not in missed(told, "deals")["gates"]
    assert "transitions" not in missed(told, "deals")


def test_a_step_is_missed_where_its_stage_is_reached_another_way(ran) -> None:
    assert missed(ran(MOVE % "sent"), "deals")["transitions"] == ["parcel -> sent"]
    told = ran(MOVE % "sent", MOVE % "parcel")
    assert "transitions" not in missed(told, "deals")


def test_what_a_failing_test_did_counts(ran) -> None:
    told = ran("given: {deal: {}}\nwhen: {move: lost, reason: price}\nexpect: {stage: won}")
    assert told["failed"] == 1
    assert "lost" not in missed(told, "deals")["stages"]


@pytest.mark.parametrize("word", ["test 1", "TEST"])
def test_with_a_filter_nothing_is_said_of_it(ran, word: str) -> None:
    assert ran(MOVE % "sent", argv=("-k", word))["unreached"] is None

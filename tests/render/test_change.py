import json

from crmctl.errors import Refused
from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.render.change import changes_json, changes_text, count_line
from crmctl.render.colour import Style


def deal(**values):
    return Record({"id": "D-42", "record": "deal", "title": "Acme", **values})


LEAD = Record({"id": "L-1", "record": "lead", "title": "Кофе"})
MOVE = Change(
    "move", deal(stage="order", amount="1.00"), deal(stage="shipping", amount="2.00", waybill="204")
)
REFUSAL = Refused('D-7 "X" cannot move', record="D-7", details=[{"field": "waybill", "message": "required"}])


def test_a_new_record_is_a_line():
    assert changes_text([Change("create", None, LEAD)]) == '+ create L-1 "Кофе"\n1 to create\n'


def test_a_deleted_record_is_a_line():
    assert changes_text([Change("delete", LEAD, None)]) == '- delete L-1 "Кофе"\n1 to delete\n'


def test_changed_fields_and_the_stage_stand_under_the_record():
    assert changes_text([MOVE]) == (
        'D-42 "Acme"\n  ~ amount: 1.00 -> 2.00\n  ~ waybill: (empty) -> 204\n  -> shipping\n1 to change\n'
    )


def test_a_refusal_says_what_is_missing():
    assert changes_text([], [REFUSAL]) == '! refused D-7 "X" cannot move\n    waybill   required\n1 refused\n'


def test_values_are_shown_the_way_the_caller_shows_them():
    text = changes_text([MOVE], show=lambda kind, field, value: f"<{kind} {field} {value}>")
    assert "~ amount: <deal amount 1.00> -> <deal amount 2.00>" in text
    assert "-> <deal stage shipping>" in text


def test_lists_and_flags_are_written_out():
    change = Change("update", deal(tags=["a", "b"]), deal(do_not_contact=True))
    assert "~ do_not_contact: (empty) -> yes" in changes_text([change])
    assert "~ tags: a; b -> (empty)" in changes_text([change])


def test_long_values_are_cut_on_a_terminal_only():
    change = Change("update", deal(), deal(comment="x" * 200))
    assert "x" * 200 in changes_text([change])
    assert "x" * 59 + "…\n" in changes_text([change], style=Style(width=80))


def test_control_characters_in_changes_are_shown():
    change = Change("update", deal(), deal(title="\x1b[2J", comment="\x07\n"))
    assert "\x1b" not in changes_text([change])
    assert "~ comment: (empty) -> ^G \n" in changes_text([change])


def test_the_count_line_leaves_out_what_there_is_none_of():
    assert count_line([Change("create", None, LEAD), MOVE, MOVE], 1) == "1 to create, 2 to change, 1 refused"
    assert count_line([]) == "nothing to change"


def test_json_lists_what_changed_from_and_to():
    assert json.loads(changes_json([MOVE])) == [
        {
            "op": "move",
            "id": "D-42",
            "changes": {"stage": ["order", "shipping"], "amount": ["1.00", "2.00"], "waybill": [None, "204"]},
        }
    ]


def test_json_of_a_refusal_holds_its_error():
    (found,) = json.loads(changes_json([], [REFUSAL]))
    assert (found["op"], found["id"], found["changes"]) == ("refused", "D-7", {})
    assert found["error"]["message"] == REFUSAL.message

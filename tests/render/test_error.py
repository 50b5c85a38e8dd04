import json

from crmctl.errors import Refused, WrongUse
from crmctl.render.colour import Style
from crmctl.render.error import error_json, error_text, note_text, warning_text

GATE = Refused(
    'D-42 "Acme" cannot move to "shipping": 1 required field is empty',
    record="D-42",
    details=[
        {
            "field": "waybill",
            "label": "waybill (ТТН)",
            "message": 'required from "shipping", pipelines/wholesale.yaml:12',
        }
    ],
    hint="crmctl move D-42 shipping -s waybill='<ТТН>'",
)


def test_a_refusal_names_the_field_the_place_and_the_command():
    assert error_text(GATE) == (
        'error: D-42 "Acme" cannot move to "shipping": 1 required field is empty\n'
        '  waybill (ТТН)   required from "shipping", pipelines/wholesale.yaml:12\n'
        "hint: crmctl move D-42 shipping -s waybill='<ТТН>'\n"
    )


def test_an_excerpt_stands_before_the_hint():
    error = WrongUse(
        'unknown field "ammount"',
        excerpt="  stage = order and ammount >= 10k\n                    ^^^^^^^",
        hint='did you mean "amount"?',
    )
    assert error_text(error) == (
        'error: unknown field "ammount"\n'
        "  stage = order and ammount >= 10k\n"
        "                    ^^^^^^^\n"
        'hint: did you mean "amount"?\n'
    )


def test_details_line_up_and_those_without_a_field_stand_alone():
    error = Refused(
        "no", details=[{"field": "a", "message": "x"}, {"field": "дата", "message": "y"}, {"message": "z"}]
    )
    assert error_text(error) == "error: no\n  a      x\n  дата   y\n  z\n"


def test_colour_marks_the_words_that_are_there_anyway():
    assert error_text(WrongUse("no"), Style(colour=True)) == "\x1b[31merror:\x1b[0m no\n"


def test_control_characters_in_an_error_are_shown():
    error = Refused(
        "\x1b[2J", details=[{"field": "\x07", "message": "\x9b"}], excerpt="  \x1b", hint="\u202e"
    )
    assert error_text(error) == "error: ^[[2J\n  ^G   \\u009b\n  ^[\nhint: \\u202e\n"


def test_a_line_in_the_middle_of_a_message_is_indented():
    assert error_text(WrongUse("one\ntwo")) == "error: one\n  two\n"


def test_bytes_that_are_no_text_can_be_told():
    error = WrongUse('unknown field "\udcff"')
    assert error_text(error).encode() == b'error: unknown field "\\udcff"\n'
    assert json.loads(error_json(error))["error"]["message"] == 'unknown field "\\udcff"'


def test_json_is_one_line_with_every_key():
    text = error_json(GATE)
    assert text.count("\n") == 1
    assert json.loads(text) == {
        "error": {
            "code": "refused",
            "exit_code": 1,
            "message": GATE.message,
            "record": "D-42",
            "details": [dict(GATE.details[0])],
            "hint": GATE.hint,
        }
    }


def test_what_an_error_does_not_have_is_null_in_json():
    assert json.loads(error_json(WrongUse("no")))["error"] == {
        "code": "wrong_use",
        "exit_code": 2,
        "message": "no",
        "record": None,
        "details": [],
        "hint": None,
    }


def test_warnings_and_notes_say_what_they_are():
    assert warning_text("two files", hint="name one") == "warning: two files\nhint: name one\n"
    assert note_text("3 rows were passed over") == "note: 3 rows were passed over\n"

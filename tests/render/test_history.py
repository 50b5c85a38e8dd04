import json

from msgspec.structs import replace

from crmctl.model.change import Entry
from crmctl.render.colour import Style
from crmctl.render.history import entries_json, entries_text, entry_text
from crmctl.render.width import display_width

MOVE = Entry("D-42", 7, "2026-11-21T20:37:00+00:00", "anna", "move", changes={"stage": ("new", "visit")})
IMPORT = Entry("L-1", 10, "2026-11-22T08:00:00+00:00", "олег", "create", run="R-1", message="ночной импорт")


def test_an_entry_is_a_line_at_the_workspaces_time():
    assert (
        entries_text([MOVE], "Europe/Kyiv") == "#7  2026-11-21 22:37  anna  move  D-42  stage: new -> visit\n"
    )


def test_entries_line_up_in_the_order_given():
    assert entries_text([IMPORT, MOVE], "UTC").splitlines() == [
        '#10  2026-11-22 08:00  олег  create  L-1   "ночной импорт"  [R-1]',
        "#7   2026-11-21 20:37  anna  move    D-42  stage: new -> visit",
    ]


def test_no_entries_are_no_text():
    assert entries_text([], "UTC") == ""


def test_an_undo_says_what_it_undoes():
    entry = Entry("D-1", 9, MOVE.at, "anna", "undo", undoes=7, changes={"tags": (["a", "b"], None)})
    assert entries_text([entry], "UTC").endswith("tags: a; b -> (empty)  undoes #7\n")


NOTE = Entry("D-1", 9, MOVE.at, "anna", "note", {"note_count": (None, 1)}, note="звонил\nждёт")


def test_a_note_is_part_of_its_line_with_the_id_that_removes_it():
    assert entries_text([NOTE], "UTC").endswith("anna  note  D-1  звонил ждёт  (D-1:9)\n")


def test_of_a_note_that_is_gone_it_is_told_that_there_was_one():
    gone = replace(NOTE, note="")
    assert entries_text([gone], "UTC").endswith("anna  note  D-1  (removed)  (D-1:9)\n")
    assert "note" not in json.loads(entries_json([gone], "UTC"))[0]
    assert json.loads(entries_json([gone], "UTC"))[0]["note_id"] == "D-1:9"


def test_a_long_change_goes_on_below_itself():
    entry = Entry("D-1", 9, MOVE.at, "anna", "update", changes={"comment": (None, "日本 " * 40)})
    lines = entries_text([entry], "UTC", Style(width=80)).splitlines()
    assert max(map(display_width, lines)) <= 80
    assert lines[0].startswith("#9  2026-11-21 20:37  anna  update  D-1  comment: (empty) -> 日本")
    assert {line[:40].strip() for line in lines[1:]} == {""}
    assert "".join(lines).count("日本") == 40


def test_in_a_narrow_terminal_a_change_stands_below_who_and_when():
    assert entries_text([MOVE, IMPORT], "UTC", Style(width=40)).splitlines() == [
        "#7   2026-11-21 20:37  anna  move    D-42",
        "    stage: new -> visit",
        "#10  2026-11-22 08:00  олег  create  L-1",
        '    "ночной импорт"  [R-1]',
    ]


def test_control_characters_in_history_are_shown():
    entry = Entry("D-1", 9, MOVE.at, "\x1b[1m", "update", changes={"c": (None, "\x9b")})
    assert "^[[1m" in entries_text([entry], "UTC")
    assert "\x9b" not in entries_text([entry], "UTC")


def test_json_has_local_times_and_leaves_out_what_is_empty():
    assert json.loads(entries_json([MOVE], "Europe/Kyiv")) == [
        {
            "id": "D-42",
            "gen": 7,
            "at": "2026-11-21T22:37:00+02:00",
            "by": "anna",
            "op": "move",
            "changes": {"stage": ["new", "visit"]},
        }
    ]


def test_an_entry_on_a_card_leaves_the_record_out():
    assert entry_text(MOVE, "UTC") == "2026-11-21 20:37  anna  move  stage: new -> visit"

"""`move` and `reject`: the gate, the way through the stages, many records at once."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def deal(workspace: Path, crm) -> str:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=1000")
    return "D-1"


def stage_of(crm, record: str) -> str:
    return json.loads(crm("show", record, "-o", "json").out)["stage"]


def test_a_refusal_names_every_missing_field_its_place_and_the_command(deal: str, crm) -> None:
    crm("move", deal, "order", "-s", "visit_date=today", "-s", "payment_details=card")
    ran = crm("move", deal, "shipping")
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert lines[0] == 'error: D-1 "Acme" cannot move to "shipping": 1 required field is empty'
    assert lines[1].startswith('  waybill (ТТН)   required from "shipping", pipelines/wholesale.yaml:')
    assert lines[2] == "hint: crmctl move D-1 shipping -s waybill='<ТТН>'"


def test_the_refusal_is_one_json_object_when_json_is_asked_for(deal: str, crm) -> None:
    ran = crm("move", deal, "order", "-o", "json")
    error = json.loads(ran.err)["error"]
    assert (error["exit_code"], error["record"]) == (1, "D-1")
    assert [detail["field"] for detail in error["details"]] == ["visit_date", "payment_details"]
    assert ran.out == ""


def test_the_suggested_command_itself_is_refused(deal: str, crm) -> None:
    ran = crm("move", deal, "order", "-s", "visit_date=<Дата выезда>", "-s", "payment_details=card")
    assert ran.code == 2


def test_a_stage_is_named_by_id_title_or_alias_in_any_case(deal: str, crm) -> None:
    fields = ("-s", "visit_date=today", "-s", "payment_details=card", "-s", "waybill=20450123456789")
    assert crm("move", deal, "ПЕРЕДАНО НА ОТПРАВКУ", *fields).code == 0
    assert stage_of(crm, deal) == "shipping"


def test_a_condition_decides_whether_a_field_is_required(deal: str, crm) -> None:
    fields = ("-s", "visit_date=today", "-s", "payment_details=card", "-s", "waybill=20450123456789")
    ran = crm("move", deal, "shipping", *fields, "-s", "delivery=courier")
    assert ran.code == 1
    assert "address" in ran.err
    assert crm("move", deal, "shipping", *fields, "-s", "delivery=pickup").code == 0


def test_update_of_the_stage_is_a_move_through_the_same_gate(deal: str, crm) -> None:
    assert crm("update", deal, "-s", "stage=order").code == 1
    assert crm("update", deal, "-s", "stage=visit", "-s", "visit_date=today").code == 0
    assert stage_of(crm, deal) == "visit"


def test_a_required_field_cannot_be_emptied_afterwards(deal: str, crm) -> None:
    crm("move", deal, "visit", "-s", "visit_date=today")
    ran = crm("update", deal, "--unset", "visit_date")
    assert ran.code == 1
    assert "visit_date" in ran.err


def test_a_lost_deal_needs_a_reason_and_only_that(deal: str, crm) -> None:
    assert crm("move", deal, "lost").code == 1
    assert crm("move", deal, "lost", "--reason", "price").code == 0
    record = json.loads(crm("show", deal, "-o", "json").out)
    assert (record["outcome"], record["lost_reason"]) == ("lost", "price")
    assert "closed_at" in record


def test_reopening_takes_the_closing_date_and_the_reason_away(deal: str, crm) -> None:
    crm("move", deal, "lost", "--reason", "price")
    crm("move", deal, "new")
    record = json.loads(crm("show", deal, "-o", "json").out)
    assert "closed_at" not in record
    assert "lost_reason" not in record


def test_moving_to_the_stage_it_is_on_changes_nothing(deal: str, crm) -> None:
    revision = json.loads(crm("show", deal, "-o", "json").out)["revision"]
    ran = crm("move", deal, "new", "-o", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["revision"] == revision


def test_a_reason_from_outside_the_list_is_wrong_use(deal: str, crm) -> None:
    assert crm("move", deal, "lost", "--reason", "weather").code == 2


def test_a_move_to_another_pipeline_goes_through_its_gate(deal: str, crm) -> None:
    assert crm("move", deal, "--pipeline", "retail").code == 0
    record = json.loads(crm("show", deal, "-o", "json").out)
    assert (record["pipeline"], record["stage"]) == ("retail", "new")


def test_an_unknown_record_exits_4_and_no_id_exits_2(deal: str, crm) -> None:
    assert crm("move", "D-99", "visit").code == 4
    assert crm("move", "nonsense", "visit").code == 2


def test_several_records_move_together_or_not_at_all(deal: str, crm) -> None:
    crm("create", "deal", "Second", "--pipeline", "wholesale", "-s", "visit_date=today")
    ran = crm("move", "D-1", "D-2", "visit")
    assert ran.code == 1
    assert stage_of(crm, "D-2") == "new"


def test_partial_moves_those_that_may_and_exits_7(deal: str, crm) -> None:
    crm("create", "deal", "Second", "--pipeline", "wholesale", "-s", "visit_date=today")
    ran = crm("move", "D-1", "D-2", "visit", "--partial")
    assert ran.code == 7
    assert (stage_of(crm, "D-1"), stage_of(crm, "D-2")) == ("new", "visit")


def test_ten_records_or_more_need_a_yes(workspace: Path, crm) -> None:
    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"Лид {n}"} for n in range(10)]))
    ids = "\n".join(f"L-{n}" for n in range(1, 11))
    assert crm("move", "-", "in_work", stdin=ids).code == 2
    assert crm("move", "-", "in_work", "--yes", stdin=ids).code == 0
    assert crm("filter", "leads", "stage = in_work", "--count").out == "10\n"


def test_no_ids_on_standard_input_is_nothing_to_do(workspace: Path, crm) -> None:
    assert crm("move", "-", "in_work", stdin="").code == 0


def test_a_rejected_lead_keeps_its_reason(workspace: Path, crm) -> None:
    crm("create", "lead", "Реклама")
    assert crm("reject", "L-1").code == 1
    assert crm("reject", "L-1", "--reason", "spam").code == 0
    record = json.loads(crm("show", "L-1", "-o", "json").out)
    assert (record["outcome"], record["reject_reason"]) == ("lost", "spam")


def test_a_dry_run_tells_the_move_and_makes_none(deal: str, crm) -> None:
    ran = crm("move", deal, "lost", "--reason", "price", "--dry-run")
    assert ran.code == 0
    assert "-> lost" in ran.out
    assert stage_of(crm, deal) == "new"


def test_when_it_happened_may_lie_in_the_past_but_not_ahead_or_before_the_record(
    workspace: Path, crm
) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "--now", "2026-01-10")
    lost = ("move", "D-1", "lost", "--reason", "price", "--date")
    assert crm(*lost, "9998-01-01").code == 2
    assert crm(*lost, "2026-01-09").code == 1
    assert crm(*lost, "2026-01-15").code == 0
    assert json.loads(crm("show", "D-1", "-o", "json").out)["closed_at"].startswith("2026-01-15T00:00:00")

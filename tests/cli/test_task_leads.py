"""Where a result leads the client's record, and that a task does not end with one that leads nowhere."""

import json

import pytest

TASKS = """
version: 1
templates:
  call: {title: Звонок, type: call, results: talk}
  water: {title: Вода, type: internal, results: [bought, paid]}
results:
  bought: {title: Купил, ends: sale, move: won}
  packed: {title: Собрали, ends: sale, move: packed}
  good: {title: Хороший, convert: [contact, deal], next: call}
  known: {title: Знаком, convert: [contact], next: call}
  own: {title: Опт, convert: {to: [contact, deal], pipeline: wholesale, stage: second}, next: call}
  paid: {title: Оплатил, ends: sale, convert: {to: [deal], pipeline: retail}, move: payment}
  whichever: {title: Куда-то, ends: sale, convert: [deal], move: payment}
  think: {title: Думает, next: call}
result_sets: {talk: [bought, packed, good, known, own, paid, whichever, think]}
"""
CONFIGURATION = """
version: 1
name: Test
currency: UAH
pipelines: pipelines
tasks: tasks.yaml
default: {lead: leads, deal: retail}
lists: {lost_reason: [price]}
fields: {contact: {role: {type: text}}, deal: {ticket: {type: text}}}
"""
LEADS = """
version: 1
pipeline: leads
record: lead
stages: [{stage: contact}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]
"""
RETAIL = """
version: 1
pipeline: retail
record: deal
stages:
  - {stage: first}
  - {stage: payment, require: [amount]}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost}
"""
WHOLESALE = """
version: 1
pipeline: wholesale
record: deal
stages: [{stage: first}, {stage: second}, {stage: packed}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]
"""


@pytest.fixture(autouse=True)
def _workspace(laid_out, crm) -> None:
    laid_out(crmctl=CONFIGURATION, tasks=TASKS, leads=LEADS, retail=RETAIL, wholesale=WHOLESALE)
    assert crm("create", "lead", "Ирина", "-s", "first_name=Ирина", "-q").code == 0
    assert crm("create", "task", "--template", "call", "--for", "L-1", "-q").code == 0


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def refused(crm, *argv: str) -> str:
    """End T-1, see that it was refused with nothing changed, and return what was said."""
    before = shown(crm, argv[0])
    ran = crm("complete", *argv)
    assert ran.code == 1, ran.err
    assert shown(crm, argv[0]) == before
    return ran.err


def test_a_task_of_a_client_in_the_trash_does_not_end_with_a_move(crm) -> None:
    crm("delete", "L-1", "-y")
    told = refused(crm, "T-1", "--result", "bought")
    assert 'cannot end with "bought": L-1 is in the trash\nhint: crmctl restore L-1' in told
    assert crm("restore", "L-1").code == 0
    assert crm("complete", "T-1", "--result", "bought").code == 0
    assert shown(crm, "L-1")["stage"] == "won"


def test_a_client_in_the_trash_is_told_of_as_such_where_a_task_is_made(crm) -> None:
    crm("delete", "L-1", "-y")
    ran = crm("create", "task", "Звонок", "--for", "L-1")
    assert (ran.code, ran.err) == (4, "error: for (For): L-1 is in the trash\nhint: crmctl restore L-1\n")


def test_of_a_converted_lead_the_deal_moves_that_it_became(crm) -> None:
    crm("convert", "L-1", "--to", "deal", "--pipeline", "retail")
    crm("update", "T-1", "-s", "for=L-1")
    assert crm("complete", "T-1", "--result", "bought", "-s", "amount=5").code == 0
    assert shown(crm, "D-1")["stage"] == "won"


def test_the_next_task_of_a_converted_lead_is_for_its_deal(crm) -> None:
    crm("convert", "L-1", "--to", "deal", "--pipeline", "retail")
    crm("update", "T-1", "-s", "for=L-1")
    assert crm("complete", "T-1", "--result", "think").code == 0
    assert shown(crm, "T-2")["for"] == ["D-1"]


def test_a_pipeline_without_the_stage_holds_the_task_back(crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "retail", "-q")
    crm("create", "task", "--template", "call", "--for", "D-1", "-q")
    told = refused(crm, "T-2", "--result", "packed")
    assert 'D-1 "Acme" is in pipeline "retail", which has no stage "packed"' in told


def test_a_client_without_an_open_deal_holds_the_task_back(crm) -> None:
    crm("create", "company", "Acme", "-q")
    crm("create", "task", "--template", "call", "--for", "O-1", "-q")
    assert 'O-1 "Acme" has no open deal' in refused(crm, "T-2", "--result", "bought")


def test_a_client_whose_deal_is_there_already_lets_the_task_end(crm) -> None:
    crm("create", "company", "Acme", "-q")
    crm("create", "deal", "Beta", "--pipeline", "wholesale", "--stage", "won", "-s", "company=O-1", "-q")
    crm("create", "task", "--template", "call", "--for", "O-1", "-q")
    ran = crm("complete", "T-2", "--result", "bought")
    assert (ran.code, 'note: D-1 "Beta" is on "won" already\n' in ran.err) == (0, True)


@pytest.mark.parametrize(("result", "verb"), [("bought", "move"), ("paid", "convert")])
def test_a_task_for_nobody_does_not_end_with_a_move_or_a_conversion(crm, result: str, verb: str) -> None:
    crm("create", "task", "--template", "water", "-q")
    assert f"it is for nobody whom that could {verb}" in refused(crm, "T-2", "--result", result)


def test_only_leads_are_converted_and_what_they_would_become_is_left_alone(crm) -> None:
    crm("create", "contact", "Олег", "-q")
    crm("create", "task", "--template", "call", "--for", "C-1", "-q")
    assert 'C-1 "Олег" is no lead' in refused(crm, "T-2", "--result", "own")
    assert crm("complete", "T-2", "--result", "known").code == 0
    assert shown(crm, "T-3")["for"] == ["C-1"]


def test_a_result_that_converts_and_moves_moves_the_new_deal(crm) -> None:
    told = refused(crm, "T-1", "--result", "paid")
    assert "hint: crmctl complete T-1 --result paid -s deal.amount='<Amount>'" in told
    assert crm("complete", "T-1", "--result", "paid", "-s", "deal.amount=5").code == 0
    assert shown(crm, "L-1")["converted_to"] == ["D-1"]
    assert (shown(crm, "D-1")["stage"], shown(crm, "D-1")["amount"]) == ("payment", "5.00")
    assert crm("undo").code == 0
    assert (crm("show", "D-1").code, shown(crm, "T-1")["status"]) == (4, "new")


def test_a_result_that_converts_and_moves_moves_the_deal_of_a_lead_that_is_converted(crm) -> None:
    crm("convert", "L-1", "--to", "deal", "--pipeline", "retail")
    crm("update", "T-1", "-s", "for=L-1")
    assert crm("complete", "T-1", "--result", "paid", "-s", "deal.amount=7").code == 0
    assert (shown(crm, "D-1")["stage"], shown(crm, "D-1")["amount"]) == ("payment", "7.00")


def test_which_of_several_pipelines_a_new_deal_is_for_is_not_guessed(crm) -> None:
    told = refused(crm, "T-1", "--result", "good")
    assert "deal.pipeline (Pipeline)   required (one of: retail, wholesale)" in told
    assert "hint: crmctl complete T-1 --result good -s deal.pipeline='<Pipeline>'" in told
    given = ("-s", "deal.pipeline=wholesale", "-s", "deal.stage=second")
    assert crm("complete", "T-1", "--result", "good", *given).code == 0
    assert (shown(crm, "D-1")["pipeline"], shown(crm, "D-1")["stage"]) == ("wholesale", "second")


def test_a_result_names_the_pipeline_and_the_stage_of_the_new_deal(crm) -> None:
    assert crm("validate").code == 0
    assert crm("complete", "T-1", "--result", "own").code == 0
    assert (shown(crm, "D-1")["pipeline"], shown(crm, "D-1")["stage"]) == ("wholesale", "second")


def test_another_pipeline_than_the_result_names_has_its_own_first_stage(crm) -> None:
    assert crm("complete", "T-1", "--result", "own", "-s", "deal.pipeline=retail").code == 0
    assert (shown(crm, "D-1")["pipeline"], shown(crm, "D-1")["stage"]) == ("retail", "first")


def test_a_conversion_takes_the_place_of_the_deal_by_its_fields_too(crm) -> None:
    given = ("-s", "deal.pipeline=wholesale", "-s", "deal.stage=second")
    assert crm("convert", "L-1", "--to", "deal", *given).out == "D-1\n"
    assert (shown(crm, "D-1")["pipeline"], shown(crm, "D-1")["stage"]) == ("wholesale", "second")
    crm("create", "lead", "Олег", "-q")
    ran = crm("convert", "L-2", "--to", "deal", "--pipeline", "retail", *given)
    assert (ran.code, '"retail; wholesale" are 2 values' in ran.err) == (2, True)


def test_a_field_that_only_a_new_record_has_needs_no_name_before_it(crm) -> None:
    assert crm("complete", "T-1", "--result", "own", "-s", "role=Директор", "-s", "ticket=7").code == 0
    assert (shown(crm, "C-1")["role"], shown(crm, "D-1")["ticket"]) == ("Директор", "7")


def test_what_is_given_for_records_that_are_not_made_is_refused(crm) -> None:
    crm("convert", "L-1", "--to", "deal", "--pipeline", "retail")
    crm("update", "T-1", "-s", "for=L-1")
    ran = crm("complete", "T-1", "--result", "own", "-s", "contact.role=Директор")
    assert (ran.code, 'contact.role: L-1 "Ирина" was converted already' in ran.err) == (2, True)

"""What a test is given stands there as it is written."""

import json


def test_records_stand_on_any_stage_past_every_gate(failures) -> None:
    assert not failures("""
        given: {deal: {stage: sent}}
        when: {update: {comment: hello}}
        expect: {stage: sent, fields: {waybill: null, probability: null}}
    """)


def test_what_a_stage_writes_is_written(failures) -> None:
    assert not failures("""
        now: 2026-01-10T12:00
        given: {deal: [{stage: order, amount: 5}, {stage: Won}]}
        when: {update: {comment: hello}}
        expect:
          fields: {probability: 40, title: Deal 1, closed_at: null}
          report: {name: funnel, rows: [{stage: won, count: 1}]}
    """)


def test_values_are_read_as_if_typed_at_the_time_of_the_test(failures) -> None:
    assert not failures("""
        now: 2026-01-10
        user: anna
        given: {deal: {amount: 1 000 USD, close_date: tomorrow, owner: me, tags: [a, b], lost_reason: Went silent}}
        when: {update: {comment: hello}}
        expect:
          fields: {amount: 1000.00 USD, currency: USD, close_date: 2026-01-11, owner: anna, lost_reason: silent}
    """)


def test_records_refer_to_each_other_by_the_ids_they_are_given_in_order(failures) -> None:
    assert not failures("""
        given:
          deal: {contact: C-2, partner: O-1}
          contact: [{first_name: Ann}, {first_name: Bob, city: Lviv, companies: O-1}]
          company: {title: Daisy}
        when: {update: {comment: hello}}
        expect: {where: 'contact.city = Lviv and partner.title = Daisy'}
    """)


def test_a_reference_that_leads_nowhere_fails_the_test_at_the_record(ran) -> None:
    told = ran("""
        given: {deal: {contact: C-1}}
        when: {update: {comment: hello}}
        expect: {stage: offer}
    """)
    (failure,) = told["results"][0]["failures"]
    assert (failure["key"], failure["actual"]) == ("given", "contact (Contact): C-1 does not exist")
    assert (failure["line"], failure["column"]) == (4, 13)


def test_a_value_that_is_not_unique_fails_the_test(failures) -> None:
    ((key, _, actual),) = failures("""
        given: {deal: [{ticket: 7}, {ticket: 7}]}
        when: {update: {comment: hello}}
        expect: {stage: offer}
    """)
    assert (key, "unique" in actual) == ("given", True)


def test_what_an_import_may_bring_may_be_given_too(failures) -> None:
    assert not failures("""
        now: 2026-01-10
        given: {deal: {stage: won, created_at: 2026-01-01, closed_at: 2026-01-05, created_by: oleg}}
        when: {update: {comment: hello}}
        expect: {fields: {created_at: 2026-01-01, closed_at: 2026-01-05, created_by: oleg}, findings: [data-gate]}
    """)


def test_how_long_a_record_has_been_there_counts(failures) -> None:
    assert not failures("""
        now: 2026-01-10
        given: {deal: {created_at: 2026-01-01}}
        when: {update: {comment: hello}}
        expect: {where: 'created_at < -7d'}
    """)


def test_what_a_record_lacks_where_it_stands_is_noted(ran) -> None:
    told = ran("""
        given: {deal: {stage: order}}
        when: {move: lost, reason: price}
        expect: {stage: lost}
    """)
    (result,) = told["results"]
    assert result["passed"]
    assert result["notes"] == [
        'D-1 "Deal 1" is given without amount (Amount): required from "order", pipelines/deals.yaml:8'
    ]


def test_tests_know_nothing_of_each_other(ran) -> None:
    first = "given: {deal: {ticket: 7}}\nwhen: {update: {comment: x}}\nexpect: {stage: offer}"
    second = "when: {create: deal, set: {title: Acme, ticket: 7}}\nexpect: {where: id = D-1}"
    assert ran(first, second)["failed"] == 0


def test_who_acts_and_when_is_that_of_the_call_where_a_test_says_nothing(ran, crm) -> None:
    test = "when: {create: lead, set: {title: Acme}}\nexpect: {fields: {owner: oleg, created_at: 2026-02-03}}"
    assert ran(test, argv=("--user", "oleg", "--now", "2026-02-03"))["failed"] == 0
    told = json.loads(crm("test", "-o", "json", "--user", "stranger", "--now", "2026-02-04").out)
    found = [each["key"] for each in told["results"][0]["failures"]]
    assert found == ["fields.owner", "fields.created_at"]


def test_a_task_stands_as_its_template_makes_it(failures) -> None:
    assert not failures("""
        given:
          deal: {title: Acme}
          task: {template: call, for: D-1, due: 2020-01-01, status: in_progress}
        when: {create: task, set: {template: call, for: D-1}}
        expect: {where: id = T-2 and status = new}
    """)


def test_a_task_of_a_template_that_is_not_there_is_a_finding(firm, crm) -> None:
    text = "given: {task: {template: cal}}, when: {update: {comment: x}}, expect: {refused: false}"
    (firm / "tests" / "a.test.yaml").write_text(f"version: 1\ntests: [{{name: a, {text}}}]\n", "utf-8")
    ran = crm("validate", "-o", "parsable")
    assert (ran.code, 'unknown task template "cal"' in ran.out) == (1, True)

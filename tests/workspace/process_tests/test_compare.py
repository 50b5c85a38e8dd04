"""An expectation that does not come true tells what was wanted, what was found, and where it is written."""

import pytest

from crmctl.render.json_text import compact
from crmctl.reports.asked import reports


def test_a_refusal_that_nobody_expected_is_told_whole_and_alone(ran) -> None:
    told = ran("""
        given: {deal: {stage: offer}}
        when: {move: order}
        expect: {stage: order, tasks: [track]}
    """)
    (failure,) = told["results"][0]["failures"]
    assert (failure["key"], failure["line"], failure["column"]) == ("move", 5, 12)
    assert failure["actual"] == (
        'a refusal: D-1 "Deal 1" cannot move to "order": 1 required field is empty\n'
        '  amount (Amount)   required from "order", pipelines/deals.yaml:8'
    )


def test_a_refusal_must_be_for_exactly_the_fields_named(failures) -> None:
    test = "given: {{deal: {{stage: order, amount: 5}}}}\nwhen: {{move: sent}}\nexpect: {{refused: {}}}"
    assert not failures(test.format("[waybill, close_date]"))
    for names in ("[waybill]", "[waybill, close_date, address]"):
        ((key, expected, actual),) = failures(test.format(names))
        assert (key, expected) == ("refused", f"a refusal for {names[1:-1]}")
        assert actual.startswith("one for waybill, close_date: D-1")


def test_a_refusal_that_does_not_come_is_a_failure(failures) -> None:
    test = "given: {{deal: {{}}}}\nwhen: {{move: order, set: {{amount: 5}}}}\nexpect: {{refused: {}}}"
    assert failures(test.format("true")) == [
        ("refused", "a refusal", 'none: it was done, D-1 "Deal 1" is on order')
    ]
    assert not failures(test.format("false"))


def test_a_refusal_is_a_failure_where_none_was_to_be(failures) -> None:
    ((key, expected, _),) = failures("given: {deal: {}}\nwhen: {move: order}\nexpect: {refused: false}")
    assert (key, expected) == ("move", "it to be done")


def test_another_stage_is_named(failures) -> None:
    found = failures("given: {deal: {}}\nwhen: {move: order, set: {amount: 5}}\nexpect: {stage: offer}")
    assert found == [("stage", "offer", "order")]
    assert failures(
        "when: {create: deal}\nexpect: {refused: true, stage: offer, where: open, fields: {title: x}}"
    ) == [
        ("stage", "offer", "no record on any stage"),
        ("where", "open", "no record"),
        ("fields", "a record", "none"),
    ]


def test_tasks_of_every_stage_on_the_way_count_each_time(failures) -> None:
    test = """
        given: {{deal: {{stage: order, amount: 5}}}}
        when: {{move: parcel, set: {{waybill: '0017', close_date: today}}}}
        expect: {{tasks: {}, stage: sent}}
    """
    assert not failures(test.format("[track, pack]"))
    assert failures(test.format("[pack]")) == [("tasks", "pack", "pack, track")]
    assert failures(test.format("[]")) == [("tasks", "none", "pack, track")]
    assert failures(test.format("[track, track, pack]"))


def test_records_made_are_compared_by_type_and_by_what_they_hold(failures) -> None:
    test = "given: {{lead: {{title: Daisy}}}}\nwhen: {{convert: [deal]}}\nexpect: {{created: {}}}"
    assert not failures(test.format("[deal]"))
    assert failures(test.format("[contact, deal]")) == [("created", "contact, deal", "deal")]
    assert failures(test.format("[]")) == [("created", "none", "deal")]
    assert failures(test.format("{deal: {title: Rose, comment: null}}")) == [
        ("created.deal.title", "Rose", "Daisy")
    ]


def test_of_several_records_made_one_must_hold_the_values(failures) -> None:
    test = """
        when: {{import: {{record: deal, rows: [{{title: A}}, {{title: B}}]}}}}
        expect: {{created: {{deal: {{title: {}}}}}}}
    """
    assert not failures(test.format("B"))
    assert failures(test.format("C")) == [("created.deal.title", "C", "A")]


def test_fields_are_compared_as_filters_compare_them(ran) -> None:
    told = ran("""
        now: 2026-01-10T15:00
        given: {deal: {amount: 1000 USD, comment: Hello, tags: [a, b]}}
        when: {move: lost, reason: silent}
        expect:
          fields:
            {amount: 1000, comment: hello, tags: [b, a], closed_at: 2026-01-10, lost_reason: WENT SILENT,
             pipeline: deals, contact: null}
    """)
    assert told["failed"] == 0


def test_each_field_that_differs_is_told_at_its_own_place(ran) -> None:
    told = ran("""
        given: {deal: {amount: 1000}}
        when: {update: {comment: x}}
        expect:
          fields:
            amount: 1000 USD
            comment: null
            tags: [a]
    """)
    assert [
        (each["key"], each["line"], each["expected"], each["actual"])
        for each in told["results"][0]["failures"]
    ] == [
        ("fields.amount", 8, "1000 USD", "1000.00 UAH"),
        ("fields.comment", 9, "empty", "x"),
        ("fields.tags", 10, "a", "empty"),
    ]


def test_a_condition_is_asked_of_the_record_alone(failures) -> None:
    test = "given: {{deal: [{{amount: 5}}, {{amount: 50}}]}}\nwhen: {{update: {{comment: x}}}}\nexpect: {{where: {}}}"
    assert not failures(test.format("amount < 10 and comment changed"))
    assert failures(test.format("amount > 10")) == [
        ("where", "amount > 10", 'D-1 "Deal 1", which does not fulfil it')
    ]


def test_findings_are_those_of_an_audit_of_every_record(failures) -> None:
    test = """
        given: {{deal: {{stage: order}}, contact: {{}}}}
        when: {{update: {{comment: x}}}}
        expect: {{findings: {}}}
    """
    assert not failures(test.format("[data-gate]"))
    ((key, expected, actual),) = failures(test.format("[]"))
    assert (key, expected) == ("findings", "none")
    assert actual.splitlines() == [
        "data-gate",
        "  C-1: contact_type (Contact type) is empty: required, crmctl.yaml:11 [data-gate]",
        '  D-1: amount (Amount) is empty: required from "order", pipelines/deals.yaml:8 [data-gate]',
    ]


def test_figures_of_a_report_are_compared_by_the_keys_that_are_written(failures) -> None:
    test = """
        given: {{deal: [{{amount: 5}}, {{amount: 7}}, {{stage: won}}, {{stage: lost, lost_reason: price}}]}}
        when: {{move: order}}
        expect: {{report: {{name: funnel, rows: [{}], totals: {}}}}}
    """
    rows = (
        "{pipeline: deals, stage: offer, count: 1, share: 0.25, amount: {UAH: 7}}, {reason: price, count: 1}"
    )
    assert not failures(test.format(rows, "{count: 4}"))
    assert failures(test.format("{stage: offer, count: 2}", "{count: 5}")) == [
        ("report.rows", '{"stage":"offer","count":2}', '{"stage":"offer","count":1}'),
        ("report.totals", '{"count":5}', '{"count":4}'),
    ]


@pytest.mark.parametrize(
    ("report", "came_of_it"),
    [
        ("name: winloss, options: {pipeline: deals}, rows: [{won: 1, lost: 1, win_rate: 0.5}]", []),
        ("name: winloss, options: {period: 2020}, totals: {won: 0, win_rate: null}", []),
        ("name: winloss, options: {by: comment}, rows: [{comment: x, won: 1}]", []),
        ("name: funnel, options: {mode: reached, where: won}, totals: {count: 1}", []),
        ("name: diff, options: {since: -7d}, rows: [{change: new, count: 3}]", []),
        ("name: winloss, totals: {won: 2}", [("report.totals", '{"won":2}', '{"won":1}')]),
        ("name: winloss, options: {by: nothing}", [("report", "winloss", '--by: unknown field "nothing"')]),
    ],
)
def test_a_report_is_asked_with_its_options(
    failures, report: str, came_of_it: list[tuple[str, str, str]]
) -> None:
    test = """
        given: {{deal: [{{amount: 5}}, {{stage: won, comment: x}}, {{stage: lost, lost_reason: price}}]}}
        when: {{move: order}}
        expect: {{report: {{{}}}}}
    """
    assert failures(test.format(report)) == came_of_it


@pytest.mark.parametrize("name", reports())
def test_every_report_can_be_expected(failures, needed, name: str) -> None:
    options = f", options: {compact(needed(name))}"
    test = "given: {{deal: {{amount: 5}}}}\nwhen: {{move: order}}\nexpect: {{report: {{name: {}{}, totals: {}}}}}"
    assert failures(test.format(name, options, "{}")) == []
    told = failures(test.format(name, options, "{nothing_of_this: 1}"))
    assert [key for key, *_ in told] == ["report.totals"]


def test_a_stage_among_the_fields_is_told_by_its_id(failures) -> None:
    test = "given: {deal: {}}\nwhen: {update: {comment: x}}\nexpect: {fields: {stage: order}}"
    assert failures(test) == [("fields.stage", "order", "offer")]

import json

import pytest


@pytest.fixture(autouse=True)
def converted(workspace, crm) -> None:
    """Three leads: one converted to a deal, one to a contact alone, one rejected."""
    for title, source in (("Acme", "call"), ("Beta", "call"), ("Gamma", "website")):
        crm("create", "lead", title, "-s", f"source={source}", "--now", "2026-11-01")
    crm("convert", "L-1", "--to", "deal", "--pipeline", "retail", "--now", "2026-11-05")
    crm("convert", "L-2", "--to", "contact", "-s", "contact.contact_type=client", "--now", "2026-11-05")
    crm("reject", "L-3", "--reason", "spam", "--now", "2026-11-05")


def document(crm, *argv: str, now: str = "2026-11-20") -> dict:
    ran = crm("report", "conversion", *argv, "-o", "json", "--now", now)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_row_has_the_keys_that_programs_rely_on(crm) -> None:
    (row,) = document(crm)["rows"]
    assert row == {
        "leads": 3,
        "junk": 1,
        "converted": 1,
        "conversion": 1 / 3,
        "conversion_without_junk": 0.5,
    }


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    (row,) = document(crm, "--ids")["rows"]
    assert row["converted_ids"] == ["L-1"]
    for name, expression in (("leads", "created_at = 2026-11-01"), ("junk", "lost")):
        assert row[f"{name}_ids"] == crm("filter", "leads", expression, "-o", "ids").out.split()


def test_a_deal_counts_in_whatever_pipeline_it_is(crm) -> None:
    assert document(crm, "--pipeline", "wholesale")["totals"]["converted"] == 1


def test_a_deal_that_is_deleted_came_of_no_lead(crm) -> None:
    crm("delete", "D-1", "--yes", "--now", "2026-11-06")
    assert document(crm)["totals"]["converted"] == 0
    assert document(crm, "--as-of", "2026-11-05T23:00")["totals"]["converted"] == 1


def test_leads_whose_deals_were_merged_are_both_converted(crm) -> None:
    crm("create", "lead", "Acme", "--now", "2026-11-02")
    crm("convert", "L-4", "--to", "deal", "--pipeline", "retail", "--now", "2026-11-05")
    assert document(crm)["totals"]["converted"] == 2
    assert crm("merge", "D-1", "D-2", "--yes", "--now", "2026-11-07").code == 0
    assert document(crm)["totals"]["converted"] == 2


def test_leads_that_were_merged_are_one(crm) -> None:
    crm("create", "lead", "Acme", "--now", "2026-11-02")
    assert crm("merge", "L-1", "L-4", "--yes", "--now", "2026-11-07").code == 0
    assert (document(crm)["totals"]["leads"], document(crm)["totals"]["converted"]) == (3, 1)


def test_a_look_back_is_not_moved_by_what_came_later(crm) -> None:
    before = document(crm, "--as-of", "2026-11-04")
    assert before["totals"]["converted"] == before["totals"]["junk"] == 0
    crm("create", "lead", "Delta", "--now", "2026-11-10")
    assert document(crm, "--as-of", "2026-11-04")["totals"] == before["totals"]


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    found = document(crm, "--by", "source")["rows"]
    assert [(row["source"], row["leads"], row["conversion"]) for row in found] == [
        ("call", 2, 0.5),
        ("website", 1, 0.0),
    ]


def test_it_can_be_explained(crm) -> None:
    told = document(crm, "--explain", "--period", "2026-11")["explain"]
    assert told["cohort"] == "records created from 2026-11-01 00:00 until 2026-12-01 00:00 (Europe/Kyiv)"
    assert told["definitions"]["conversion"] == "converted / leads"


def test_where_enquiries_are_deals_there_is_nothing_to_convert(crm, edit) -> None:
    edit("crmctl.yaml", "mode: leads", "mode: deals")
    found = document(crm)
    assert found["totals"]["leads"] == 0
    assert len(found["notes"]) == 1
    ran = crm("report", "conversion", "-o", "ids")
    assert (ran.code, ran.out) == (0, "")


def test_whoever_may_not_view_deals_is_told_so(crm, edit) -> None:
    edit("crmctl.yaml", "mode: leads", "mode: leads\nusers: [{id: anna, role: seller}]")
    edit("pipelines/retail.yaml", "record: deal", "record: deal\naccess: [{role: seller, actions: []}]")
    found = document(crm)
    assert found["totals"]["converted"] == 0
    assert found["notes"] == ["records that access does not let you view are not counted"]

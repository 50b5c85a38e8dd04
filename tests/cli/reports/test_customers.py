import json

import pytest

ANN, BOB = "phone=+380501234567", "phone=+380671112233"
WON = ("-s", "waybill=12345678901", "-s", "payment_details=cash", "-s", "address=x")


@pytest.fixture(autouse=True)
def enquiries(workspace, crm) -> None:
    """Ann enquired, became a deal, enquired again, bought, and enquired a third time; Bob enquired once."""
    crm("create", "lead", "Ann", "-s", ANN, "-s", "source=call", "--now", "2026-11-01")
    convert(crm, "L-1", "100", "2026-11-02")
    crm("create", "lead", "Ann", "-s", ANN, "--now", "2026-11-03")
    crm("move", "D-1", "won", *WON, "--now", "2026-11-05")
    crm("create", "lead", "Ann", "-s", ANN, "--now", "2026-11-06")
    crm("create", "lead", "Bob", "-s", BOB, "-s", "source=call", "--now", "2026-11-06")


def convert(crm, lead: str, amount: str, now: str) -> None:
    values = ("-s", "contact.contact_type=client", "-s", f"deal.amount={amount}")
    ran = crm("convert", lead, "--to", "contact,deal", "--pipeline", "retail", *values, "--now", now)
    assert ran.code == 0, ran.err


def document(crm, *argv: str, now: str = "2026-11-20") -> dict:
    ran = crm("report", "customers", *argv, "-o", "json", "--now", now)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def counts(crm, *argv: str) -> dict[str, int]:
    return {row["class"]: row["leads"] for row in document(crm, *argv)["rows"]}


def test_rows_have_the_keys_that_programs_rely_on(crm) -> None:
    found = document(crm)
    assert found["rows"] == [
        {"class": "new", "leads": 2, "deals": 1, "won": 1, "revenue": {"UAH": "100.00"}},
        {"class": "repeated", "leads": 1, "deals": 0, "won": 0, "revenue": {}},
        {"class": "returning", "leads": 1, "deals": 0, "won": 0, "revenue": {}},
    ]
    assert found["totals"] == {"class": None, "leads": 4, "deals": 1, "won": 1, "revenue": {"UAH": "100.00"}}


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    rows = document(crm, "--ids")["rows"]
    assert [row["leads_ids"] for row in rows] == [["L-1", "L-4"], ["L-2"], ["L-3"]]
    assert rows[0]["won_ids"] == crm("filter", "deals", "won", "-o", "ids").out.split()


def test_converting_later_than_the_win_does_not_change_what_an_enquiry_was(crm) -> None:
    before = counts(crm)
    convert(crm, "L-2", "50", "2026-11-10")
    assert counts(crm) == before
    assert document(crm)["totals"]["deals"] == 2


def test_a_win_that_is_taken_back_made_nobody_an_old_client(crm) -> None:
    crm("move", "D-1", "new", "--now", "2026-11-10")
    assert counts(crm) == {"new": 2, "repeated": 2, "returning": 0}
    assert counts(crm, "--as-of", "2026-11-09") == {"new": 2, "repeated": 1, "returning": 1}


def test_a_look_back_is_not_moved_by_what_came_later(crm) -> None:
    before = document(crm, "--as-of", "2026-11-04")
    assert counts(crm, "--as-of", "2026-11-04") == {"new": 1, "repeated": 1, "returning": 0}
    convert(crm, "L-4", "10", "2026-11-10")
    assert document(crm, "--as-of", "2026-11-04")["rows"] == before["rows"]


def test_a_filter_and_a_period_leave_the_past_of_clients_as_it_was(crm) -> None:
    assert counts(crm, "--where", "created_at >= 2026-11-06") == {"new": 1, "repeated": 0, "returning": 1}
    assert counts(crm, "--period", "2026-11-03") == {"new": 0, "repeated": 1, "returning": 0}
    assert counts(crm, "--where", "source = call") == {"new": 2, "repeated": 0, "returning": 0}


def test_a_pipeline_of_deals_narrows_what_came_of_enquiries(crm) -> None:
    found = document(crm, "--pipeline", "wholesale")
    assert (found["totals"]["leads"], found["totals"]["deals"]) == (4, 0)
    assert found["filters"]["pipeline"] == "leads,wholesale"


def test_an_enquiry_that_was_deleted_is_no_earlier_one(crm) -> None:
    crm("create", "lead", "Bob", "-s", BOB, "--now", "2026-11-07")
    assert counts(crm)["repeated"] == 2
    crm("delete", "L-4", "--yes", "--now", "2026-11-08")
    assert counts(crm) == {"new": 2, "repeated": 1, "returning": 1}


def test_enquiries_that_were_merged_are_one(crm) -> None:
    crm("create", "lead", "Bob", "-s", BOB, "--now", "2026-11-07")
    assert crm("merge", "L-4", "L-5", "--yes", "--now", "2026-11-08").code == 0
    assert counts(crm) == {"new": 2, "repeated": 1, "returning": 1}


def test_a_deal_keeps_its_client_though_the_contact_is_deleted(crm) -> None:
    crm("delete", "C-1", "--yes", "--now", "2026-11-08")
    assert counts(crm) == {"new": 2, "repeated": 1, "returning": 1}


def test_what_a_company_bought_makes_an_old_client_of_whoever_comes_from_it(crm) -> None:
    crm("create", "company", "Acme", "--now", "2026-11-07")
    crm("update", "D-1", "-s", "company=O-1", "--now", "2026-11-07")
    values = ("-s", "contact_type=client", "-s", "companies=O-1", "-s", BOB)
    crm("create", "contact", "-s", "first_name=Bob", *values, "--now", "2026-11-07")
    assert counts(crm) == {"new": 1, "repeated": 1, "returning": 2}


def test_numbers_that_too_many_have_are_told(crm) -> None:
    for number in range(7):
        crm("create", "lead", f"Lead {number}", "-s", BOB, "--now", "2026-11-08")
    found = document(crm)
    assert found["notes"] == ["1 number is on too many records to tell whose they are: +380671112233 (8)"]
    assert counts(crm)["new"] == 9


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    found = document(crm, "--by", "source")["rows"]
    assert [(row["source"], row["class"], row["leads"]) for row in found if row["leads"]] == [
        (None, "repeated", 1),
        (None, "returning", 1),
        ("call", "new", 2),
    ]


def test_people_read_a_table_with_its_sum(crm) -> None:
    lines = crm("report", "customers", "--now", "2026-11-20").out.splitlines()
    assert lines[-1].split() == ["All", "4", "1", "1", "100.00", "UAH"]
    assert max(map(len, lines)) <= 80


def test_where_enquiries_are_deals_those_are_counted(crm, edit) -> None:
    edit("crmctl.yaml", "mode: leads", "mode: deals")
    crm("create", "deal", "More", "-s", "contact=C-1", "--pipeline", "retail", "--now", "2026-11-04")
    crm("create", "deal", "Again", "-s", "contact=C-1", "--pipeline", "retail", "--now", "2026-11-06")
    found = document(crm)
    assert [row["leads"] for row in found["rows"]] == [1, 1, 1]
    assert found["totals"] == {"class": None, "leads": 3, "deals": 3, "won": 1, "revenue": {"UAH": "100.00"}}

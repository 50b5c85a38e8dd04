import json
from pathlib import Path

import pytest

WON = ("-s", "waybill=12345678901", "-s", "payment_details=cash", "-s", "address=x")
VIBER = "viber,2026-12-01,2026-12-02,50,UAH"
CLIENT = ("--to", "contact,deal", "--pipeline", "retail", "-s", "contact.contact_type=client")


@pytest.fixture(autouse=True)
def won(workspace, crm, edit) -> None:
    """Two leads from the site, one from a call: one of the site became a customer, who bought again."""
    edit("crmctl.yaml", "database: crm.json", "database: crm.json\nspend: spend.csv")
    lines = ("source,from,to,amount,currency", "website,2026-11-01,2026-11-30,3000,UAH", VIBER)
    Path("spend.csv").write_text("\n".join(lines))
    for number, source in (("1", "website"), ("2", "website"), ("3", "call")):
        phone = f"phone=+38050123456{number}"
        crm("create", "lead", f"Lead {number}", "-s", phone, "-s", f"source={source}", "--now", "2026-11-02")
    assert crm("convert", "L-1", *CLIENT, "--now", "2026-11-03").code == 0
    crm("move", "D-1", "won", *WON, "--now", "2026-11-05")
    crm("create", "deal", "More", "--pipeline", "retail", "-s", "contact=C-1", "--now", "2026-11-06")
    crm("move", "D-2", "won", *WON, "--now", "2026-11-07")


def document(crm, *argv: str, now: str = "2026-11-20") -> dict:
    ran = crm("report", "acquisition", *argv, "-o", "json", "--now", now)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_rows_have_the_keys_that_programs_rely_on(crm) -> None:
    found = document(crm, "--period", "2026-11")
    spend = {"UAH": "3000.00"}
    site = {"leads": 2, "new_customers": 1, "spend": spend, "cpl": {"UAH": "1500.00"}, "cac": spend}
    call = {"leads": 1, "new_customers": 0, "spend": {}, "cpl": {}, "cac": None}
    assert found["rows"] == [{"source": "website", **site}, {"source": "call", **call}]
    assert found["totals"] == {
        "source": None,
        "leads": 3,
        "new_customers": 1,
        "spend": spend,
        "cpl": {"UAH": "1000.00"},
        "cac": spend,
    }


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    row = document(crm, "--ids")["rows"][0]
    assert row["leads_ids"] == crm("filter", "leads", "source = website", "-o", "ids").out.split()
    assert (
        row["new_customers_ids"]
        == crm("filter", "deals", "won and closed_at < 2026-11-06", "-o", "ids").out.split()
    )


def test_a_source_with_spend_alone_has_a_row(crm) -> None:
    (row,) = document(crm, "--period", "2026-12")["rows"]
    assert (row["source"], row["leads"], row["spend"], row["cpl"]) == ("viber", 0, {"UAH": "50.00"}, None)


def test_a_customer_counts_in_the_period_of_the_first_win_whatever_narrows_the_report(crm) -> None:
    assert document(crm, "--period", "2026-11-05")["totals"]["new_customers"] == 1
    assert document(crm, "--period", "2026-11-07")["totals"]["new_customers"] == 0
    assert document(crm, "--where", "created_at >= 2026-11-06")["totals"]["new_customers"] == 0


def test_a_customer_of_a_deal_without_a_source_is_of_its_leads(crm) -> None:
    crm("update", "D-1", "--unset", "source", "--now", "2026-11-08")
    assert document(crm)["rows"][0]["new_customers"] == 1


def test_a_look_back_is_not_moved_by_what_came_later(crm) -> None:
    before = document(crm, "--as-of", "2026-11-04T00:00")
    assert before["totals"]["new_customers"] == 0
    crm("convert", "L-2", *CLIENT, "--now", "2026-11-10")
    assert document(crm, "--as-of", "2026-11-04T00:00")["rows"] == before["rows"]


def test_what_a_customer_cost_agrees_with_the_report_of_sources(crm) -> None:
    of_sources = json.loads(crm("report", "sources", "-o", "json", "--now", "2026-11-20").out)
    for name in ("leads", "spend", "cpl", "cac"):
        assert document(crm)["totals"][name] == of_sources["totals"][name]


def test_without_a_file_of_spend_leads_and_customers_are_told_alone(crm, edit) -> None:
    edit("crmctl.yaml", "\nspend: spend.csv", "")
    found = document(crm)
    assert (found["totals"]["leads"], found["totals"]["new_customers"], found["totals"]["cpl"]) == (
        3,
        1,
        None,
    )
    assert len(found["notes"]) == 1


def test_people_read_titles_and_a_sum_in_80_columns(crm) -> None:
    lines = crm("report", "acquisition", "--now", "2026-11-20").out.splitlines()
    assert lines[3].split()[0] == "Сайт"
    assert any(line.startswith("All ") for line in lines)
    assert lines[-1] == "note: what was spent includes days to come, until 2026-12-02"
    assert max(map(len, lines)) <= 80

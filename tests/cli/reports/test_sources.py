"""`report sources` and `report romi` of a real workspace."""

import json
from pathlib import Path

import pytest

WORKSPACE = """
version: 1
name: Acme
currency: EUR
timezone: Europe/Kyiv
pipelines: pipelines
spend: spend.csv
rates: rates.csv
lists:
  source: [{id: ads, title: Google Ads}, {id: fair, title: Выставка}, radio]
fields:
  deal: {margin: {type: money}, campaign: {type: text}}
duplicates: {contact: [[phone]]}
"""
LEADS = """
version: 1
pipeline: leads
record: lead
stages:
  - {stage: new, title: New}
  - {stage: good, title: Converted, outcome: won}
  - {stage: junk, title: Junk, outcome: lost}
"""
SALES = """
version: 1
pipeline: sales
record: deal
stages:
  - {stage: call, title: Call}
  - {stage: won, title: Won, outcome: won}
  - {stage: lost, title: Lost, outcome: lost}
"""
SPEND = """source,from,to,amount,currency,campaign
Google Ads,2026-11-01,2026-11-30,300,EUR,autumn
radio,2026-10-31,2026-11-01,80,USD,
"""
KEYS = [
    *("source", "leads", "junk", "junk_rate", "converted", "conversion", "deals", "won", "win_rate"),
    *("revenue", "average_won", "spend", "cpl", "cac", "romi", "median_days"),
]


@pytest.fixture(autouse=True)
def acme(laid_out, crm, tmp_path: Path) -> None:
    """Five leads of which one became a deal that was won, and a deal of none."""
    (tmp_path / "spend.csv").write_text(SPEND, "utf-8")
    (tmp_path / "rates.csv").write_text(
        "date,currency,rate\n2026-10-01,USD,0.9\n2026-11-01,USD,0.5\n", "utf-8"
    )
    laid_out(crmctl=WORKSPACE.lstrip(), leads=LEADS.lstrip(), sales=SALES.lstrip())
    for number, source in enumerate(("ads", "ads", "ads", "fair"), 1):
        more = ("-s", f"source={source}", "-s", f"phone=+38050111223{number}", "-s", f"name=N{number}")
        crm("create", "lead", f"Lead {number}", *more, "--now", "2026-11-02")
    crm("create", "lead", "Lead 5", "--now", "2026-10-31T22:30:00+00:00")
    crm("convert", "L-1", "--to", "contact,deal", "-s", "amount=500", "--now", "2026-11-05")
    crm("move", "L-2", "junk", "--now", "2026-11-05")
    crm("move", "D-1", "won", "--now", "2026-11-11")
    crm("create", "deal", "Walk-in", "-s", "amount=70", "-s", "currency=USD", "--now", "2026-11-06")


def report(crm, *argv: str) -> dict:
    ran = crm("report", *argv, "-o", "json", "--now", "2026-11-20")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def rows(crm, *argv: str) -> dict[str | None, dict]:
    return {row["source"]: row for row in report(crm, *argv)["rows"]}


def test_rows_have_the_keys_that_are_promised(crm) -> None:
    told = report(crm, "sources", "--period", "2026-11")
    assert [list(row) for row in told["rows"]] == [KEYS] * 4
    assert told["columns"] == KEYS
    assert list(told["totals"]) == KEYS
    ads = told["rows"][0]
    assert (ads["leads"], ads["junk"], ads["converted"], ads["deals"], ads["won"]) == (3, 1, 1, 1, 1)
    assert (ads["revenue"], ads["spend"], ads["cpl"]) == (
        {"EUR": "500.00"},
        {"EUR": "300.00"},
        {"EUR": "100.00"},
    )
    assert (ads["cac"], ads["romi"], ads["median_days"]) == ({"EUR": "300.00"}, 2 / 3, 6.0)


def test_days_are_those_of_the_workspace(crm) -> None:
    """Lead 5 came on the first of November in Kyiv; half of what radio cost was spent on that day."""
    told = rows(crm, "sources", "--period", "2026-11")
    assert told[None]["leads"] == 1
    assert told["radio"]["spend"] == {"USD": "40.00"}
    assert "radio" not in rows(crm, "sources", "--period", "2026-11-02..2026-11-30")


def test_spend_is_converted_at_the_rate_of_each_day(crm) -> None:
    assert rows(crm, "sources", "--in", "EUR")["radio"]["spend"] == {"EUR": "56.00"}
    assert rows(crm, "romi", "--in", "EUR")["radio"]["difference"] == {"EUR": "-56.00"}


def test_a_rate_that_is_missing_is_an_error(crm, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("date,currency,rate\n2026-11-01,USD,0.5\n", "utf-8")
    ran = crm("report", "romi", "--in", "EUR")
    assert (ran.code, "no rate for USD on 2026-10-31" in ran.err) == (2, True)
    assert crm("report", "romi", "--in", "EUR", "--period", "2026-11", "--now", "2026-11-20").code == 0


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    ads = rows(crm, "sources", "--ids", "--period", "2026-11")["ads"]
    for figure, kind, where in (
        ("leads", "leads", "source = ads"),
        ("junk", "leads", "source = ads and lost"),
        ("deals", "deals", "source = ads"),
        ("won", "deals", "source = ads and won"),
    ):
        assert ads[f"{figure}_ids"] == crm("filter", kind, where, "-o", "ids").out.split(), figure
        assert len(ads[f"{figure}_ids"]) == ads[figure]
    assert ads["converted_ids"] == ["L-1"]
    assert set(ads["ids"]) == {"L-1", "L-2", "L-3", "D-1"}


def test_a_look_back_is_unmoved_by_what_came_later(crm) -> None:
    before = report(crm, "sources", "--as-of", "2026-11-10T12:00:00+00:00")
    crm("move", "L-3", "junk", "--now", "2026-11-15")
    crm("update", "D-1", "-s", "source=fair", "--now", "2026-11-15")
    assert report(crm, "sources", "--as-of", "2026-11-10T12:00:00+00:00") == before
    ads = before["rows"][0]
    assert (ads["won"], ads["junk"], ads["spend"]) == (0, 1, {"EUR": "100.00"})


def test_the_first_enquiry_has_the_merit_of_repeat_deals(crm) -> None:
    crm(
        "create",
        "deal",
        "Again",
        "-s",
        "contact=C-1",
        "-s",
        "source=fair",
        "-s",
        "amount=40",
        "--now",
        "2026-11-12",
    )
    crm("move", "D-3", "won", "--now", "2026-11-13")
    assert rows(crm, "romi")["fair"]["revenue"] == {"EUR": "40.00"}
    first = rows(crm, "romi", "--attribution", "first")
    assert (first["ads"]["revenue"], "fair" in first) == ({"EUR": "540.00"}, False)


def test_a_deal_without_a_source_is_its_leads(crm) -> None:
    crm("update", "D-1", "-s", "source=", "--now", "2026-11-12")
    assert rows(crm, "romi")["ads"]["revenue"] == {"EUR": "500.00"}


def test_a_margin_counts_in_the_place_of_the_amount(crm) -> None:
    crm("update", "D-1", "-s", "margin=350", "--now", "2026-11-10")
    assert rows(crm, "romi", "--margin", "margin")["ads"]["romi"] == pytest.approx(50 / 300)


def test_the_margin_at_the_closing_counts(crm) -> None:
    crm("update", "D-1", "-s", "margin=350", "--now", "2026-11-10")
    crm("move", "D-1", "call", "--now", "2026-11-12")
    crm("move", "D-1", "won", "--now", "2026-11-13")
    crm("update", "D-1", "-s", "margin=1 USD", "--now", "2026-11-14")
    assert rows(crm, "romi", "--margin", "margin")["ads"]["revenue"] == {"EUR": "350.00"}
    current = rows(crm, "romi", "--margin", "margin", "--amount", "current")["ads"]
    assert current["revenue"] == {"USD": "1.00"}


@pytest.mark.parametrize("name", ["nothing", "source"])
def test_a_margin_that_is_no_money_is_wrong_use(crm, name: str) -> None:
    assert crm("report", "romi", "--margin", name).code == 2


def test_a_cohort_narrows_to_its_records(crm) -> None:
    told = rows(crm, "sources", "--cohort", "created", "--period", "2026-11-02..2026-11-05")
    assert (told["ads"]["won"], told["ads"]["leads"]) == (1, 3)
    assert None not in told


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    crm("update", "D-1", "-s", "campaign=Autumn", "--now", "2026-11-12")
    told = report(crm, "romi", "--by", "campaign")["rows"]
    assert [(row["campaign"], row["source"], row["spend"]) for row in told] == [
        ("Autumn", "ads", {"EUR": "300.00"}),
        (None, "radio", {"USD": "80.00"}),
    ]


def test_what_is_counted_is_explained(crm) -> None:
    told = report(crm, "sources", "--period", "2026-11", "--explain")["explain"]
    assert set(told["definitions"]) == set(KEYS) - {"source"}
    assert told["period"].startswith("created, closed or spent from 2026-11-01 00:00")
    assert {each["pipeline"]: each["counted"] for each in told["pipelines"]} == {"leads": 5, "sales": 2}


def test_without_a_file_of_spend_a_note_says_how_to_state_it(crm, edit) -> None:
    edit("crmctl.yaml", "spend: spend.csv\n", "")
    told = report(crm, "sources")
    assert {row["spend"] for row in told["rows"]} == {None}
    assert any("spend: spend.csv" in note for note in told["notes"])


def test_a_file_that_is_wrong_is_told_with_the_line(crm, tmp_path: Path) -> None:
    (tmp_path / "spend.csv").write_text(f"{SPEND}tv,2026-11-01,2026-11-02,1,EUR,\n", "utf-8")
    ran = crm("report", "sources")
    assert (ran.code, "spend.csv:4: unknown value" in ran.err) == (3, True)
    assert crm("list", "leads").code == 0
    assert "spend.csv:4:1" in crm("validate").out


def test_people_read_it_in_eighty_columns(crm) -> None:
    ran = crm("report", "sources", "--period", "2026-11", "--now", "2026-11-20")
    assert "not fit" not in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "Google Ads" in ran.out


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("--period", "2026-11"),
        ("--period", "2026-11-06..2026-11-30"),
        ("--cohort", "closed", "--period", "2026-11"),
        ("--cohort", "closed"),
        ("--cohort", "entered:won"),
        ("--by", "campaign"),
        ("--by", "owner", "--where", "amount > 100 or amount is empty"),
        ("--by", "tags"),
        ("--by", "stage"),
        ("--in", "EUR"),
        ("--as-of", "2026-11-10T12:00:00+00:00"),
        ("--pipeline", "sales"),
        ("--amount", "current"),
    ],
)
def test_what_is_counted_together_is_what_is_counted_one_by_one(crm, argv: tuple[str, ...]) -> None:
    crm("update", "D-1", "-s", "source=", "-s", "campaign=autumn", "-s", "amount=900", "--now", "2026-11-12")
    crm(
        "create", "deal", "Lost", "-s", "tags+=a", "-s", "tags+=b", "-s", "source=fair", "--now", "2026-10-12"
    )
    crm("move", "D-3", "lost", "--reason", "price", "--now", "2026-11-12")
    crm(
        "create",
        "lead",
        "Tagged",
        "-s",
        "tags+=a",
        "-s",
        "source=FAIR",
        "--owner",
        "anna",
        "--now",
        "2026-11-12",
    )
    together = report(crm, "sources", *argv)
    one_by_one = report(crm, "sources", *argv, "--ids")
    for row in one_by_one["rows"]:
        for name in [name for name in row if name.endswith("ids")]:
            del row[name]
    assert together["rows"] == one_by_one["rows"]
    assert together["totals"] == one_by_one["totals"]
    assert together["rows"]


def test_a_lead_whose_deal_was_deleted_is_not_converted(crm) -> None:
    assert rows(crm, "sources")["ads"]["converted"] == 1
    crm("delete", "D-1", "-y", "--now", "2026-11-12")
    assert [rows(crm, "sources", *more)["ads"]["converted"] for more in ((), ("--ids",))] == [0, 0]


def test_a_filter_narrows_records_and_not_what_was_spent(crm) -> None:
    for name in ("sources", "romi"):
        told = report(crm, name, "--where", "amount > 100 EUR")
        assert told["totals"]["spend"] == {"EUR": "300.00", "USD": "80.00"}
        assert "what was spent is not narrowed by --where" in told["notes"]


def test_a_folder_is_no_file_of_spend(crm, tmp_path: Path, edit) -> None:
    (tmp_path / "d").mkdir()
    edit("crmctl.yaml", "spend: spend.csv", "spend: d")
    ran = crm("report", "romi")
    assert (ran.code, 'spend: "d" cannot be read' in ran.err) == (4, True)


def test_days_to_come_are_told_of(crm) -> None:
    note = "what was spent includes days to come, until 2026-11-30"
    assert note in report(crm, "romi", "--period", "2026-11")["notes"]
    assert note not in report(crm, "romi", "--period", "2026-11-01..2026-11-20")["notes"]


def test_a_margin_is_the_same_in_a_table_of_ones_own(crm) -> None:
    crm("update", "D-1", "-s", "margin=50", "--now", "2026-11-10")
    crm("move", "D-1", "call", "--now", "2026-11-12")
    crm("move", "D-1", "won", "--now", "2026-11-13")
    crm("update", "D-1", "-s", "margin=7", "--now", "2026-11-14")

    def margin(*argv: str) -> object:
        told = report(crm, "pivot", "deals", "--rows", "stage", "--value", "sum:margin", *argv)
        return {row["stage"]: row["sum:margin"] for row in told["rows"]}["won"]

    assert margin() == rows(crm, "romi", "--margin", "margin")["ads"]["revenue"] == {"EUR": "50.00"}
    assert margin("--amount", "current") == {"EUR": "7.00"}
    assert margin("--in", "USD") == {"USD": "100.00"}

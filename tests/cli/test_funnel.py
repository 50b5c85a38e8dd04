"""`crmctl funnel`, as it is called."""

import json
import re
from pathlib import Path

import pytest


@pytest.fixture
def deals(workspace: Path, crm) -> None:
    crm("create", "contact", "-s", "last_name=Коваль", "-s", "contact_type=client")
    for source in ("instagram", "instagram", "call"):
        crm("create", "lead", "Ирина", "-s", f"source={source}")
    crm("create", "deal", "Опт", "--pipeline", "wholesale", "-s", "contact=C-1", "-s", "amount=100")
    crm("move", "L-1", "in_work")


@pytest.mark.usefixtures("deals")
def test_a_report_over_several_pipelines_names_the_pipeline_in_every_row(crm) -> None:
    report = json.loads(crm("funnel", "leads", "wholesale", "-o", "json").out)
    assert report["filters"] == {"pipeline": "leads,wholesale", "mode": "snapshot"}
    assert {row["pipeline"] for row in report["rows"]} == {"leads", "wholesale"}
    assert report["totals"]["count"] == 4


@pytest.mark.usefixtures("deals")
def test_one_pipeline_alone_is_not_named_in_its_rows(crm) -> None:
    report = json.loads(crm("funnel", "leads", "-o", "json").out)
    assert "pipeline" not in report["rows"][0]
    assert {row["stage"]: row["count"] for row in report["rows"]}["in_work"] == 1


@pytest.mark.usefixtures("deals")
def test_a_filter_narrows_what_is_counted(crm) -> None:
    report = json.loads(crm("funnel", "leads", "--where", "source = call", "-o", "json").out)
    assert report["totals"]["count"] == 1


@pytest.mark.usefixtures("deals")
def test_the_field_of_by_may_be_named_by_its_title_and_must_be_one(crm) -> None:
    report = json.loads(crm("funnel", "leads", "--by", "Source", "-o", "json").out)
    assert {row["source"] for row in report["rows"]} == {"instagram", "call"}
    refused = crm("funnel", "leads", "--by", "sourse")
    assert refused.code == 2
    assert 'error: --by: unknown field "sourse"' in refused.err


@pytest.mark.usefixtures("deals")
def test_an_undone_move_did_not_happen(crm) -> None:
    crm("undo")
    report = json.loads(crm("funnel", "leads", "--mode", "visited", "-o", "json").out)
    assert {row["stage"]: row["count"] for row in report["rows"]}["in_work"] == 0


def test_a_deal_that_changed_its_pipeline_counts_in_both_for_its_time_there(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "visit_date=today")
    crm("move", "D-1", "visit")
    crm("move", "D-1", "--pipeline", "retail")
    old = json.loads(crm("funnel", "wholesale", "--mode", "visited", "-o", "json").out)
    new = json.loads(crm("funnel", "retail", "--mode", "visited", "-o", "json").out)
    counts = [{row["stage"]: row["count"] for row in report["rows"]} for report in (old, new)]
    assert (counts[0]["new"], counts[0]["visit"], counts[1]["new"]) == (1, 1, 1)
    assert sum(row["open"] for row in old["rows"]) == 0
    assert any("transferred" in note for note in old["notes"])
    assert json.loads(crm("funnel", "wholesale", "-o", "json").out)["totals"]["count"] == 0


def test_by_stage_names_the_stages_that_there_are(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "lead", "Пётр", "--stage", "in_work")
    shown = crm("funnel", "leads", "--by", "stage").out
    assert "archived" not in shown
    rows = json.loads(crm("funnel", "leads", "--by", "stage", "-o", "json").out)["rows"]
    assert {row["by_stage"] for row in rows} == {"new", "in_work"}


def test_equal_amounts_of_two_currencies_are_two_groups(workspace: Path, crm) -> None:
    for amount in ("5 UAH", "5 USD"):
        crm("create", "deal", amount, "--pipeline", "retail", "-s", f"amount={amount}")
    shown = crm("funnel", "retail", "--by", "amount").out
    assert "5.00 UAH  5.00 USD" in shown


@pytest.fixture
def year(workspace: Path, crm) -> None:
    """Deals of one pipeline, created and closed over a year."""
    for month, amount in ((1, "100"), (2, "200 USD"), (3, "300"), (8, "400")):
        crm(
            *("create", "deal", f"Deal {month}", "--pipeline", "courses", "-s", f"amount={amount}"),
            *("--now", f"2026-{month:02d}-10"),
        )
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-05-02")
    crm("move", "D-3", "lost", "--reason", "silent", "--now", "2026-08-20")


def funnel_of(crm, *argv: str) -> dict:
    ran = crm("funnel", "courses", *argv, "-o", "json", "--now", "2026-09-01")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("cohort", "ids"),
    [
        ((), ["D-1", "D-2", "D-3", "D-4"]),
        (("--period", "2026-Q1"), ["D-1", "D-2", "D-3"]),
        (("--cohort", "created", "--period", "2026-02..2026-08"), ["D-2", "D-3", "D-4"]),
        (("--cohort", "closed"), ["D-1", "D-3"]),
        (("--cohort", "closed", "--period", "last-month"), ["D-3"]),
        (("--cohort", "entered:lost", "--period", "2026-Q2"), ["D-1"]),
        (("--cohort", "Entered:Сделка провалена"), ["D-1", "D-3"]),
    ],
)
def test_a_cohort_is_of_what_happened_in_the_period(crm, cohort: tuple[str, ...], ids: list[str]) -> None:
    for mode in ("snapshot", "visited", "reached"):
        report = funnel_of(crm, *cohort, "--mode", mode, "--ids")
        rows = [*report["rows"], *report["lost"]]
        assert sorted({name for row in rows for name in row["ids"]}) == ids
        assert report["totals"]["count"] == len(ids)


@pytest.mark.usefixtures("year")
def test_what_was_asked_for_is_told_in_heading_and_filters(crm) -> None:
    asked = ("--cohort", "closed", "--period", "2026-Q2")
    assert funnel_of(crm, *asked)["filters"] == {
        "pipeline": "courses",
        "mode": "snapshot",
        "cohort": "closed",
        "period": "2026-Q2",
    }
    assert crm("funnel", "courses", *asked).out.startswith("Курсы, snapshot, closed in 2026-Q2: open and won")


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--cohort", "closd"), 'unknown cohort "closd"'),
        (("--cohort", "entered"), '--cohort "entered" is not one'),
        (("--cohort", "closed:won"), '--cohort "closed:won" is not one'),
        (("--cohort", "entered:nowhere"), 'unknown stage "nowhere"'),
        (("--period", "novemb"), '--period "novemb": not a period'),
        (("--in", "euros"), '--in: unknown currency "euros"'),
        (("--in", "GBP"), "no rate for GBP"),
        (("--fields", "stage,cout"), '--fields: unknown column "cout"'),
    ],
)
def test_what_means_nothing_is_wrong_use(crm, argv: tuple[str, ...], message: str) -> None:
    refused = crm("funnel", "courses", *argv)
    assert (refused.code, refused.out) == (2, "")
    assert message in refused.err


@pytest.mark.usefixtures("year")
def test_a_stage_that_only_one_of_all_pipelines_has_leaves_the_others_out(crm) -> None:
    crm("create", "lead", "Ирина")
    report = json.loads(crm("funnel", "--cohort", "entered:in_work", "-o", "json").out)
    assert report["filters"]["pipeline"] == "leads"
    assert crm("funnel", "--cohort", "entered:nowhere").code == 2


@pytest.mark.usefixtures("year")
def test_the_ids_behind_a_figure_stand_below_the_tables_and_alone_with_o_ids(crm) -> None:
    shown = crm("funnel", "courses", "--ids").out
    assert "Курсы: the records behind the figures" in shown
    assert "D-2 D-4" in shown
    assert crm("funnel", "courses", "-o", "ids").out.split() == ["D-2", "D-4", "D-1", "D-3"]
    assert "D-2; D-4" in crm("funnel", "courses", "--ids", "-o", "csv").out
    assert "ids" not in funnel_of(crm)["rows"][0]


@pytest.mark.usefixtures("year")
def test_the_ids_of_funnels_side_by_side_name_their_group(crm) -> None:
    crm("update", "D-2", "-s", "source=website")
    shown = crm("funnel", "courses", "--by", "source", "--ids").out
    assert re.search(r"Сайт: \S.*  D-2\n", shown)
    assert re.search(r"\(none\): Lost, \S.*  D-1\n", shown)


@pytest.mark.usefixtures("year")
def test_an_explanation_says_what_is_counted_and_how_many_are_left_out(crm) -> None:
    asked = ("--period", "2026-Q1", "--where", "amount > 100", "--mode", "reached", "--explain")
    told = funnel_of(crm, *asked)["explain"]
    assert told["pipelines"] == [
        {"pipeline": "courses", "counted": 1, "left_out": {"filter": 1, "currency": 1, "cohort": 1}}
    ]
    assert set(told["definitions"]) == {"count", "share", "conversion", "cumulative", "open", "amount"}
    assert "2026-01-01 00:00 until 2026-04-01 00:00 (Europe/Kyiv)" in told["cohort"]
    shown = crm("funnel", "courses", *asked, "--now", "2026-09-01").out
    assert "What this says" in shown
    assert "1 deal counted; left out: 1 by the filter, 1 for amounts in other currencies" in shown
    assert "explain" not in funnel_of(crm)


@pytest.mark.usefixtures("year")
def test_columns_are_those_named_in_their_order(crm) -> None:
    report = funnel_of(crm, "--fields", "count,stage")
    assert report["columns"] == ["count", "stage"]
    assert list(report["rows"][0]) == ["count", "stage"]
    shown = crm("funnel", "courses", "--fields", "stage,count").out
    assert shown.splitlines()[1].split() == ["Stage", "Count"]
    assert re.search(r"^Дорого +1$", shown, re.MULTILINE)
    assert report["lost"] == [{"reason": "price", "count": 1}, {"reason": "silent", "count": 1}]


@pytest.mark.usefixtures("year")
def test_a_currency_without_a_rate_is_told_of_the_option(crm) -> None:
    assert "error: --in: no rate for GBP" in crm("funnel", "courses", "--in", "GBP").err


@pytest.mark.usefixtures("year")
def test_a_stage_that_no_pipeline_has_is_answered_with_the_close_ones(crm) -> None:
    assert 'did you mean "shipping"?' in crm("funnel", "--cohort", "entered:shiping").err


@pytest.mark.usefixtures("year")
def test_a_pipeline_named_twice_is_shown_once(crm) -> None:
    assert funnel_of(crm, "--pipeline", "Курсы")["totals"]["count"] == 4


def amounts(report: dict) -> list[dict[str, str]]:
    return [row["amount"] for row in (*report["rows"], *report["lost"]) if row["amount"]]


@pytest.mark.usefixtures("year")
def test_a_closed_record_counts_with_the_amount_it_closed_with(crm) -> None:
    crm("update", "D-1", "-s", "amount=999", "--now", "2026-06-01")
    assert {"UAH": "100.00"} in amounts(funnel_of(crm))
    assert {"UAH": "999.00"} in amounts(funnel_of(crm, "--amount", "current"))
    crm("undo", "--now", "2026-06-02")
    assert {"UAH": "100.00"} in amounts(funnel_of(crm, "--amount", "current"))


def test_an_amount_that_was_empty_at_the_closing_is_what_it_was_first_filled_with(workspace, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "courses", "--now", "2026-05-01")
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-05-02")
    assert amounts(funnel_of(crm)) == []
    crm("update", "D-1", "-s", "amount=70 USD", "--now", "2026-05-03")
    crm("update", "D-1", "-s", "amount=999", "--now", "2026-05-04")
    for mode in ("snapshot", "visited"):
        assert amounts(funnel_of(crm, "--mode", mode)) == [{"USD": "70.00"}] * (1 + (mode == "visited"))
    assert amounts(funnel_of(crm, "--as-of", "2026-05-02")) == []
    winloss = json.loads(crm("report", "winloss", "courses", "-o", "json").out)
    assert winloss["totals"]["lost_amount"] == {"USD": "70.00"}


def test_an_amount_changed_within_the_second_of_the_closing_is_changed_after_it(workspace: Path, crm) -> None:
    now = ("--now", "2026-05-01")
    crm("create", "deal", "Acme", "--pipeline", "courses", "-s", "amount=100", *now)
    crm("move", "D-1", "lost", "--reason", "price", "-s", "amount=150", *now)
    crm("update", "D-1", "-s", "amount=7 USD", *now)
    assert amounts(funnel_of(crm)) == [{"UAH": "150.00"}]
    assert amounts(funnel_of(crm, "--amount", "current")) == [{"USD": "7.00"}]


def stated(workspace: Path, rates: str) -> None:
    path = workspace / "crmctl.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("rates:")]
    path.write_text("\n".join([*lines, f"rates: {rates}"]) + "\n", "utf-8")


@pytest.mark.usefixtures("year")
def test_amounts_in_one_currency_are_added_at_the_stated_rates(workspace: Path, crm) -> None:
    stated(workspace, "{USD: 40, EUR: '50.0'}")
    assert {"UAH": "8400.00"} in amounts(funnel_of(crm, "--in", "UAH"))
    assert {"EUR": "168.00"} in amounts(funnel_of(crm, "--in", "eur"))
    stated(workspace, "{USD: 1}")
    assert {"USD": "600.00"} in amounts(funnel_of(crm, "--in", "USD"))
    crm("update", "D-2", "-s", "amount=200 UAH")
    assert amounts(funnel_of(crm, "--in", "UAH")) == amounts(funnel_of(crm))


@pytest.mark.usefixtures("year")
def test_a_file_of_rates_gives_the_rate_of_the_day_a_record_closed(workspace: Path, crm) -> None:
    stated(workspace, "rates.csv")
    missing = crm("funnel", "courses", "--in", "USD")
    assert (missing.code, "rates.csv" in missing.err) == (4, True)
    rates = "date,currency,rate\n2026-05-01,USD,20\n2026-08-01,USD,30\n2026-01-01,USD,10\n"
    (workspace / "rates.csv").write_text(rates, "utf-8")
    report = funnel_of(crm, "--in", "USD")
    assert amounts(report)[0] == {"USD": "213.33"}
    assert {row["reason"]: row["amount"]["USD"] for row in report["lost"]} == {
        "price": "5.00",
        "silent": "10.00",
    }
    (workspace / "rates.csv").write_text(
        rates.replace("2026-01-01,USD,10\n", "").replace("05-01", "06-01"), "utf-8"
    )
    early = crm("funnel", "courses", "--in", "USD", "--now", "2026-09-01")
    assert (early.code, "no rate for USD on 2026-05-02: the first is of 2026-06-01" in early.err) == (2, True)


@pytest.mark.usefixtures("year")
def test_a_file_of_rates_with_a_fault_is_a_fault_of_the_configuration(workspace: Path, crm) -> None:
    stated(workspace, "rates.csv")
    (workspace / "rates.csv").write_text("day,currency,rate\n", "utf-8")
    refused = crm("funnel", "courses", "--in", "USD")
    assert (refused.code, "rates.csv:1: no column date" in refused.err) == (3, True)


@pytest.mark.usefixtures("year")
def test_what_was_entered_into_the_past_later_is_told_of(crm) -> None:
    before = crm("funnel", "courses", "--as-of", "2026-04-30", "-o", "json").out
    crm("update", "D-2", "-s", "amount=5", "--now", "2026-09-02")
    assert crm("funnel", "courses", "--as-of", "2026-04-30", "-o", "json").out == before
    crm("move", "D-2", "lost", "--reason", "price", "--date", "2026-04-01", "--now", "2026-09-02")
    after = json.loads(crm("funnel", "courses", "--as-of", "2026-04-30", "-o", "json").out)
    assert after["notes"] == ["1 change of that time entered later"]
    assert [row["ids"] for row in funnel_of(crm, "--as-of", "2026-04-30", "--ids")["lost"]] == [["D-2"]]

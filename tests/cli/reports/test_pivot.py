import json
from pathlib import Path

import pytest

NOW = ("--now", "2026-11-20T12:00")


@pytest.fixture(autouse=True)
def records(workspace: Path, crm) -> None:
    """Give the workspace contacts, and deals with them."""
    for name, source, tags in (("Ирина", "website", ("--tag", "vip")), ("Олег", "call", ())):
        ran = crm(
            "create", "contact", name, "-s", f"source={source}", "-s", "contact_type=client", *tags, *NOW
        )
        assert ran.code == 0, ran.err
    for title, amount, owner, contact, day in (
        ("Acme", "100 UAH", "anna", "C-1", "10-02"),
        ("Beta", "50.50 USD", "anna", "C-2", "10-03"),
        ("Gamma", "7 UAH", "oleg", "C-1", "11-04"),
    ):
        ran = crm(
            "create", "deal", title, "--pipeline", "retail", "-s", f"amount={amount}", "--owner", owner,
            "-s", f"contact={contact}", "--now", f"2026-{day}",
        )  # fmt: skip
        assert ran.code == 0, ran.err
    crm("move", "D-3", "lost", "--reason", "price", "--now", "2026-11-10")


def report(crm, *argv: str) -> dict:
    ran = crm("report", "pivot", *argv, "-o", "json", *NOW)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_row_is_named_by_its_field_and_has_a_key_for_each_column(crm) -> None:
    told = report(crm, "deals", "--rows", "owner", "--cols", "outcome", "--value", "sum:amount")
    assert told["rows"] == [
        {"owner": "anna", "open": {"UAH": "100.00", "USD": "50.50"}, "won": {}, "lost": {}},
        {"owner": "oleg", "open": {}, "won": {}, "lost": {"UAH": "7.00"}},
    ]
    assert told["totals"] == {
        "owner": None,
        "open": {"UAH": "100.00", "USD": "50.50"},
        "won": {},
        "lost": {"UAH": "7.00"},
    }
    assert told["filters"]["record"] == "deal"


def test_the_ids_of_a_cell_are_those_that_the_same_filter_lists(crm) -> None:
    rows = report(crm, "deal", "--rows", "owner", "--cols", "outcome", "--ids")["rows"]
    for row in rows:
        for outcome in ("open", "won", "lost"):
            where = f"owner = {row['owner']} and {outcome}"
            assert row[f"{outcome}_ids"] == crm("filter", "deals", where, "-o", "ids").out.split()


def test_a_field_of_the_records_referred_to_divides_as_well(crm) -> None:
    rows = report(crm, "deals", "--rows", "contact.source", "--cols", "contact.tags")["rows"]
    assert [(row["contact.source"], row["vip"], row["(none)"]) for row in rows] == [
        ("website", 2, 0),
        ("call", 0, 1),
    ]


def test_prices_in_other_currencies_are_groups_of_their_own(crm) -> None:
    for title, price in (("Tea", "10 EUR"), ("Jar", "10 USD"), ("Cup", "10 EUR")):
        assert crm("create", "product", title, "-s", f"price={price}", *NOW).code == 0
    rows = report(crm, "products", "--rows", "unit", "--by", "price", "--ids")["rows"]
    assert {row["price"]: row["ids"] for row in rows} == {"10.00 EUR": ["P-1", "P-3"], "10.00 USD": ["P-2"]}


def test_records_without_pipelines_are_divided_too(crm) -> None:
    assert report(crm, "contacts", "--rows", "source")["rows"] == [
        {"source": "call", "count": 1},
        {"source": "website", "count": 1},
    ]
    asked = ("--where", "source = call", "--period", "2026-11", "--explain")
    told = report(crm, "contacts", "--rows", "created_at", *asked)
    assert told["rows"] == [{"created_at": "2026-11", "count": 1}]
    assert told["explain"]["records"] == [{"record": "contact", "counted": 1, "left_out": {"filter": 1}}]


def test_amounts_are_in_one_currency_if_wanted_those_of_products_too(crm) -> None:
    for price in ("10 USD", "5 UAH"):
        crm("create", "product", f"P {price}", "-s", f"price={price}", *NOW)
    product = report(crm, "products", "--rows", "category", "--value", "sum:price", "--in", "UAH")
    assert product["totals"]["sum:price"] == {"UAH": "420.00"}
    deal = report(crm, "deals", "--rows", "owner", "--value", "sum:amount", "--in", "UAH")
    assert deal["totals"]["sum:amount"] == {"UAH": "2202.75"}


def test_a_period_is_that_of_the_creation(crm) -> None:
    told = report(crm, "deals", "--rows", "created_at", "--period", "2026-10")
    assert told["rows"] == [{"created_at": "2026-10", "count": 2}]


def test_as_of_a_day_later_events_have_not_happened(crm) -> None:
    asked = ("report", "pivot", "deals", "--rows", "owner", "--cols", "outcome", "-o", "json", "--as-of")
    before = crm(*asked, "2026-11-05", *NOW).out
    crm("move", "D-1", "lost", "--reason", "price", *NOW)
    crm("assign", "D-2", "--to", "oleg", *NOW)
    assert crm(*asked, "2026-11-05", *NOW).out == before
    assert json.loads(before)["totals"]["lost"] == 0


def test_people_read_titles(crm) -> None:
    out = crm("report", "pivot", "deals", "--rows", "stage", "--cols", "owner", "--pipeline", "retail").out
    assert out.splitlines()[0] == "pivot: deals by stage and owner, count"
    assert any(line.startswith("Сделка провалена") for line in out.splitlines())


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("deals", "--rows", "stag"), 'did you mean "stage"?'),
        (("deals", "--rows", "contact.sorce"), 'did you mean "source"?'),
        (("deals",), "missing option '--rows'"),
        (("dealz", "--rows", "owner"), 'did you mean "deal"?'),
        (("contacts", "--rows", "outcome"), 'unknown field "outcome"'),
        (("deals", "--rows", "owner", "--pipeline", "leads"), 'pipeline "leads" is of leads'),
        (("contacts", "--rows", "owner", "--pipeline", "leads"), "contacts have no pipelines"),
        (("contacts", "--rows", "owner", "--cohort", "closed"), "contacts are not closed"),
    ],
)
def test_what_there_is_not_is_refused(crm, argv: tuple[str, ...], told: str) -> None:
    ran = crm("report", "pivot", *argv)
    assert ran.code == 2
    assert told in ran.err


def test_an_own_field_goes_before_what_is_worked_out_under_its_name(workspace: Path, crm) -> None:
    file = workspace / "crmctl.yaml"
    own = "  deal:\n    age: {type: integer}\n    outcome: {type: text}\n"
    file.write_text(file.read_text("utf-8").replace("  deal:\n", own, 1), "utf-8")
    crm("update", "D-1", "-s", "age=40", "-s", "outcome=good", *NOW)
    told = report(crm, "deals", "--rows", "outcome", "--value", "avg:age")
    assert told["rows"] == [{"outcome": None, "avg:age": None}, {"outcome": "good", "avg:age": 40.0}]


def test_rows_hold_where_the_calendar_ends(workspace: Path, crm) -> None:
    (workspace / "deals.csv").write_text(
        "title,created_at,stage,close_date\nA,0001-01-02,new,9999-12-31\n", "utf-8"
    )
    ran = crm("import", "deals", "deals.csv", "--pipeline", "retail", *NOW)
    assert ran.code == 0, ran.err
    assert report(crm, "deals", "--rows", "created_at")["rows"][0]["created_at"] == "0001-01"
    for name in ("forecast", "owners", "backlog"):
        assert crm("report", name, "--period", "..2026", *NOW).code == 0

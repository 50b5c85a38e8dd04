from crmctl.reports.division import Division
from crmctl.reports.facts import Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.winloss import make


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def deal(number: int, stage: str, closed: int | None, amount: str | None = None, **more: str) -> Journey:
    return Journey(
        f"D-{number}",
        "sales",
        stage,
        amount,
        more.get("currency", "EUR"),
        stages=("call", stage) if closed else ("call",),
        entered=(day(1), day(closed)) if closed else (day(1),),
        created=day(1),
        closed=day(closed) if closed else None,
        group=more.get("group"),
    )


DEALS = [deal(1, "won", 5, "300"), deal(2, "lost", 6, "100"), deal(3, "won", 20, "50"), deal(4, "call", None)]


def test_what_closed_in_the_period_is_won_or_lost(facts) -> None:
    made = make(facts(facts.sales(DEALS), window=Window(day(2), day(10))))
    (line,) = made.sections[0].lines
    assert line.row == made.totals
    assert line.row == {
        "won": 1,
        "lost": 1,
        "win_rate": 0.5,
        "won_amount": {"EUR": "300.00"},
        "lost_amount": {"EUR": "100.00"},
        "win_rate_by_amount": 0.75,
    }
    assert line.behind == {"won": ["D-1"], "lost": ["D-2"]}


def test_of_nothing_there_is_no_rate(facts) -> None:
    made = make(facts(facts.sales([])))
    assert made.totals["win_rate"] is None
    assert made.totals["win_rate_by_amount"] is None


def test_unlike_currencies_have_no_common_rate(facts) -> None:
    mixed = [deal(1, "won", 5, "300"), deal(2, "lost", 6, "100", currency="UAH")]
    made = make(facts(facts.sales(mixed)))
    assert made.totals["win_rate"] == 0.5
    assert made.totals["win_rate_by_amount"] is None
    assert list(made.notes) == ["amounts in EUR, UAH: rates of amounts need --in CURRENCY"]


def lost(number: int, reason: str | None, *stages: str) -> Journey:
    way = (*stages, "lost")
    entered = tuple(day(at) for at in range(1, len(way) + 1))
    return Journey(
        f"D-{number}", "sales", "lost", "100", "EUR", reason, reason, way, entered, day(1), entered[-1]
    )


def test_reasons_tell_how_many_were_lost_for_them_from_where_and_after_how_long(facts) -> None:
    deals = [
        lost(1, "price", "call", "sample"),
        lost(2, "Price", "call"),
        lost(3, "price", "sample"),
        lost(4, None),
    ]
    by = Division("lost_reason", str)
    made = make(facts(facts.sales([*deals, deal(5, "won", 5, "1")], by)))
    price, none = (line.row for line in made.sections[0].lines)
    assert price == {
        "reason": "price",
        "count": 3,
        "share": 0.75,
        "amount": {"EUR": "300.00"},
        "lost_from": "sample",
        "median_age": 1.0,
    }
    assert made.sections[0].lines[0].shown["lost_from"] == "sample (archived) (2)"
    assert (none["reason"], none["count"], none["lost_from"]) == (None, 1, None)
    assert made.totals.keys() == price.keys()
    assert made.totals["count"] == 4
    assert made.sections[0].lines[0].behind == {"": ["D-1", "D-2", "D-3"]}

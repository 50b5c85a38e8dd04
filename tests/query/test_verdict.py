from typing import Any

from crmctl.model.records import Value

Ask = Any
Row = dict[str, Value]


def test_values_from_before_a_field_changed_its_type_match_nothing(deals: Ask) -> None:
    row: Row = {
        "id": "D-1",
        "amount": "lots",
        "currency": "UAH",
        "cost": 5,
        "close_date": 20261121,
        "contact": "Anna",
        "title": ["a", "b"],
        "tags": "vip",
    }
    for text in ("amount > 1", "cost > 1", "close_date > today", "contact = C-1", "contact != C-1"):
        assert not deals.holds(text, row)
    assert deals.holds("title = b", row)
    assert deals.holds("tags has vip", row)


class TestOtherCurrencies:
    ROWS: tuple[Row, ...] = (
        {"id": "D-1", "amount": "100.00", "currency": "UAH"},
        {"id": "D-2", "amount": "100.00", "currency": "USD"},
        {"id": "D-3", "amount": "5.00", "currency": "EUR", "title": "x"},
        {"id": "D-4"},
    )

    def _passed_over(self, deals: Ask, text: str) -> tuple[list[Value], int]:
        bound = deals.bound(text)
        passes = bound.predicate(lambda name: lambda row: row.get(name), None)
        return [row["id"] for row in self.ROWS if passes(row)], bound.passed_over

    def test_their_records_are_passed_over_and_counted(self, deals: Ask) -> None:
        assert self._passed_over(deals, "amount >= 10") == (["D-1"], 2)
        assert self._passed_over(deals, "amount >= 10 USD") == (["D-2"], 2)

    def test_a_record_is_counted_once(self, deals: Ask) -> None:
        assert self._passed_over(deals, "amount >= 10 or amount < 10") == (["D-1"], 2)

    def test_unequal_passes_them_over_too(self, deals: Ask) -> None:
        assert self._passed_over(deals, "amount != 5") == (["D-1"], 2)
        assert self._passed_over(deals, "amount not in (5, 6)") == (["D-1"], 2)

    def test_a_list_compares_what_any_of_its_values_can(self, deals: Ask) -> None:
        assert self._passed_over(deals, "amount in (100, 100 USD)") == (["D-1", "D-2"], 1)

    def test_only_those_that_were_asked_are_counted(self, deals: Ask) -> None:
        assert self._passed_over(deals, "title = x and amount > 1") == ([], 1)
        assert self._passed_over(deals, "title = x or amount > 1") == (["D-1", "D-3"], 1)
        assert self._passed_over(deals, "amount is not empty") == (["D-1", "D-2", "D-3"], 0)

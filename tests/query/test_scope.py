from typing import Any

import pytest

from crmctl.model.records import Value

Ask = Any
Row = dict[str, Value]


RECORDS = {
    "O-1": {"title": "Чай и Ко", "industry": "trade", "tags": ["vip"]},
    "O-2": {"title": "Софт", "industry": "it"},
    "L-1": {"amount": "500.00 UAH"},
}


class TestLinkedRecords:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ('company.industry ~ "торговля"', ["D-1"]),
            ("company.industry = software", ["D-2"]),
            ("company.industry != trade", ["D-2"]),
            ("company.tags has vip", ["D-1"]),
            ("company.tags is empty", ["D-2", "D-3", "D-4"]),
            ("company.title is not empty", ["D-1", "D-2"]),
            ("origin_lead.amount > 100", ["D-4"]),
        ],
    )
    def test_their_fields_compare_as_ones_own(
        self, deals: Ask, lookups: Any, text: str, found: list[str]
    ) -> None:
        rows: list[Row] = [
            {"id": "D-1", "company": "O-1"},
            {"id": "D-2", "company": "O-2"},
            {"id": "D-3"},
            {"id": "D-4", "company": "O-404", "origin_lead": "L-1"},
        ]
        assert deals.found(text, rows, lookups(RECORDS)) == found

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("companies.industry = it", ["C-1"]),
            ("companies.industry != it", ["C-2"]),
            ("companies.title is empty", ["C-3"]),
        ],
    )
    def test_any_of_several_records_may_pass(
        self, contacts: Ask, lookups: Any, text: str, found: list[str]
    ) -> None:
        rows: list[Row] = [
            {"id": "C-1", "companies": ["O-1", "O-2"]},
            {"id": "C-2", "companies": ["O-1"]},
            {"id": "C-3"},
        ]
        assert contacts.found(text, rows, lookups(RECORDS)) == found

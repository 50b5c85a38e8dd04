from typing import Any

import pytest

from crmctl.model.records import Value

Ask = Any
Row = dict[str, Value]


CHANGES = {
    ("D-1", "stage"): ["2026-10-01T09:00:00+00:00", "2026-11-20T22:30:00+00:00"],
    ("D-2", "stage"): ["2026-11-01T10:00:00+00:00"],
    ("D-2", "currency"): ["2026-11-01T10:00:00+00:00"],
    ("D-3", "pipeline"): ["2026-11-02T10:00:00+00:00"],
}


class TestChanges:
    ROWS: tuple[Row, ...] = ({"id": "D-1"}, {"id": "D-2"}, {"id": "D-3"})

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("stage changed", ["D-1", "D-2", "D-3"]),
            ("stage changed after 2026-11-01", ["D-1", "D-3"]),
            ("stage changed after yesterday", ["D-1"]),
            ("stage changed before 2026-11-01", ["D-1"]),
            ("stage changed before 2026-11-02", ["D-1", "D-2"]),
            ("stage changed after 2026-11-01 11:59", ["D-1", "D-2", "D-3"]),
            ("amount changed", ["D-2"]),
            ("not stage changed after -30d", []),
            ("owner changed", []),
        ],
    )
    def test_some_change_of_the_field_falls_there(
        self, deals: Ask, lookups: Any, text: str, found: list[str]
    ) -> None:
        assert deals.found(text, self.ROWS, lookups(changes=CHANGES)) == found

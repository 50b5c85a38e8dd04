"""Cells that hold several values: taken apart by a mark, or out of JSON."""

import pytest

from crmctl.importer.cell_parts import named_in_json, split_at


@pytest.mark.parametrize(
    ("cell", "parts"),
    [("a, b ,c", ["a", "b", "c"]), ("a", ["a"]), (" a ", [" a "]), ("a,,b", ["a", "", "b"])],
)
def test_a_cell_is_taken_apart_at_a_mark(cell: str, parts: list[str]) -> None:
    assert split_at(",")(cell) == parts


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ('[{"label": "work", "value": "a@x.io"}, {"value": "b@x.io"}]', ["a@x.io", "b@x.io"]),
        ('{"value": " +1 212 736 5000 "}', ["+1 212 736 5000"]),
        ('[{"value": "zo\\u00eb@x.io"}]', ["zoë@x.io"]),
        ('[{"value": 5454445454}]', ["5454445454"]),
        ('["a@x.io", "b@x.io"]', ["a@x.io", "b@x.io"]),
        ('[{"value": null}]', []),
        ("[]", []),
        ("null", []),
    ],
)
def test_the_values_under_a_name_are_taken_out_of_json(cell: str, values: list[str]) -> None:
    assert named_in_json("value")(cell) == values


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.io",
        '[{"value": "a@x.io"}',
        '[{"label": "work"}]',
        '[{"value": {"a": 1}}]',
        '[{"value": true}]',
        '[{"value": "a; b"}]',
        '[["a"]]',
    ],
)
def test_a_cell_that_is_something_else_stays_whole_for_its_field_to_refuse(cell: str) -> None:
    assert named_in_json("value")(cell) == [cell]

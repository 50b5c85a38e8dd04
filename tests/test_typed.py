"""Values of JSON and YAML as the text that somebody might have typed."""

import pytest

from crmctl.errors import BadValue
from crmctl.typed import as_text, typed_texts


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (None, ""), (12, "12"), (12.0, "12"), (0.1, "0.1"), (1e22, "1" + "0" * 22), ("x", "x")],
)
def test_a_scalar_is_what_one_would_type(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_list_is_a_text_each_and_nothing_an_empty_one() -> None:
    assert typed_texts(["a", 1, False]) == ("a", "1", "false")
    assert typed_texts(None) == ("",)
    assert typed_texts([]) == ()


def test_a_line_of_a_deal_may_be_an_object() -> None:
    lines = [
        {"product": "P-1", "quantity": 2, "price": "10 UAH"},
        {"product": "P-2", "price": 5},
        "P-3 1 x 7",
    ]
    assert typed_texts(lines) == ("P-1 2 x 10 UAH", "P-2 1 x 5", "P-3 1 x 7")


@pytest.mark.parametrize(
    "value", [{"a": 1}, [["a"]], [{}], [{"product": "P-1"}], [{"product": "P-1", "price": 1, "a": 1}]]
)
def test_what_is_nested_has_no_text(value: object) -> None:
    with pytest.raises(BadValue):
        typed_texts(value)

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


@pytest.mark.parametrize("value", [{"a": 1}, [["a"]], [{}]])
def test_what_is_nested_has_no_text(value: object) -> None:
    with pytest.raises(BadValue):
        typed_texts(value)

"""References are ids of other records."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def company(read: Any) -> Any:
    return read("reference", "company", to="company")


@pytest.mark.parametrize("typed", ["O-7", "o-7", " company/7 ", "companies/7", "company-7"])
def test_an_id_is_read_however_it_is_typed(company: Any, typed: str) -> None:
    assert company.parse(typed) == "O-7"


@pytest.mark.parametrize("wrong", ["7", "Acme", "O-0", "O-07", "O-", "X-1", "O-٧", "O-" + "1" * 30])
def test_what_is_no_id_is_refused(company: Any, wrong: str) -> None:
    with pytest.raises(BadValue, match="is not an id"):
        company.parse(wrong)


def test_an_id_of_another_type_is_refused(company: Any) -> None:
    with pytest.raises(BadValue, match="C-7 is no company") as refused:
        company.parse("C-7")
    assert refused.value.hint == "write an id like O-1"


def test_ids_sort_by_number(company: Any) -> None:
    assert company.key("O-9") < company.key("O-10")


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10**18 - 1))
def test_a_shown_id_reads_back(company: Any, number: int) -> None:
    assert company.again(f"O-{number}") == f"O-{number}"

import pytest

from crmctl.errors import Refused
from crmctl.importer.header import checked_header


def test_names_are_trimmed_and_hard_spaces_are_spaces() -> None:
    assert checked_header([" First\u00a0name ", "\u00a0Phone"], "f.csv") == ("First name", "Phone")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Phone", "phone "), ("Счёт", "счет"), ("й", "и\u0306"), ("a b", "a\u00a0 b"), ("ＡＢ", "ab")],
)
def test_two_columns_of_one_name_are_refused_naming_both(first: str, second: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_header([first, "x", second], "f.csv: line 1")

    assert refused.value.message.startswith("f.csv: line 1: columns 1 and 3 are both named")


def test_repeated_names_are_numbered_where_that_is_wanted() -> None:
    names = ["Note", "note 2", "Note", "Note", ""]

    assert checked_header(names, "f.csv", number_repeats=True) == ("Note", "note 2", "Note 3", "Note 4", "")


def test_a_header_without_any_name_is_refused() -> None:
    with pytest.raises(Refused, match="no column has a name"):
        checked_header(["", " "], "f.csv")


def test_a_header_is_as_wide_as_any_list_of_records_and_no_wider() -> None:
    names = [f"c{number}" for number in range(1000)]
    assert len(checked_header([*names, *[""] * 500], "f.csv")) == 1500
    with pytest.raises(Refused, match=r"f\.csv: 1,001 columns, and 1,000 are the most"):
        checked_header([*names, "one more"], "f.csv")
    with pytest.raises(Refused, match="1,001 columns"):
        checked_header(["Note"] * 1001, "f.csv", number_repeats=True)


def test_a_name_of_endless_length_is_cut_in_messages() -> None:
    with pytest.raises(Refused) as refused:
        checked_header(["n" * 100_000, "N" * 100_000], "f.csv")

    assert len(str(refused.value.message)) < 300

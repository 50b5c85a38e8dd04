import pytest

from crmctl.importer.reading_evidence import date_formats, decimal_mark, is_decided, two_readings


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["03/14/2026", "05/06/2026"], [["%m/%d/%Y"]]),
        (["14/03/2026", "05/06/2026"], [["%d/%m/%Y"]]),
        (["05/06/2026", "05/06/2026"], [["%d/%m/%Y", "%m/%d/%Y"]]),
        (["05.06.2026"], [["%d.%m.%Y"]]),
        (["05.06.26"], [["%d.%m.%y"]]),
        (["2026/06/05"], [["%Y/%m/%d"]]),
        (["05.06.2026 10:20:30", "06.06.2026"], [["%d.%m.%Y %H:%M:%S", "%d.%m.%Y"]]),
        (["03/14/2026 2:30 PM"], [["%m/%d/%Y %I:%M %p"]]),
        (["14/03/2026", "03/14/2026"], []),
        (["soon", ""], []),
    ],
)
def test_the_formats_that_all_dates_of_a_kind_fit(values: list[str], formats: list[list[str]]) -> None:
    assert date_formats(values) == formats


def test_formats_that_differ_in_the_time_alone_leave_one_reading() -> None:
    assert is_decided(["%d.%m.%Y %H:%M", "%d.%m.%Y"])
    assert not is_decided(["%d/%m/%Y", "%m/%d/%Y"])


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.250", "980,50"], ","),
        (["1,250", "980.5"], "."),
        (["1,250.00"], "."),
        (["1.250", "300"], ""),
        (["1,5", "1.5"], ""),
        ([], ""),
    ],
)
def test_the_decimal_mark_that_values_with_one_reading_show(values: list[str], mark: str) -> None:
    assert decimal_mark(values) == mark


@pytest.mark.parametrize(
    ("value", "may_be_swapped"),
    [
        ("05/06/2026", True),
        ("05-06-26 10:15", True),
        ("05.06.26", False),
        ("05/05/2026", False),
        ("14/03/2026", False),
        ("2026-05-06", False),
        ("in May", False),
    ],
)
def test_day_and_month_may_be_swapped_where_both_orders_are_written_so(
    value: str, may_be_swapped: bool
) -> None:
    assert two_readings(value) is may_be_swapped

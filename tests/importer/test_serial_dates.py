import pytest

from crmctl.errors import BadValue
from crmctl.importer.serial_dates import moment_text, time_text


@pytest.mark.parametrize(
    ("days", "epoch", "text"),
    [
        (1, "1900", "1900-01-01"),
        (59, "1900", "1900-02-28"),
        (61, "1900", "1900-03-01"),
        (45292, "1900", "2024-01-01"),
        (45292.5, "1900", "2024-01-01T12:00:00"),
        (24472.1763888889, "1900", "1966-12-31T04:14:00"),
        (45292.99999999, "1900", "2024-01-02"),
        (2958465, "1900", "9999-12-31"),
        (0, "1904", "1904-01-01"),
        (60, "1904", "1904-03-01"),
        (43830, "1904", "2024-01-01"),
    ],
)
def test_days_are_counted_from_the_epoch(days: float, epoch: str, text: str) -> None:
    assert moment_text(days, epoch) == text


@pytest.mark.parametrize(
    ("days", "epoch", "reason"),
    [
        (0, "1900", "before 1900"),
        (-1, "1900", "before 1900"),
        (-1, "1904", "before 1904"),
        (60, "1900", "29 February 1900, which never was"),
        (60.5, "1900", "29 February 1900, which never was"),
        (2958466, "1900", "after 9999"),
        (1e300, "1900", "after 9999"),
    ],
)
def test_days_that_no_calendar_has_are_no_dates(days: float, epoch: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        moment_text(days, epoch)


@pytest.mark.parametrize(
    ("days", "text"), [(0, "00:00:00"), (0.5, "12:00:00"), (1.5, "36:00:00"), (-0.25, "-06:00:00")]
)
def test_parts_of_days_are_times(days: float, text: str) -> None:
    assert time_text(days) == text

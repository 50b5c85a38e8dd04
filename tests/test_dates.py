"""Dates are ISO, words relative to now, or a declared format; moments are kept in UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl import dates
from crmctl.errors import BadValue

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday, 14:00 in Kyiv
KYIV = "Europe/Kyiv"
ZONES = [KYIV, "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Africa/Cairo"]


def day(text: str, zone: str = KYIV) -> str:
    return dates.read_date(text, NOW, zone).isoformat()


def moment(text: str, zone: str = KYIV) -> str:
    return dates.stored_moment(dates.read_moment(text, NOW, zone))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", "2026-11-21"),
        (" 2026-11-21 ", "2026-11-21"),
        ("2026-11-21 15:30", "2026-11-21"),
        ("2026-11-21T23:30Z", "2026-11-22"),
        ("today", "2026-11-21"),
        ("Вчера", "2026-11-20"),
        ("tomorrow", "2026-11-22"),
        ("-7d", "2026-11-14"),
        ("+2w", "2026-12-05"),
        ("+3mo", "2027-02-21"),
        ("+1q", "2027-02-21"),
        ("-1y", "2025-11-21"),
        ("mon", "2026-11-23"),
        ("saturday", "2026-11-28"),
        ("пт", "2026-11-27"),
        ("som", "2026-11-01"),
        ("eom", "2026-11-30"),
        ("eow", "2026-11-22"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("soy", "2026-01-01"),
    ],
)
def test_a_day_is_read(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "01/02/03",
        "21.11.2026",
        "11/21/2026",
        "31.02.2024",
        "20261121",
        "noon",
        "",
        "2026-1-2",
        "+1m",
        "12",
        "1.5",
    ],
)
def test_what_could_be_several_dates_or_none_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not a date"):
        day(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2024-13-01", "0000-01-01", "2026-11-21 24:00", "2026-11-21 10:60", "2026-13", "0000-01"],
)
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="no such date"):
        moment(text)


@pytest.mark.parametrize(
    "text", ["-9999y", "9999-12-31", "+9999y", "0001-01-01", "0001-01-01T00:00:00+05:00"]
)
def test_a_day_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="out of range"):
        moment(text)


@pytest.mark.parametrize("offset", ["+25:00", "-99:99", "+24:00"])
def test_an_impossible_offset_is_refused(offset: str) -> None:
    with pytest.raises(BadValue, match="no such offset"):
        moment(f"2026-11-21T10:00:00{offset}")


@pytest.mark.parametrize("text", ["2026-11", "2026-Q4", "2026"])
def test_more_than_a_day_is_no_day(text: str) -> None:
    with pytest.raises(BadValue, match="more than one day"):
        day(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-11-21", "2026-11-20T22:00:00+00:00"),
        ("2026-11-21 15:30", "2026-11-21T13:30:00+00:00"),
        ("2026-11-21T15:30:09", "2026-11-21T13:30:09+00:00"),
        ("2026-11-21T15:30:09.987", "2026-11-21T13:30:09+00:00"),
        ("2026-11-21T15:30:09Z", "2026-11-21T15:30:09+00:00"),
        ("2026-11-21T15:30:09+0530", "2026-11-21T10:00:09+00:00"),
        ("2026-07-01 12:00", "2026-07-01T09:00:00+00:00"),
        ("-3h", "2026-11-21T09:00:00+00:00"),
        ("+30min", "2026-11-21T12:30:00+00:00"),
        ("now", "2026-11-21T12:00:00+00:00"),
        ("today", "2026-11-20T22:00:00+00:00"),
    ],
)
def test_a_moment_is_kept_in_utc_to_the_second(text: str, kept: str) -> None:
    assert moment(text) == kept


def test_a_time_the_clocks_skip_is_refused() -> None:
    with pytest.raises(BadValue, match="does not exist in Europe/Kyiv"):
        moment("2026-03-29 03:30")


def test_a_time_the_clocks_repeat_is_its_first() -> None:
    assert moment("2026-10-25 03:30") == "2026-10-25T00:30:00+00:00"


def test_a_day_whose_midnight_is_skipped_begins_at_its_first_moment() -> None:
    span = dates.read_span("2026-04-24", NOW, "Africa/Cairo")
    assert dates.local_text(dates.stored_moment(span.start), "Africa/Cairo") == "2026-04-24T01:00:00+03:00"


@pytest.mark.parametrize(
    ("text", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-21", 24), ("2026-11", 720)]
)
def test_a_day_without_time_is_the_whole_local_day(text: str, hours: int) -> None:
    span = dates.read_span(text, NOW, KYIV)
    assert span.end - span.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2d", timedelta(days=2)),
        ("4h", timedelta(hours=4)),
        ("30min", timedelta(minutes=30)),
        ("1w", timedelta(weeks=1)),
        ("1mo", timedelta(days=30)),
        ("1Y", timedelta(days=365)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    assert dates.read_duration(text) == length


@pytest.mark.parametrize("text", ["2", "d", "-2d", "2 days", "999999d", ""])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not a length of time"):
        dates.read_duration(text)


def test_a_declared_format_is_read_in_the_workspaces_time() -> None:
    assert dates.read_formatted("21.11.2026 15:30", "%d.%m.%Y %H:%M", KYIV) == datetime(
        2026, 11, 21, 13, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["31.02.2024", "2024-02-01", "1.2"])
def test_what_does_not_fit_the_declared_format_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="does not fit the date format"):
        dates.read_formatted(text, "%d.%m.%Y", KYIV)


@pytest.mark.parametrize("name", ["Europe/Kiiv", "", "../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadValue, match="unknown time zone"):
        dates.zone(name)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28")],
)
def test_a_month_on_is_at_most_that_months_last_day(start: str, count: int, expected: str) -> None:
    assert dates.add_months(date.fromisoformat(start), count).isoformat() == expected


_MOMENTS = st.datetimes(
    datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC), allow_imaginary=False
).map(lambda found: found.replace(microsecond=0))


@settings(max_examples=200)
@given(_MOMENTS, st.sampled_from(ZONES))
def test_a_moment_shown_with_its_offset_reads_back(found: datetime, zone: str) -> None:
    kept = dates.stored_moment(found)
    assert moment(dates.local_text(kept, zone), zone) == kept


@settings(max_examples=200)
@given(st.lists(_MOMENTS, min_size=2, max_size=2))
def test_kept_moments_compare_as_text(found: list[datetime]) -> None:
    one, other = found
    assert (dates.stored_moment(one) < dates.stored_moment(other)) == (one < other)


@settings(max_examples=100)
@given(_MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_the_offset_something_is_written_in_does_not_matter(found: datetime, minutes: int) -> None:
    written = found.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    assert moment(written) == dates.stored_moment(found)


@settings(max_examples=100)
@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), st.sampled_from(ZONES))
def test_the_start_of_a_day_falls_on_it(found: date, zone: str) -> None:
    assert dates.day_of(dates.read_moment(found.isoformat(), NOW, zone), zone) == found


@settings(max_examples=300)
@given(st.text(alphabet="0123456789-+:TZ .dwmohqyinsec/", max_size=26), st.sampled_from(ZONES))
def test_any_text_is_a_stretch_of_time_or_refused(text: str, zone: str) -> None:
    try:
        span = dates.read_span(text, NOW, zone)
    except BadValue:
        return
    assert span.start < span.end


@pytest.mark.parametrize("pattern", ["%d%d.%m.%Y", "%Q", "%d.%m", "(", "%"])
def test_a_format_that_does_not_tell_a_day_is_refused_whatever_it_is(pattern: str) -> None:
    with pytest.raises(BadValue, match="is no date format"):
        dates.check_pattern(pattern)


@pytest.mark.parametrize(
    ("stored", "over"),
    [
        ("2026-11-20T12:29:59+00:00", True),
        ("2026-11-20T12:30:00+00:00", False),
        ("2026-11-19T22:00:00+00:00", False),  # the midnight that begins today in Kyiv
        ("2026-11-19T22:00:01+00:00", True),
        ("2026-11-18T22:00:00+00:00", True),
        ("2026-11-19", True),
        ("2026-11-20", False),
    ],
)
def test_a_moment_is_over_when_it_has_passed_and_a_day_or_midnight_when_the_day_has(
    stored: str, over: bool
) -> None:
    now = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
    assert dates.over_at(now, "Europe/Kyiv")(stored) is over

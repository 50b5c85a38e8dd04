from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.importer.date_forms import date_reader

BITRIX = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10.08.2026 10:49:19", "2026-08-10 10:49:19"),
        ("10.08.2026 9:05", "2026-08-10 09:05:00"),
        ("1.2.2026", "2026-02-01"),
        (" 10.08.2026 ", "2026-08-10"),
        ("10.08.26", None),
        ("10/08/2026", None),
        ("10.08.2026 10", None),
        ("", None),
        ("не закрыта", None),
    ],
)
def test_the_first_form_that_fits_is_written_as_iso(text: str, iso: str | None) -> None:
    assert date_reader(BITRIX, day_only=False)(text) == iso


def test_of_a_date_the_time_is_left_out() -> None:
    assert date_reader(BITRIX, day_only=True)("10.08.2026 10:49:19") == "2026-08-10"


def test_a_day_that_there_is_not_is_left_for_its_field_to_refuse() -> None:
    assert date_reader(BITRIX, day_only=True)("31.02.2026") == "2026-02-31"


@pytest.mark.parametrize(
    ("pattern", "text", "iso"),
    [
        ("%d %B %Y", "14 March 2026", "2026-03-14"),
        ("%m/%d/%Y %I:%M %p", "03/14/2026 02:30 PM", "2026-03-14T14:30:00"),
        ("%d.%m.%y", "14.03.26", "2026-03-14"),
    ],
)
def test_forms_with_words_or_short_years_are_read_too(pattern: str, text: str, iso: str) -> None:
    assert date_reader((pattern,), day_only=False)(text) == iso


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.sampled_from(BITRIX))
def test_what_was_written_in_a_form_reads_as_the_same_moment(moment: datetime, pattern: str) -> None:
    text = moment.strftime(pattern)
    found = date_reader((pattern,), day_only=False)(text)
    assert found is not None
    assert datetime.fromisoformat(found) == datetime.strptime(text, pattern)

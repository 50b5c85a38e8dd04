"""Why a report does not count some records."""

from collections.abc import Mapping
from enum import StrEnum


class Why(StrEnum):
    """A reason not to count records, as programs are told it."""

    FILTER = "filter"
    CURRENCY = "currency"
    COHORT = "cohort"
    UNDATED = "undated"
    UNSEEN = "history"
    BACKWARD = "backward"
    AGE = "age"
    DAYS = "days"
    TRANSFERRED = "transferred"
    WON_UNDATED = "won_undated"
    CLOSED_UNDATED = "closed_undated"
    DAYS_UNDATED = "days_undated"
    OUT_OF_RANGE = "out_of_range"
    PERIOD = "period"
    NO_CLOSE_DATE = "no_close_date"
    NO_DUE = "no_due"
    NOTICES = "notices"

    @property
    def words(self) -> str:
        """What follows the number of the records where people are told it."""
        return _WORDS[self]


_WORDS: Mapping[Why, str] = {
    Why.FILTER: "by the filter",
    Why.CURRENCY: "for amounts in other currencies than the filter's",
    Why.COHORT: "outside the cohort",
    Why.UNDATED: "for want of the date that the cohort asks for",
    Why.UNSEEN: "closed without a history",
    Why.BACKWARD: "with dates that run backwards",
    Why.AGE: "closed before they were created",
    Why.DAYS: "of the days alone, closed before they were created",
    Why.TRANSFERRED: "in other pipelines by now",
    Why.WON_UNDATED: "won at an unknown date",
    Why.CLOSED_UNDATED: "won or lost at an unknown date",
    Why.DAYS_UNDATED: "of the days alone, won at an unknown date",
    Why.OUT_OF_RANGE: "created more than 50 years ago or after now",
    Why.PERIOD: "outside the period",
    Why.NO_CLOSE_DATE: "open without an expected close, outside the period",
    Why.NO_DUE: "open without a due time, outside the period",
    Why.NOTICES: "notices, which are nothing to be done",
}

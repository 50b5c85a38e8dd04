"""The options of all reports that narrow them or change their figures."""

from enum import StrEnum

from crmctl.reports.definition import Option


class AmountAt(StrEnum):
    """Which amount of a closed record counts: the one it closed with, or the present one."""

    CLOSING = "closing"
    CURRENT = "current"


class SharedOption(Option, frozen=True):
    """An option of every report; `field` is its name in what a report is asked for, `many` one given several times."""

    field: str = ""
    many: bool = False


SHARED = (
    SharedOption("pipeline", "Only these pipelines.", "PIPELINE", field="pipelines", many=True),
    SharedOption(
        "cohort",
        "Only records created, closed or, as entered:STAGE, that came to a stage in the period.",
        "COHORT",
        field="cohort",
    ),
    SharedOption(
        "period",
        "2026-Q4, 2026-11, this-month, last-quarter or FROM..TO; all time without it.",
        "PERIOD",
        field="period",
    ),
    SharedOption("where", "Only records an expression is true of.", "EXPR", field="where"),
    SharedOption("by", "Figures side by side, one a value of the field.", "FIELD", field="by"),
    SharedOption("in", "All amounts in one currency.", "CURRENCY", field="currency"),
    SharedOption(
        "amount",
        "Whether a closed record counts with the amount it closed with or the one it has now.",
        choices=tuple(each.value for each in AmountAt),
        default=AmountAt.CLOSING.value,
        field="amount",
    ),
)

"""What a report can be asked for where it is not typed: in a test of the process."""

from collections.abc import Mapping

from crmctl.reports.counting import Mode
from crmctl.reports.standard import report_names, standard_report

FUNNEL = "funnel"
SHARED = ("pipeline", "cohort", "period", "where", "by", "in", "amount")
"""The options of all reports that narrow them or change their figures."""
_AMOUNTS = ("closing", "current")


def reports() -> tuple[str, ...]:
    """Return the names of all reports."""
    return (FUNNEL, *report_names())


def needed_by(name: str) -> list[str]:
    """Return the options that a report cannot do without."""
    if name == FUNNEL:
        return []
    definition = standard_report(name).REPORT
    needed = [option.name.replace("_", "-") for option in definition.options if option.required]
    return [*(["record"] if definition.of_type else []), *needed]


def options_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the options of a report by name, each with the words that it takes; none where it takes any text."""
    shared: dict[str, tuple[str, ...]] = dict.fromkeys(SHARED, ()) | {"amount": _AMOUNTS}
    if name == FUNNEL:
        return shared | {"mode": tuple(mode.value for mode in Mode)}
    definition = standard_report(name).REPORT
    if definition.of_type:
        shared["record"] = ()
    return shared | {option.name.replace("_", "-"): option.choices for option in definition.options}

"""What a report can be asked for where it is not typed: in a test of the process."""

from collections.abc import Mapping

from crmctl.reports.definition import Definition
from crmctl.reports.funnel import REPORT as FUNNEL
from crmctl.reports.shared_options import SHARED
from crmctl.reports.standard import report_names, standard_report


def reports() -> tuple[str, ...]:
    """Return the names of all reports."""
    return (FUNNEL.name, *report_names())


def definition_of(name: str) -> Definition:
    """Return the definition of a report. Raises NotFound."""
    return FUNNEL if name == FUNNEL.name else standard_report(name).REPORT


def needed_by(name: str) -> list[str]:
    """Return the options that a report cannot do without. Raises NotFound."""
    definition = definition_of(name)
    needed = [option.typed.removeprefix("--") for option in definition.options if option.required]
    return [*(["record"] if definition.of_type else []), *needed]


def options_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the options of a report by name, each with the words that it takes; none where it takes any text.

    Raises NotFound.
    """
    definition = definition_of(name)
    record = {"record": ()} if definition.of_type else {}
    every = (*SHARED, *definition.options)
    return record | {option.typed.removeprefix("--"): option.choices for option in every}

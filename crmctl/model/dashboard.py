"""Several reports to be read on one page."""

from collections.abc import Sequence

import msgspec

from crmctl.model.table import Report


class Answer(msgspec.Struct, frozen=True):
    """The answer to a question, of one or several reports, under a name that leads to it; or why it is `missing`."""

    name: str
    question: str
    reports: Sequence[Report] = ()
    missing: str = ""


class Dashboard(msgspec.Struct, frozen=True):
    """Answers to the same `filters` at the same moment."""

    title: str
    as_of: str
    filters: dict[str, str]
    answers: Sequence[Answer]

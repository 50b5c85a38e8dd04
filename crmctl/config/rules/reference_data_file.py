"""A file of rates or of advertising spend is not there.

`rates` and `spend` may name CSV files that another program delivers. Until they are there, the reports
that need them say so, and everything else works: hence a warning.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.files import resolve_inside
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.rules.reference_path import ABSENT
from crmctl.errors import BadValue
from crmctl.model.finding import Severity

RULE = Rule("reference-data-file", Severity.WARNING, needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the files that do not exist."""
    for key in ("rates", "spend"):
        name = project.workspace.top.get(key) if project.workspace else None
        if name is None or not isinstance(name.value, str):
            continue
        try:
            resolve_inside(project.folder, name.value)
        except BadValue as error:
            if error.reason.endswith(ABSENT):
                yield Fault(name, error.reason)

"""The time zone is none that is known.

Days begin, and due times fall, in the workspace's time zone: an IANA name such as Europe/Kyiv.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.dates import zone
from crmctl.errors import BadValue

RULE = Rule("reference-timezone")


def check(project: Project) -> Iterator[Fault]:
    """Yield a time zone that cannot be found."""
    name = project.workspace.top.get("timezone") if project.workspace else None
    if name is None:
        return
    try:
        zone(name.value)
    except BadValue as error:
        yield Fault(name, error.reason, error.hint or "")

"""What goes wrong with templates and letters, and how it is told."""

from typing import ClassVar

from crmctl.errors import CrmError, NotConfigured


class BadTemplate(CrmError):
    """A template that cannot be read, or that a record cannot be filled into."""

    exit_code: ClassVar[int] = 1
    code = "bad_template"


class NotDelivered(CrmError):
    """The mail server cannot be reached, or does not let us in; letters that wait go out with the next call."""

    exit_code: ClassVar[int] = 1
    code = "not_delivered"


def lacking(package: str) -> NotConfigured:
    """Return the error of a package that is not installed."""
    return NotConfigured(
        f"templates need {package}, which is not installed", hint="pip install 'crmctl[html]'"
    )

"""A reminder as it was typed: a time, or a distance from the due time of its task."""

from collections.abc import Sequence

from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration
from crmctl.model.records import RecordType
from crmctl.rules.assignment import Assignment


def reminder_apart(
    assignments: Sequence[Assignment], configuration: Configuration
) -> tuple[Sequence[Assignment], str]:
    """Return the assignments without a reminder that counts back from the due time, and that: `-1h`."""
    found = [each for each in assignments if _is_reminder(each.field, configuration)]
    if len(found) != 1 or len(found[0].texts) != 1 or found[0].operator != "=":
        return assignments, ""
    text = found[0].texts[0].strip()
    if not text.startswith("-"):
        return assignments, ""
    return [each for each in assignments if each is not found[0]], text


def _is_reminder(name: str, configuration: Configuration) -> bool:
    try:
        return configuration.field(RecordType.TASK, name).name == "remind_at"
    except BadValue:
        return False

"""What was entered into the past only after the moment of a look back."""

from collections.abc import Collection

from crmctl.dates import stored_moment
from crmctl.model.records import RecordType, type_of
from crmctl.text import plural
from crmctl.workspace.workspace import Workspace


def recorded_later(workspace: Workspace, kinds: Collection[RecordType]) -> list[str]:
    """Return a note for a look back at how many changes of some records were entered only after it.

    A commit was made no earlier than anything it or one before it recorded, and than its run says.
    """
    if not workspace.settings.as_of:
        return []
    at, present = stored_moment(workspace.now), workspace.store.read()
    history = present.history()
    after = [entry.gen for entry in history if entry.at > at]
    after += [run.gen for run in present.runs() if run.at > at]
    first = min(after, default=None)
    if first is None:
        return []
    late = sum(entry.at <= at and entry.gen >= first and type_of(entry.id) in kinds for entry in history)
    return [f"{plural(late, 'change')} of that time entered later"] if late else []

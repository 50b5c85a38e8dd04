"""Waits: whether a message ends one, and what the task holds from then on."""

from crmctl.activities.change import with_note
from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.model.tasks import DONE


def ended_early(wait: Record, why: str, at: str) -> Change:
    """Return the end of a wait. No gate holds it back: it was not a person who ended it."""
    values = {
        "status": "done",
        "result": DONE.id,
        "closed_at": at,
        "comment": with_note(wait.text("comment"), why),
    }
    return Change("complete", wait, wait.having(values), at=at)

"""Whether tasks are late, and by how much. A due time without a time of day means the whole of its day."""

from datetime import datetime, timedelta

from crmctl.dates import stored_moment
from crmctl.model.records import RecordType
from crmctl.model.tasks import FINISHED, NOTICE
from crmctl.reports.duration import days_between
from crmctl.reports.facts import Facts, Records
from crmctl.reports.journey import Journey, text_of

_READ = ("type", "status", "due")


class Work:
    """The tasks of a report. Notices, which are nothing to be done, are none; `notices` counts those left out."""

    def __init__(self, facts: Facts, *fields: str, asked: bool = True) -> None:
        self.found: Records = facts.records(RecordType.TASK, (*_READ, *fields), asked=asked)
        self.tasks = [task for task in self.found.journeys if task.values["type"] != NOTICE]
        self.notices = len(self.found.journeys) - len(self.tasks)
        self._facts = facts

    def overdue(self, task: Journey) -> bool:
        """Tell whether a task is open and its due time is over, which a day is when it has passed."""
        due = due_of(task)
        return bool(due) and is_open(task) and self._facts.is_over(due)

    def delay(self, task: Journey) -> float | None:
        """Return the days from when a task was due to its end, less than none where it was early.

        Due on a day without a time, it is counted in whole days: nothing where it ended on that day.
        """
        due = due_of(task)
        if not due or not task.closed:
            return None
        if self._is_whole_day(due):
            return float((self._facts.day(task.closed) - self._facts.day(due)).days)
        return days_between(due, task.closed)

    def _is_whole_day(self, due: str) -> bool:
        """Tell whether a moment is the beginning of a local day: just before it, it was another."""
        try:
            before = stored_moment(datetime.fromisoformat(due) - timedelta(seconds=1))
            return self._facts.day(before) != self._facts.day(due)
        except OverflowError:  # where the calendar begins
            return True


def is_open(task: Journey) -> bool:
    """Tell whether a task is neither done nor cancelled."""
    return task.values["status"] not in FINISHED


def is_done(task: Journey) -> bool:
    """Tell whether a task was done."""
    return task.values["status"] == "done"


def due_of(task: Journey) -> str:
    """Return when a task is due, empty for one without a time."""
    return text_of(task.values.get("due")) or ""

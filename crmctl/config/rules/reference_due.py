"""A due time is neither a time nor a date field.

`due:` of an action, of a template and of the next task, and `remind:`, are relative (+2d), a date, a
word such as tomorrow or eom, or the id of a date field of the record or the result.
"""

from collections.abc import Iterator

from crmctl import dates
from crmctl.config.document import Fault, Node
from crmctl.config.project import Project, records_of
from crmctl.config.rule import Rule
from crmctl.errors import BadValue

RULE = Rule("reference-due")

_DATED = ("date", "datetime")
_TASK_DATES = {"due", "remind_at"}


def check(project: Project) -> Iterator[Fault]:
    """Yield the due times that mean nothing."""
    for document, action in project.actions():
        fields = project.fields(*records_of(document))
        if fields is not None:
            dated = {name for name in fields if fields[name].kind in _DATED}
            yield from _judged(project, action.get("due"), dated)
    if project.tasks is None:
        return
    top = project.tasks.top
    for _, template in top.pairs("templates"):
        for key in ("due", "remind"):
            yield from _judged(project, template.get(key), _TASK_DATES)
    for _, result in top.pairs("results"):
        following = result.get("next")
        own = {name for name, field in result.pairs("fields") if field.text("type") in _DATED}
        yield from _judged(project, following.get("due") if following else None, own | _TASK_DATES)


def _judged(project: Project, due: Node | None, fields: set[str]) -> Iterator[Fault]:
    if due is None or due.value in fields:
        return
    try:
        dates.read_moment(due.value, project.now, "UTC")
    except BadValue:
        hint = "write it like +2d, tomorrow or eom, or name a date field"
        yield Fault(due, f'"{due.value}" is neither a time nor a date field', hint)

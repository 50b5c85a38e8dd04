"""A task would be due before it is created.

The `due:` of a template, of an action and of the next task is there for every task to come: a time that goes back,
or a day that is over, makes each of them late from the beginning. Write how long it takes, `+2d` or `eom`.
"""

from collections.abc import Iterator

from crmctl import dates
from crmctl.activities.when import is_past
from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.errors import BadValue

RULE = style("past-due")


def check(project: Project) -> Iterator[Fault]:
    """Yield the due times that are over already."""
    for due in _dues(project):
        try:
            moment = dates.read_moment(due.value, project.now, project.conventions.timezone)
        except BadValue:
            continue  # the name of a field, or what another rule tells of
        if is_past(dates.stored_moment(moment), project.conventions):
            yield Fault(
                due, f'"{due.value}" is over before a task begins', "write it like +2d, tomorrow or eom"
            )


def _dues(project: Project) -> Iterator[Node]:
    owners = [action for _, action in project.actions() if action.get("task")]
    top = project.tasks.top if project.tasks else None
    owners += [template for _, template in top.pairs("templates")] if top else []
    owners += [step for _, result in top.pairs("results") if (step := result.get("next"))] if top else []
    yield from (due for owner in owners if (due := owner.get("due")))

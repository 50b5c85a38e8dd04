"""A stage only records a statistic.

"Не дозвонились", "Думает", "No answer" say what came of the last call. Leads that nobody works any more
collect there and look as if they were being worked. Make it the result of a task, with a next one, and
keep the lead where it was. A name that goes on to say what to do ("No answer: call again") is none of these.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.instruction import commands
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.config.wording import STATISTIC, is_open, title_of

RULE = style("statistical-stage")


def check(project: Project) -> Iterator[Fault]:
    """Yield the open stages whose names say what happened."""
    for _, stage in project.stages():
        title = title_of(stage)
        if is_open(stage) and STATISTIC.search(title.value) and not commands(title.value):
            hint = "make it the result of a task, and let the stage say what to do"
            yield Fault(title, f'the stage only records a statistic: "{title.value}"', hint)

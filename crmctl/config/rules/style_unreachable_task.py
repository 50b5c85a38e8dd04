"""A result can never come about, or a template only follows from such results.

No template offers the result, by itself or through a set. Add it to the `results:` of a template, or
remove it.
"""

from collections.abc import Iterator

from crmctl.activities.chain import unreachable, unused
from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("unreachable-task")


def check(project: Project) -> Iterator[Fault]:
    """Yield the results that no template offers, and the templates that only they lead to."""
    book, top = project.task_book, project.tasks.top if project.tasks else None
    if book is None or top is None:
        return
    templates, results = dict(top.pairs("templates")), dict(top.pairs("results"))
    for result in unused(book):
        hint = "add it to the results: of a template, or to a set"
        yield Fault(results[result.id], f'no template offers the result "{result.id}"', hint, at_key=True)
    for template in unreachable(book):
        told = f'"{template.id}" only follows from results that no template offers'
        yield Fault(templates[template.id], told, at_key=True)

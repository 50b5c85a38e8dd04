"""A chain of tasks can never come to an end.

Every result of the template leads to a next task, and so does every result of that one, and so on: no way
leads to a result that `ends` the chain.

    templates:
      call: {title: Call, type: call, results: [call_back]}
    results:
      call_back: {title: Call back, next: same}    # wrong: nothing else can come of a call
"""

from collections.abc import Iterator

from crmctl.activities.chain import endless, offered, target
from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.tasks import TaskBook, Template

RULE = Rule("reference-endless-chain")


def check(project: Project) -> Iterator[Fault]:
    """Yield the templates from which no end can be reached."""
    book, top = project.task_book, project.tasks.top if project.tasks else None
    if book is None or top is None:
        return
    nodes = dict(top.pairs("templates"))
    known = {template.id for template in book.templates}
    for template in endless(book):
        # A step that leads nowhere is told of already.
        if _targets(template, book) <= known:
            way = " or ".join(sorted(_targets(template, book)))
            told = f'tasks from "{template.id}" never come to an end: they lead to {way} again and again'
            yield Fault(
                nodes[template.id], told, "offer a result with ends: sale or ends: refusal", at_key=True
            )


def _targets(template: Template, book: TaskBook) -> set[str]:
    return {target(result, template) for result in offered(template, book)}

"""A chain of tasks can stop without having ended.

After a result that has neither `next` nor `ends` nothing follows: the client is forgotten unless whoever
completes the task names a next step. Say what comes next, or that the chain ends: as a sale or a refusal.

    results:
      silent: {title: No answer}                                  # wrong: and then?
      silent: {title: No answer, next: {task: same, due: +2d}}    # right
"""

from collections.abc import Iterator

from crmctl.activities.chain import breaking_off, is_plain
from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("chain-breaks")


def check(project: Project) -> Iterator[Fault]:
    """Yield the results after which nothing follows, and the templates for clients without any result."""
    book, top = project.task_book, project.tasks.top if project.tasks else None
    if book is None or top is None:
        return
    templates, results = dict(top.pairs("templates")), dict(top.pairs("results"))
    told: set[str] = set()
    for template, result in breaking_off(book):
        if is_plain(result):
            hint = "add results:, or those of a template that is named like its type"
            yield Fault(
                templates[template.id], f'nothing follows from tasks from "{template.id}"', hint, at_key=True
            )
        elif result.id not in told:
            told.add(result.id)
            hint = "add next: TEMPLATE, ends: sale or ends: refusal"
            said = f'nothing follows from "{result.id}", and it does not end the chain'
            yield Fault(results[result.id], said, hint, at_key=True)

"""A task would be created for another number of clients than its type is for.

A type that `creates` another gives one task to each client: that must be for one client, and create nothing
itself. What follows from an internal task is internal, for there is no client that it could be for. A stage
creates tasks for its one record, and a result for the clients of the task that ended.

    types:
      tour: {title: Tour, clients: many, creates: internal}    # wrong: internal tasks are for nobody
      tour: {title: Tour, clients: many, creates: call}        # right
"""

from collections.abc import Iterator

from crmctl.activities.chain import offered
from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.tasks import SAME, Clients, TaskBook

RULE = Rule("reference-task-clients")

_FITTING = {
    Clients.NONE: {Clients.NONE},
    Clients.ONE: {Clients.NONE, Clients.ONE},
    Clients.MANY: {Clients.NONE, Clients.ONE, Clients.MANY},
}
"""Which tasks can be created for so many clients."""


def check(project: Project) -> Iterator[Fault]:
    """Yield the types that create what cannot be for one client, and the steps to such tasks."""
    book, top = project.task_book, project.tasks.top if project.tasks else None
    if book is None or top is None:
        return
    yield from _created(book, top)
    yield from _following(book, top)
    for _, action in project.actions():
        if name := action.get("task"):
            yield from _step(name, Clients.ONE, "a stage has one record", book)


def _created(book: TaskBook, top: Node) -> Iterator[Fault]:
    for _, declared in top.pairs("types"):
        name = declared.get("creates")
        made = book.type(name.value) if name else None
        if name and made and (made.clients is not Clients.ONE or made.creates):
            told = f'each client is to get a task of type "{made.id}", which is not for one client'
            yield Fault(name, told, "name a type with clients: one")


def _following(book: TaskBook, top: Node) -> Iterator[Fault]:
    """Yield each step that a template's result leads to, once."""
    results, told = dict(top.pairs("results")), set[str]()
    for template in book.templates:
        clients = _clients(template.id, book)
        for result in offered(template, book):
            following = results[result.id].get("next") if result.id in results else None
            if clients is None or following is None or result.id in told:
                continue
            for fault in _step(following.named("task"), clients, f'"{template.id}" leads to them', book):
                told.add(result.id)
                yield fault


def _step(name: Node, clients: Clients, why: str, book: TaskBook) -> Iterator[Fault]:
    wanted = None if name.value == SAME else _clients(name.value, book)
    if wanted and wanted not in _FITTING[clients]:
        count = "one client" if wanted is Clients.ONE else "several clients"
        yield Fault(name, f'tasks from "{name.value}" are for {count}, and {why}')


def _clients(template_id: str, book: TaskBook) -> Clients | None:
    """Return how many clients each task from a template is for in the end, nothing where that cannot be known."""
    template = book.template(template_id)
    kind = book.type(template.type) if template else None
    if kind is None:
        return None
    made = book.type(kind.creates)
    return (made or kind).clients

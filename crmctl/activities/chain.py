"""The chain of tasks as a graph: which template leads to which, and where it ends, breaks off or never ends."""

from collections.abc import Iterator, Sequence

from crmctl.model.tasks import DONE, SAME, Clients, Result, TaskBook, Template


def offered(template: Template, book: TaskBook) -> Sequence[Result]:
    """Return the results that tasks from a template end with; of a round those of its calls."""
    kind = book.type(template.type)
    return book.results_of((kind.creates if kind else "") or template.type, template.id)


def target(result: Result, template: Template) -> str:
    """Return the template of the next task, empty for none."""
    if result.next is None:
        return ""
    return template.id if result.next.task == SAME else result.next.task


def endless(book: TaskBook) -> list[Template]:
    """Return the templates from which a chain can never come to an end."""
    results = {template.id: offered(template, book) for template in book.templates}
    ending = {
        template.id
        for template in book.templates
        if any(not target(each, template) for each in results[template.id])
    }
    while True:
        more = {
            template.id
            for template in book.templates
            if template.id not in ending
            and any(target(each, template) in ending for each in results[template.id])
        }
        if not more:
            return [template for template in book.templates if template.id not in ending]
        ending |= more


def breaking_off(book: TaskBook) -> Iterator[tuple[Template, Result]]:
    """Yield the results after which nothing follows although they do not end the chain, each with a template."""
    for template in book.templates:
        kind = book.type(template.type)
        if kind is None or kind.clients is Clients.NONE:
            continue
        for result in offered(template, book):
            if result.next is None and not result.ends:
                yield template, result


def unused(book: TaskBook) -> list[Result]:
    """Return the results that no template offers."""
    known = {result.id for template in book.templates for result in offered(template, book)}
    return [result for result in book.results if result.id not in known]


def unreachable(book: TaskBook) -> list[Template]:
    """Return the templates that only follow from results that no template offers."""
    idle = {result.id for result in unused(book)}
    live = {target(result, template) for template in book.templates for result in offered(template, book)}
    dead = {result.next.task for result in book.results if result.next and result.id in idle}
    return [template for template in book.templates if template.id in dead - live]


def is_plain(result: Result) -> bool:
    """Tell whether a result is that of tasks without any to choose from."""
    return result is DONE

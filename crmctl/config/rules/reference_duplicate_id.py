"""Two stages of a pipeline, two pipelines, two users or two entries of a list have the same id.

Ids are what records store and commands name, without regard to case: each must mean one thing.
"""

from collections.abc import Iterable, Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.text import name_key

RULE = Rule("reference-duplicate-id")


def check(project: Project) -> Iterator[Fault]:
    """Yield every id's second place, naming the first."""
    for document in project.pipelines:
        yield from _repeated("stage", (stage.get("stage") for stage in document.top.each("stages")))
    yield from _repeated("pipeline", (document.top.get("pipeline") for document in project.pipelines))
    if project.workspace:
        top = project.workspace.top
        yield from _repeated("user", (user.get("id") for user in top.each("users")))
        for name, entries in top.pairs("lists"):
            yield from _repeated(f'"{name}" entry', (entry.named("id") for entry in entries.items()))


def _repeated(noun: str, names: Iterable[Node | None]) -> Iterator[Fault]:
    first: dict[str, Node] = {}
    for name in names:
        if name is None:
            continue
        known = first.setdefault(name_key(name.value), name)
        if known is not name:
            where = f"on line {known.line()}" if known.document is name.document else f"in {known.place()}"
            yield Fault(name, f'{noun} "{name.value}" is declared twice: first {where}')

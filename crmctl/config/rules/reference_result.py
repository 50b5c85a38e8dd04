"""A result of a task says two things that exclude each other.

After a result that `ends` the chain nothing comes next; and what becomes of a lead is either a move or a
conversion, which puts it on the won stage by itself: the stage of the new deal stands under `convert`.

    good: {title: Good, convert: [deal], move: won}                       # wrong: which of the two?
    good: {title: Good, convert: {to: [deal], stage: offer}, next: call}  # right
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule

RULE = Rule("reference-result", needed=False)

_EXCLUSIVE = (
    ("ends", "next", "leave out one of them"),
    ("convert", "move", "name the deal's stage under convert:"),
)


def check(project: Project) -> Iterator[Fault]:
    """Yield the second of two keys where a result has both."""
    for name, result in project.tasks.top.pairs("results") if project.tasks else ():
        for one, other, hint in _EXCLUSIVE:
            second = result.get(other)
            if result.get(one) and second:
                yield Fault(second, f'result "{name}" has "{one}" and "{other}"', hint, at_key=True)

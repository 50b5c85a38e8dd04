"""A result of a task ends its chain, and names what comes next.

After a result that `ends` the chain nothing follows: leave out one of the two.

    bought: {title: Bought, ends: sale, next: call}    # wrong: is that the end?
    bought: {title: Bought, ends: sale}                # right
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule

RULE = Rule("reference-result", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the next step of each result that ends the chain."""
    for name, result in project.tasks.top.pairs("results") if project.tasks else ():
        following = result.get("next")
        if result.get("ends") and following:
            told = f'result "{name}" has "ends" and "next"'
            yield Fault(following, told, "leave out one of them", at_key=True)

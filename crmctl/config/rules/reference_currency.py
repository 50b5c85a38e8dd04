"""A currency is none of ISO 4217's.

The workspace's `currency` and the keys of `rates:` are codes such as UAH, USD or EUR.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.currencies import DECIMALS

RULE = Rule("reference-currency")


def check(project: Project) -> Iterator[Fault]:
    """Yield the codes that no currency has."""
    if project.workspace is None:
        return
    top = project.workspace.top
    if code := top.get("currency"):
        yield from _known(code)
    for _, rate in top.pairs("rates"):
        yield from _known(rate.key(), at_key=True)


def _known(code: Node, *, at_key: bool = False) -> Iterator[Fault]:
    if code.value not in DECIMALS:
        hint = suggestion(code.value, DECIMALS)
        yield Fault(code, f'there is no currency "{code.value}"', hint, at_key)

"""The rules of `crmctl validate`: one module each, found by being here.

A module's docstring is its explanation: a first line that says what is wrong, then why and what to do.
`RULE` is its id and severity, `check` yields what it finds in a project. To add a rule, add a module
named like its id, and a folder of examples in `tests/config/rules/`.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import msgspec

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule

Check = Callable[[Project], Iterator[Fault]]


class RuleModule(msgspec.Struct, frozen=True):
    """A rule with its explanation and, where a project is what it looks at, its check."""

    rule: Rule
    explanation: str
    check: Check | None


@cache
def rule_modules() -> tuple[RuleModule, ...]:
    """Return every rule that has a module, by id."""
    names = sorted(module.name for module in iter_modules(__path__))
    found = (import_module(f"{__name__}.{name}") for name in names)
    return tuple(
        RuleModule(module.RULE, module.__doc__ or "", getattr(module, "check", None)) for module in found
    )

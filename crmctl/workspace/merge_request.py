"""A merge as it was typed: records by their ids, or a file with a plan."""

import msgspec

from crmctl.errors import WrongUse
from crmctl.rules.assignment import Assignment
from crmctl.workspace.merge import Group, named_group
from crmctl.workspace.workspace import Workspace


class MergeRequest(msgspec.Struct, frozen=True):
    """What was typed."""

    ids: tuple[str, ...] = ()
    into: str = ""
    plan: str = ""
    assignments: tuple[Assignment, ...] = ()


class ReadRequest(msgspec.Struct, frozen=True):
    """The groups to merge, and how many a plan has beside that are not to be merged; `plan` is its file."""

    groups: tuple[Group, ...]
    passed: int = 0
    plan: str = ""


def read_request(workspace: Workspace, asked: MergeRequest) -> ReadRequest:
    """Return the groups that are meant. Raises WrongUse, NotFound for a file, Refused for one that is no plan."""
    if not asked.plan:
        if len(asked.ids) < 2 - bool(asked.into):
            raise WrongUse("merge what?", hint="crmctl merge ID ID..., or --plan FILE")
        return ReadRequest((named_group(asked.ids, asked.into, asked.assignments),))
    if asked.ids or asked.into or asked.assignments:
        raise WrongUse(
            "--plan names the records and the values: it goes with neither ids nor --into nor --set"
        )
    from crmctl.workspace.merge_plan import read_plan

    groups, passed = read_plan(workspace, asked.plan)
    return ReadRequest(tuple(groups), passed, asked.plan)

"""A user or a team is named that `users:` does not have.

Only where `users:` is declared: without it any name is a user. `me` is the acting user, `owner` the
record's.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.configuration import Configuration

RULE = Rule("reference-unknown-user")

_ALWAYS = ("me", "owner")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no user, and where a team may stand no team, has."""
    found = project.configuration
    if found is None or not found.users:
        return
    for name, team_too in _names(project):
        teams = {user.team for user in found.users if user.team} if team_too else set()
        if not _known(found, name.value, teams):
            noun = "user or team" if team_too else "user"
            known = [user.id for user in found.users] + sorted(teams)
            yield Fault(name, f'there is no {noun} "{name.value}"', suggestion(name.value, known))


def _known(found: Configuration, name: str, teams: set[str]) -> bool:
    return name in _ALWAYS or name in teams or found.known_user(name) is not None


def _names(project: Project) -> Iterator[tuple[Node, bool]]:
    """Yield the names of users, and whether each may be a team."""
    for _, action in project.actions():
        for key in ("assignee", "notify"):
            if name := action.get(key):
                yield name, False
        yield from _assigned(action)
    for group in ("templates", "results") if project.tasks else ():
        for _, owner in project.tasks.top.pairs(group) if project.tasks else ():
            for holder in (owner, owner.get("next")):
                if holder and (name := holder.get("assignee")):
                    yield name, False


def _assigned(action: Node) -> Iterator[tuple[Node, bool]]:
    target = action.get("assign")
    if target is None:
        return
    takers = target.get("round_robin")
    if takers is None:
        yield target, False
    elif isinstance(takers.value, str):
        yield takers, True
    else:
        yield from ((name, False) for name in takers.items())

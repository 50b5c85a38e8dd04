"""Giving records to owners: one user, users in turn, or whoever has least open work."""

from collections.abc import Iterable, Mapping, Sequence

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.configuration import Configuration
from crmctl.text import comma_separated, is_blank, name_key, names_hint


def people(text: str, configuration: Configuration) -> list[str]:
    """Return the users that a comma-separated list of users and teams names. Raises WrongUse."""
    found: list[str] = []
    for name in comma_separated(text):
        found += _team(name, configuration) or [_user_or_team(name, configuration)]
    if not found:
        raise WrongUse("no user is named", hint="name users or a team, with commas between them")
    return list(dict.fromkeys(found))


def user(name: str, configuration: Configuration) -> str:
    """Return the id of a user by id, name or alias; any name where no users are declared. Raises WrongUse."""
    if is_blank(name):
        raise WrongUse("no user is named", hint="crmctl update ID --unset owner leaves a record without one")
    if configuration.user_choices is None:
        return name.strip()
    if configuration.known_user(name) is None and _team(name, configuration):
        raise WrongUse(
            f'"{name.strip()}" is a team, not a user',
            hint="--round-robin and --least-loaded share out to a team",
        )
    with wrong_use():
        return configuration.user_choices.find(name).id


def _team(name: str, configuration: Configuration) -> list[str]:
    key = name_key(name)
    return [user.id for user in configuration.users if user.team and name_key(user.team) == key]


def _user_or_team(name: str, configuration: Configuration) -> str:
    """Return the user that a name means where it is no team's. Raises WrongUse naming what is close of both."""
    if configuration.user_choices is None or configuration.known_user(name):
        return user(name, configuration)
    choices = configuration.user_choices.items
    # Whoever writes in another script than the ids are in knows people by their names.
    called = [choice.id if name.isascii() else choice.title or choice.id for choice in choices]
    teams = dict.fromkeys(each.team for each in configuration.users if each.team)
    raise WrongUse(f'unknown user or team "{name}"', hint=names_hint(name, [*called, *teams]))


class Turns:
    """Who of a group was given a record last, group by group: a group is its users, in whatever order."""

    def __init__(self, last: Mapping[str, str] | None = None, taken: Iterable[str] = ()) -> None:
        self.last = dict(last or {})
        self.taken = set(taken)

    def copy(self) -> "Turns":
        """Return the turns as they are now."""
        return Turns(self.last, self.taken)

    def upcoming(self, users: Sequence[str]) -> str:
        """Return whose turn it is: the one after whoever had the last turn, the first of a new group."""
        last = self.last.get(group_of(users))
        return users[(users.index(last) + 1) % len(users)] if last in users else users[0]

    def take(self, users: Sequence[str], name: str) -> None:
        """Take down that one of a group had a turn."""
        group = group_of(users)
        self.last[group] = name
        self.taken.add(group)


def group_of(users: Sequence[str]) -> str:
    """Return what a group of users is known by."""
    return ",".join(sorted(users))


class Loads:
    """How many open records each of some users has, kept up as records are given out."""

    def __init__(self, load: Mapping[str, int]) -> None:
        self._load = dict(load)

    def least(self, users: Sequence[str], present: str = "") -> str:
        """Return who has least, the first of equals; `present` is the owner of the open record in question."""
        return min(users, key=lambda name: self._load.get(name, 0) - (name == present))

    def give(self, name: str, present: str = "") -> None:
        """Take down that somebody is given a record, which its present owner has no longer."""
        if present in self._load:
            self._load[present] -= 1
        self._load[name] = self._load.get(name, 0) + 1

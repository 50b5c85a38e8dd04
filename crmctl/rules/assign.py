"""Giving records to owners: one user, users in turn, or whoever has least open work."""

from collections.abc import Callable, Mapping, Sequence

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.configuration import Configuration
from crmctl.text import comma_separated, is_blank, name_key


def people(text: str, configuration: Configuration) -> list[str]:
    """Return the users that a comma-separated list of users and teams names. Raises WrongUse."""
    found: list[str] = []
    for name in comma_separated(text):
        key = name_key(name)
        team = [user.id for user in configuration.users if user.team and name_key(user.team) == key]
        found += team or [user(name, configuration)]
    if not found:
        raise WrongUse("no user is named", hint="name users or a team, with commas between them")
    return list(dict.fromkeys(found))


def user(name: str, configuration: Configuration) -> str:
    """Return the id of a user by id, name or alias; any name where no users are declared. Raises WrongUse."""
    if is_blank(name):
        raise WrongUse("no user is named", hint="crmctl update ID --unset owner leaves a record without one")
    if configuration.user_choices is None:
        return name.strip()
    with wrong_use():
        return configuration.user_choices.find(name).id


def in_turn(users: Sequence[str]) -> Callable[[], str]:
    """Return what names the users one after another."""
    at = -1

    def following() -> str:
        nonlocal at
        at += 1
        return users[at % len(users)]

    return following


def least_loaded(users: Sequence[str], load: Mapping[str, int]) -> Callable[[], str]:
    """Return what names the user with the least open records, counting those it gave out itself."""
    counts = {name: load.get(name, 0) for name in users}

    def following() -> str:
        chosen = min(users, key=lambda name: counts[name])
        counts[chosen] += 1
        return chosen

    return following

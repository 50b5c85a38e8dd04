"""Closed sets that people name by id, title or alias: stages, pipelines, users, value lists."""

from functools import cached_property

import msgspec

from crmctl.errors import UnknownName
from crmctl.text import close_names, name_key

LISTED_WHOLE = 20
"""A miss lists every allowed value up to this many, else only the close ones."""


class Choice(msgspec.Struct, frozen=True):
    """One allowed value; `title` and `aliases` are other ways to say it."""

    id: str
    title: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to say it, the id first."""
        return (self.id, self.title, *self.aliases) if self.title else (self.id, *self.aliases)


class Choices(msgspec.Struct, frozen=True, dict=True):
    """A set of choices; `noun` names one of them in messages ("stage"), `within` whose they are."""

    noun: str
    items: tuple[Choice, ...]
    within: str = ""

    @cached_property
    def _by_key(self) -> dict[str, Choice]:
        # Ids win over titles, titles over aliases, whatever the order they stand in.
        found: dict[str, Choice] = {}
        for names in (lambda c: (c.id,), lambda c: (c.title,), lambda c: c.aliases):
            for choice in self.items:
                for key in filter(None, map(name_key, names(choice))):
                    found.setdefault(key, choice)
        return found

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each id in the order they are declared in."""
        return {choice.id: at for at, choice in enumerate(self.items)}

    @cached_property
    def _by_id(self) -> dict[str, Choice]:
        return {choice.id: choice for choice in reversed(self.items)}

    def get(self, text: str) -> Choice | None:
        """Return the choice that `text` names, or nothing."""
        return self._by_id.get(text) or self._by_key.get(name_key(text))

    def find(self, text: str) -> Choice:
        """Return the choice that `text` names. Raises UnknownName listing what is allowed or close."""
        choice = self.get(text)
        if choice is None:
            where = f" of {self.within}" if self.within else ""
            raise UnknownName(f'unknown {self.noun} "{text}"{where}', hint=self._allowed(text))
        return choice

    def title(self, choice_id: str) -> str:
        """Return how the choice is shown: its title, or the id of one that is gone."""
        choice = self._by_key.get(name_key(choice_id))
        return choice.title or choice.id if choice else choice_id

    def _allowed(self, text: str) -> str | None:
        if not self.items:
            return None
        if len(self.items) <= LISTED_WHOLE:
            # Whoever writes in another script than the ids are in knows the choices by their titles.
            titled = not text.isascii()
            return "one of: " + ", ".join((titled and choice.title) or choice.id for choice in self.items)
        near = close_names(text, [name for choice in self.items for name in choice.names if name])
        return "did you mean " + " or ".join(f'"{name}"' for name in near) + "?" if near else None


def archived_title(choice: str) -> str:
    """Return what people read for the id of one that records hold and the configuration no longer has."""
    return f"{choice} (archived)"

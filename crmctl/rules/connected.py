"""What is connected, step by step: whoever is one with a second who is one with a third is one with that, too."""

from collections.abc import Hashable
from typing import Generic, TypeVar

_Each = TypeVar("_Each", bound=Hashable)


class Connected(Generic[_Each]):
    """Groups that grow together. What was never connected is a group of its own."""

    def __init__(self) -> None:
        self._parent: dict[_Each, _Each] = {}

    def join(self, one: _Each, other: _Each) -> None:
        """Make one group of those of two members."""
        first, second = self.root(one), self.root(other)
        self._parent[first] = self._parent[second] = first

    def root(self, one: _Each) -> _Each:
        """Return the member that stands for the group of one, the same for each of them."""
        parent = self._parent
        while (above := parent.get(one, one)) != one:
            # Every other step is made shorter, so that no chain is gone up twice.
            parent[one] = one = parent.get(above, above)
        return one

    def groups(self) -> list[list[_Each]]:
        """Return all that was ever connected, by groups, in the order of that."""
        found: dict[_Each, list[_Each]] = {}
        for each in list(self._parent):
            found.setdefault(self.root(each), []).append(each)
        return list(found.values())

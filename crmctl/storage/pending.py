"""What is left to do for a state whose bytes are still being read and hashed."""

from collections.abc import Callable


def nothing() -> None:
    """Check nothing: the bytes are known to be what was written."""


def all_there(_position: int) -> None:
    """Wait for nothing: the bytes before any position are there."""


class Pending:
    """The `check` that ends all that is pending, and the way to wait until the bytes before a position `arrived`."""

    def __init__(
        self, check: Callable[[], None] = nothing, arrived: Callable[[int], object] = all_there
    ) -> None:
        self.arrived = arrived
        self._check = check

    def verify(self) -> None:
        """Wait until the state is known to be what was written. Raises what `check` does, each time anew."""
        self._check()
        self._check, self.arrived = nothing, all_there

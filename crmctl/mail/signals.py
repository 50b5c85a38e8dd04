"""Steps that an interruption waits for: the answer of a server, which tells whether it took a letter."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_HELD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def finished_first() -> Iterator[None]:
    """Put off the first interruption until the block is done; a second one ends it at once."""
    came: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        if came:
            _pass_on(before[number], number, frame)
        came.append(number)

    before: dict[int, Any] = {number: signal.getsignal(number) for number in _HELD}
    ours = [number for number, handler in before.items() if callable(handler)]
    for number in ours:
        signal.signal(number, remember)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
        if came:  # also where the block failed: who interrupts means what follows, too
            _pass_on(before[came[0]], came[0], None)


def _pass_on(handler: Any, number: int, frame: FrameType | None) -> None:
    handler(number, frame)

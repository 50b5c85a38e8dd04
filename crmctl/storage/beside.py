"""Work that goes on beside the rest, on a thread of its own: reading and hashing, which hold no lock of Python's."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from crmctl.storage.signals import signals_held

T = TypeVar("T")


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work; the function returned waits for what comes of it, or raises what it raised.

    Where no thread can be had, it is done when this returns.
    """
    found: list[T] = []
    raised: list[Exception] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:  # for whoever waits
            raised.append(error)

    def finish() -> T:
        if worker.ident is not None:
            worker.join()
        if raised:
            raise raised[0]
        return found[0]

    worker = Thread(target=run, daemon=True)
    try:
        # The thread hears no signal: one that comes in a moment when the first one holds them back must wait, too.
        with signals_held():
            worker.start()
    except RuntimeError:
        run()
    return finish

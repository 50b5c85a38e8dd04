"""Ending what a program started, also what made a session of its own and whose parent is gone.

Linux alone hands orphans to a process that asks for them; elsewhere they are out of reach.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""
_TASKS = Path("/proc/self/task")
_MOST_ROUNDS = 1000
"""Times that it is looked for more: what multiplies faster than it can be ended is given up."""


@contextmanager
def all_ended() -> Iterator[None]:
    """Run what starts a program, and end all that is left of what that started. Children from before stay."""
    if not _adopt(orphans=True):
        yield
        return
    known = _children()
    try:
        yield
    finally:
        for _ in range(_MOST_ROUNDS):
            if not (left := _children() - known):
                break
            _end(left)
        _adopt(orphans=False)


def _adopt(*, orphans: bool) -> bool:
    """Become the parent of orphans among the descendants, or no longer; returns whether that can be had."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        failed: int = ctypes.CDLL(None).prctl(_SUBREAPER, int(orphans), 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return False
    return not failed


def _children() -> set[int]:
    """Return the processes whose parent this is; none where the system does not list them."""
    found: set[int] = set()
    with suppress(OSError):
        for task in _TASKS.iterdir():
            with suppress(OSError):
                found.update(map(int, (task / "children").read_text().split()))
    return found


def _end(processes: set[int]) -> None:
    """Kill children and wait for them: their own children are ours then."""
    for process in processes:
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)
    for process in processes:
        with suppress(OSError):
            os.waitpid(process, 0)

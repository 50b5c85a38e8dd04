"""Running a program of the workspace's owner: no shell, a fixed environment, a limited time, little of what it says."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from crmctl.errors import WrongUse
from crmctl.workspace.descendants import all_ended
from crmctl.workspace.workspace import WITHIN, Workspace

TIME_LIMIT = 30.0
"""Seconds that a program may take, where `CRMCTL_HOOK_TIMEOUT` does not say otherwise."""
MOST_SAID = 64 * 1024
"""Bytes of standard error that are kept; what goes beyond is read and dropped."""
_LINES_TOLD = 20
_USUAL_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_PASSED_ON = ("HOME", "LOGNAME", "USER", "XDG_CONFIG_HOME")
_ROOT = Path("/")
_GLANCE = 0.05
"""Seconds between two looks at whether a program ended whose standard error somebody else holds open."""


class Ended(msgspec.Struct, frozen=True):
    """How a program ended: why that is a failure, empty where it is none, and the lines it wrote to standard error."""

    fault: str
    said: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The failure in a line: what the program said of it first, or else how it ended."""
        return self.said[0] if self.said and self.fault.startswith("exit ") else self.fault


def environment(workspace: Workspace, name: str, **more: str) -> dict[str, str]:
    """Return all that a program finds in its environment: nothing of a record, and none of the caller's secrets.

    With it a program that calls crmctl acts on the same workspace and database, as the same user; by its `name`,
    empty for what is no hook, crmctl knows that a hook calls.
    """
    passed = {each: os.environ[each] for each in _PASSED_ON if os.environ.get(each)}
    marked = {WITHIN: name} if name else {}
    return {
        **passed,
        **marked,
        "PATH": os.pathsep.join((*_USUAL_PATH, os.path.dirname(sys.executable))),  # noqa: PTH120
        "LANG": "C.UTF-8",
        "CRMCTL_WORKSPACE": os.path.abspath(workspace.folder),  # noqa: PTH100 - a link stays one
        "CRMCTL_DB": os.path.abspath(workspace.database),  # noqa: PTH100
        "CRMCTL_USER": workspace.by,
        **more,
    }


def time_limit() -> float:
    """Return how many seconds a program may take. Raises WrongUse for a variable that says no number."""
    text = os.environ.get("CRMCTL_HOOK_TIMEOUT", "")
    try:
        limit = float(text) if text else TIME_LIMIT
    except ValueError:
        limit = 0
    if not 0 < limit < float("inf"):
        raise WrongUse(f'CRMCTL_HOOK_TIMEOUT "{text}" is not a number of seconds')
    return limit


def run_program(argv: Sequence[str], given: bytes, env: Mapping[str, str], folder: Path = _ROOT) -> Ended:
    """Run a program on its input, and end whatever is left of what it started once it is over or its time is up."""
    limit = time_limit()
    with all_ended():
        return _run(argv, given, env, folder, limit)


def _run(argv: Sequence[str], given: bytes, env: Mapping[str, str], folder: Path, limit: float) -> Ended:
    """Run a program, and end whatever is left of its process group."""
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and trusted by whoever named it
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=dict(env),
            start_new_session=True,
        )
    except OSError as error:
        missing = isinstance(error, FileNotFoundError) and os.path.exists(argv[0])  # noqa: PTH110
        why = "the interpreter in its first line does not exist" if missing else error.strerror or error
        return Ended(f"cannot be run: {why}")
    try:
        said, in_time = _talk(process, given, time.monotonic() + limit)
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stderr):
            with suppress(OSError):
                _there(stream).close()
        process.wait()
    fault = _fault(process.returncode) if in_time else f"did not end within {limit:g} s"
    return Ended(fault, _lines(said))


def _talk(process: subprocess.Popen[bytes], given: bytes, deadline: float) -> tuple[bytes, bool]:
    """Write the input while reading what is said; returns that, and whether the program ended in time."""
    taken, said = _there(process.stdin), bytearray()
    rest = memoryview(given)
    with selectors.DefaultSelector() as selector:
        for stream, event in ((taken, selectors.EVENT_WRITE), (_there(process.stderr), selectors.EVENT_READ)):
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, event)
        while selector.get_map() and process.poll() is None and time.monotonic() < deadline:
            for key, _ in selector.select(_GLANCE):
                if key.fileobj is not taken:
                    goes_on = _read(key.fd, said)
                else:
                    rest = _write(key.fd, rest)
                    goes_on = bool(rest)
                if not goes_on:
                    selector.unregister(key.fileobj)
                    _close(key.fileobj)
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    ended = process.returncode is not None
    if ended and not _there(process.stderr).closed:
        _read(_there(process.stderr).fileno(), said)
    return bytes(said), ended


def _read(descriptor: int, said: bytearray) -> bool:
    """Take what can be read without waiting, up to what is kept; returns whether more may come."""
    try:
        block = os.read(descriptor, MOST_SAID)
    except BlockingIOError:
        return True
    said += block[: MOST_SAID - len(said)]
    return bool(block)


def _write(descriptor: int, rest: memoryview) -> memoryview:
    """Write what goes without waiting; returns what is still to be written, nothing where nobody reads."""
    try:
        return rest[os.write(descriptor, rest) :] if rest else rest
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]


def _close(stream: object) -> None:
    with suppress(OSError):
        stream.close()  # type: ignore[attr-defined]


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _fault(code: int) -> str:
    if code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"exit {code}" if code else ""


def _lines(said: bytes) -> tuple[str, ...]:
    lines = (line.rstrip() for line in said.decode(errors="replace").splitlines())
    return tuple(line for line in lines if line)[:_LINES_TOLD]

"""Work that may run wild, done in a process of its own that the system ends: a template is a program.

A loop of a billion rounds, or a text of as many letters, ends there and takes nothing with it.
"""

import os
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec

from crmctl.mail.trouble import BadTemplate

SECONDS = 5.0
"""Of computing that one document may take, the system's for it included, whatever else the machine does meanwhile."""
PATIENCE = 30.0
"""Seconds that a document may take at all, however little of them it computes."""
MEMORY = 256 * 1024 * 1024
"""Bytes that filling templates may take beyond what the program has."""
_HEAD = struct.Struct(">Q")
_PIECE = 1024 * 1024

T = TypeVar("T")
R = TypeVar("R")


class _Answer(msgspec.Struct):
    """What came of a piece of work: its result, or what is wrong with the template, or a bug."""

    result: msgspec.Raw = msgspec.Raw(b"null")
    reason: str = ""
    hint: str | None = None
    bug: str = ""


def outcomes(
    work: Callable[[T], R], pieces: Sequence[T], result: type[R], patience: float = PATIENCE
) -> Generator[R | BadTemplate, None, None]:
    """Yield what comes of each piece of work, or why nothing does; the next ones are done all the same.

    In one process, and in another after a piece that took too much of the machine, or longer than `patience` seconds.
    """
    done = 0
    while done < len(pieces):
        with closing(_answers(work, pieces[done:], result, patience)) as answers:
            for each in answers:
                done += 1
                yield each


def _answers(
    work: Callable[[T], R], pieces: Iterable[T], result: type[R], patience: float
) -> Generator[R | BadTemplate, None, None]:
    """Yield what comes of each piece of work, up to one that ends the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    source, target = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(source)
        _work(work, pieces, target)
    os.close(target)
    ended = late = False
    try:
        while (answer := _read(source, patience)) is not None:
            yield _result(answer, result)
        ended = True
    except TimeoutError:
        late = True
    finally:
        os.close(source)
        status = _end(worker, at_once=not ended)
    if late:
        yield _wild(f"takes more than {patience:g} s")
    elif os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) == signal.SIGPROF
        yield _wild(f"takes more than {SECONDS:g} s of computing" if slow else "needs too much memory")
    elif status:
        raise RuntimeError("the process that fills templates failed")


def _wild(what: str) -> BadTemplate:
    return BadTemplate(f"the template {what}", hint="does a loop in it not end?")


def _result(answer: _Answer, result: type[R]) -> R | BadTemplate:
    if answer.bug:
        raise RuntimeError(answer.bug)
    if answer.reason:
        return BadTemplate(answer.reason, hint=answer.hint)
    return msgspec.json.decode(answer.result, type=result)


def _end(worker: int, *, at_once: bool) -> int:
    """Wait for the process and return how it ended."""
    if at_once:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    return os.waitpid(worker, 0)[1]


def _read(source: int, patience: float) -> _Answer | None:
    """Return the next answer, or nothing where the process is at its end. Raises TimeoutError."""
    until = time.monotonic() + patience
    head = _bytes(source, _HEAD.size, until)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    content = _bytes(source, size, until)
    return msgspec.json.decode(content, type=_Answer) if len(content) == size else None


def _bytes(source: int, size: int, until: float) -> bytes:
    """Return so many bytes, fewer where there are no more. Raises TimeoutError."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    found = bytearray()
    while len(found) < size:
        if not poll.poll(max(until - time.monotonic(), 0) * 1000):
            raise TimeoutError
        piece = os.read(source, min(size - len(found), _PIECE))
        if not piece:
            break
        found += piece
    return bytes(found)


def _work(work: Callable[[T], R], pieces: Iterable[T], target: int) -> NoReturn:
    """Do the work and leave, in the new process; nothing of the program around it is run or written there."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPROF):
            signal.signal(number, signal.SIG_DFL)
        _bound_memory()
        with os.fdopen(target, "wb") as answers:
            for piece in pieces:
                # Counted in time of computing, and ended by the system: no loop can look away. What the system
                # does for it counts, too: to get memory takes longer than to fill it.
                signal.setitimer(signal.ITIMER_PROF, SECONDS)
                content = msgspec.json.encode(_answer(work, piece))
                signal.setitimer(signal.ITIMER_PROF, 0)
                answers.write(_HEAD.pack(len(content)) + content)
                answers.flush()
    except BaseException:  # nobody is left to be told: the other end sees it
        os._exit(1)
    os._exit(0)


def _answer(work: Callable[[T], R], piece: T) -> _Answer:
    try:
        return _Answer(msgspec.Raw(msgspec.json.encode(work(piece))))
    except BadTemplate as error:
        return _Answer(reason=error.message, hint=error.hint)
    except MemoryError:
        return _Answer(reason="the template needs too much memory")
    except Exception:
        import traceback

        return _Answer(bug=traceback.format_exc())


def _bound_memory() -> None:
    """Bound what the process may take beyond what it has now, where the system tells that."""
    with suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text("ascii").split()
        for kind, held in ((resource.RLIMIT_DATA, pages[5]), (resource.RLIMIT_AS, pages[0])):
            most = int(held) * resource.getpagesize() + MEMORY
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))

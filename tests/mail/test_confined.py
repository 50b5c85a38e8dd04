"""Work in a process of its own."""

import os
import signal
import time
from pathlib import Path

import pytest

from crmctl.mail.confined import outcomes
from crmctl.mail.trouble import BadTemplate


def test_the_pieces_come_in_order_and_from_another_process() -> None:
    found = list(outcomes(lambda each: (each, os.getpid()), [1, 2, 3], tuple[int, int]))
    assert [each for each, _ in found] == [1, 2, 3]
    assert {process for _, process in found} != {os.getpid()}


def test_one_process_goes_on_after_a_refusal() -> None:
    def work(each: int) -> int:
        if each == 2:
            raise BadTemplate("no", hint="yes")
        return os.getpid()

    one, two, three = outcomes(work, [1, 2, 3], int)
    assert isinstance(two, BadTemplate)
    assert (two.message, two.hint) == ("no", "yes")
    assert one == three != os.getpid()


def test_another_process_goes_on_after_one_that_was_ended() -> None:
    def work(each: int) -> int:
        if each == 2:
            os.kill(os.getpid(), signal.SIGPROF)
        return each

    one, two, three = outcomes(work, [1, 2, 3], int)
    assert (one, three) == (1, 3)
    assert isinstance(two, BadTemplate)
    assert "takes more than 5 s of computing" in two.message


def test_a_process_that_ends_without_a_word_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        list(outcomes(lambda each: os._exit(3), [1, 2, 3], int))


def test_a_bug_in_the_work_is_a_bug_here() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        list(outcomes(lambda each: each / 0, [1], float))


def test_who_stops_listening_leaves_no_process_behind() -> None:
    pieces = outcomes(lambda each: os.getpid(), range(10**6), int)
    worker = next(pieces)
    pieces.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_result_larger_than_a_pipe_arrives() -> None:
    assert [len(each) for each in outcomes(lambda each: "д" * each, [1_000_000] * 3, str)] == [1_000_000] * 3


def test_what_the_system_does_for_the_work_counts_as_its_computing() -> None:
    def work(each: int) -> int:
        held = bytearray(16 * 1024 * 1024)
        with Path("/dev/zero").open("rb", buffering=0) as endless:
            while True:
                endless.readinto(held)

    (found,) = outcomes(work, [1], int)
    assert "of computing" in str(found)


def test_work_that_waits_for_ever_is_ended() -> None:
    worker, late = outcomes(_waiting, [os.getpid(), 0], int, patience=0.2)
    assert "takes more than 0.2 s" in str(late)
    assert isinstance(worker, int)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def _waiting(each: int) -> int:
    if not each:
        time.sleep(3600)
    return os.getpid()

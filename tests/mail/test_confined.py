"""Work in a process of its own."""

import os
import signal

import pytest

from crmctl.mail.confined import confined, outcomes
from crmctl.mail.trouble import BadTemplate


def test_the_pieces_come_in_order_and_from_another_process() -> None:
    found = list(confined(lambda each: (each, os.getpid()), [1, 2, 3], tuple[int, int]))
    assert [each for each, _ in found] == [1, 2, 3]
    assert {process for _, process in found} != {os.getpid()}


def test_a_refusal_ends_it_with_its_hint() -> None:
    def work(each: int) -> int:
        if each == 2:
            raise BadTemplate("no", hint="yes")
        return each

    found = []
    with pytest.raises(BadTemplate, match="no") as caught:
        found.extend(confined(work, [1, 2, 3], int))
    assert caught.value.hint == "yes"


def test_where_outcomes_are_wanted_one_process_goes_on_after_a_refusal() -> None:
    def work(each: int) -> int:
        if each == 2:
            raise BadTemplate("no", hint="yes")
        return os.getpid()

    one, two, three = outcomes(work, [1, 2, 3], int)
    assert isinstance(two, BadTemplate)
    assert (two.message, two.hint) == ("no", "yes")
    assert one == three != os.getpid()


def test_where_outcomes_are_wanted_another_process_goes_on_after_one_that_was_ended() -> None:
    def work(each: int) -> int:
        if each == 2:
            os.kill(os.getpid(), signal.SIGVTALRM)
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
        list(confined(lambda each: each / 0, [1], float))


def test_who_stops_listening_leaves_no_process_behind() -> None:
    pieces = confined(lambda each: os.getpid(), range(10**6), int)
    worker = next(pieces)
    pieces.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_result_larger_than_a_pipe_arrives() -> None:
    assert [len(each) for each in confined(lambda each: "д" * each, [1_000_000] * 3, str)] == [1_000_000] * 3

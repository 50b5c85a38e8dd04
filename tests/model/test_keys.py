"""What rows, messages and letters are known by."""

import pytest

from crmctl.model.keys import (
    doubted,
    in_doubt,
    is_message_key,
    is_outbox_key,
    is_row_key,
    letter_key,
    message_key,
    message_sender,
    outbox_key,
    repeated,
    row_key,
    time_of,
)

ROW = row_key(b'["a","b"]')
MESSAGE = message_key("0011223344556677", "8899aabbccddeeff", "001122")
LETTER = letter_key("0123456789ab", 12, "ira@example.com")
OUTBOX = outbox_key(7, "D-1", "parcel.txt")


@pytest.mark.parametrize("key", [ROW, repeated(ROW, 2), repeated(ROW, 10)])
def test_a_row_is_known_by_its_content_and_its_number_among_equal_ones(key: str) -> None:
    assert is_row_key(key)
    assert not is_message_key(key)
    assert repeated(ROW, 1) == ROW


@pytest.mark.parametrize("key", [MESSAGE, LETTER, in_doubt(LETTER), OUTBOX, in_doubt(OUTBOX), ""])
def test_no_other_key_is_taken_for_that_of_a_row(key: str) -> None:
    assert not is_row_key(key)


def test_the_key_of_a_message_tells_its_sender() -> None:
    assert is_message_key(MESSAGE)
    assert message_sender(MESSAGE) == ("8899aabbccddeeff", "001122")


def test_the_key_of_a_letter_tells_its_mailing_and_which_time_it_went_out() -> None:
    assert time_of(LETTER, "0123456789ab") == 12
    assert time_of(LETTER, "ba9876543210") == 0
    assert (time_of(OUTBOX, "0123456789ab"), time_of("", "0123456789ab")) == (0, 0)


def test_the_key_of_a_letter_tells_whether_it_is_in_doubt() -> None:
    assert doubted(in_doubt(LETTER)) == LETTER
    assert (doubted(LETTER), doubted("")) == ("", "")
    assert is_outbox_key(in_doubt(OUTBOX))
    assert not is_outbox_key(LETTER)

import io

import pytest

from crmctl.importer.vcard_lines import LONGEST, ContentLine, content_lines, physical_lines


def _lines(content: bytes) -> list[tuple[int, bytes]]:
    return [(line.number, line.text) for line in content_lines(io.BytesIO(content))]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_all_line_ends_are_ends(end: bytes) -> None:
    content = end.join([b"A:1", b"B:2", b" 3", b"C:4", b""])

    assert _lines(content) == [(1, b"A:1"), (2, b"B:23"), (4, b"C:4")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_a_line_end_may_fall_between_two_blocks(end: bytes) -> None:
    lines = [b"NOTE:" + b"x" * (number % 7) for number in range(90_000)]

    assert [line for _, line in physical_lines(io.BytesIO(end.join(lines)))] == lines


def test_a_character_that_folding_cut_in_two_is_whole_again() -> None:
    ya = "я".encode()

    assert _lines(b"FN:" + ya[:1] + b"\r\n " + ya[1:]) == [(1, b"FN:" + ya)]


def test_one_space_alone_belongs_to_the_fold() -> None:
    assert _lines(b"N:a\n  b\n\tc\n") == [(1, b"N:a bc")]


def test_soft_breaks_of_quoted_printable_are_joined() -> None:
    head = b"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"

    assert _lines(head + b"=D0=90=\r\n b=\r\n=D0=91\r\nTEL:1") == [
        (1, head + b"=D0=90 b=D0=91"),
        (4, b"TEL:1"),
    ]
    assert _lines(b"NOTE;QUOTED-PRINTABLE:a=\n=41\nTEL:1")[0] == (1, b"NOTE;QUOTED-PRINTABLE:a=41")


def test_a_soft_break_does_not_swallow_the_end_of_the_card() -> None:
    assert _lines(b"NOTE;QUOTED-PRINTABLE:a=\r\nEND:VCARD")[1] == (2, b"END:VCARD")


def test_an_equals_sign_at_the_end_of_other_lines_is_a_letter() -> None:
    assert _lines(b"KEY;ENCODING=b:YQ==\nTEL:1") == [(1, b"KEY;ENCODING=b:YQ=="), (2, b"TEL:1")]


def test_base64_goes_on_without_a_space() -> None:
    assert _lines(b"PHOTO;BASE64:\n/9j/4AAQ\nSkZJRg==\n\nTEL:1") == [
        (1, b"PHOTO;BASE64:/9j/4AAQSkZJRg=="),
        (5, b"TEL:1"),
    ]


@pytest.mark.parametrize("end", [b"", b"\n ", b"\r "])
def test_of_a_value_without_end_only_the_beginning_is_kept(end: bytes) -> None:
    pieces = end.join([b"x" * 4000] * 1000) if end else b"x" * 4_000_000
    lines = list(content_lines(io.BytesIO(b"NOTE:" + pieces + b"\nTEL:1\n")))

    assert [line.cut for line in lines] == [True, False]
    assert len(lines[0].text) < 2 * LONGEST
    assert lines[1].text == b"TEL:1"


def test_the_last_line_needs_no_end() -> None:
    assert list(content_lines(io.BytesIO(b"A:1\n\n \nEND:VCARD"))) == [
        ContentLine(1, b"A:1"),
        ContentLine(4, b"END:VCARD"),
    ]

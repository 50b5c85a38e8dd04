"""What is not YAML is told at the place that has to be mended, in words that say what to do."""

import pytest

from crmctl.config.yaml_reader import read

NEVER_CLOSED = "the {} that begins here is never closed"
NO_PART = "this is no part of the mapping or list around it"
NO_COMMA = "a comma or the end of the {} is missing before this"
QUOTES = 'put text that holds ": " in quotes'


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("x: [", (1, 4), NEVER_CLOSED.format("list"), ""),
        ("x: [a, b\n\n# end\n", (1, 4), NEVER_CLOSED.format("list"), ""),
        ("x: {a: 1\n", (1, 4), NEVER_CLOSED.format("mapping"), ""),
        ("{a: [1], b: [\n", (1, 13), NEVER_CLOSED.format("list"), ""),
        ("? {a: 1}\n: [", (2, 3), NEVER_CLOSED.format("list"), ""),
        ("имя: {a: 1\nb: 2\n", (2, 2), NO_COMMA.format("mapping"), "the mapping begins on line 1"),
        ("x: [a\ny: 1\n", (2, 2), NO_COMMA.format("list"), "the list begins on line 1"),
        ("- {title: Имя: x}\n", (1, 14), NO_COMMA.format("mapping"), QUOTES),
        ('x: "ab\ny: 1\n', (1, 4), "the quoted text that begins here never ends", ""),
        ("x: 'ab", (1, 4), "the quoted text that begins here never ends", ""),
        ("a:\n\t- b\n", (2, 1), "a tab stands where the line is indented", "indent by spaces"),
        ("a: @b\n", (1, 4), 'text cannot begin with "@"', "put the text in quotes"),
        ("a: `b`\n", (1, 4), 'text cannot begin with "`"', "put the text in quotes"),
        ("a: b: c\n", (1, 5), "a second key on the line, or a line indented too deep", QUOTES),
        ("a: 1\n b: 2\n", (2, 3), "a second key on the line, or a line indented too deep", QUOTES),
        ("a: 1\nb\nc: 2\n", (2, 1), "a key without a colon and a space behind it", ""),
        ("k:\n  - a\n - b\n", (3, 2), NO_PART, "while parsing a block mapping that begins on line 1"),
        ('a: "x" y\n', (1, 8), NO_PART, "while parsing a block mapping that begins on line 1"),
        (
            'a: "\\q"\n',
            (1, 5),
            "found unknown escape character",
            "while parsing a quoted scalar that begins on line 1",
        ),
    ],
)
def test_a_fault_of_yaml_is_told_where_it_is_to_be_mended(
    text: str, place: tuple[int, int], message: str, hint: str
) -> None:
    found = [one for one in read(text.encode(), "a.yaml").findings if one.rule == "syntax-yaml"]
    assert [(one.line, one.column) for one in found] == [place]
    assert (found[0].message, found[0].hint) == (f"not YAML: {message}", hint)

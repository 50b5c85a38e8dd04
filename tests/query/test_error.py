import pytest

from crmctl.query.error import Place, QueryError, excerpt, width
from crmctl.query.parser import parse

PARSING = [
    ("amount => 10", "       ^^", 'unknown operator "=>"', "write >="),
    ("amount =< 10", "       ^^", 'unknown operator "=<"', "write <="),
    ("title =~ x", "      ^^", 'unknown operator "=~"', "write ~"),
    ("open && won", "     ^^", 'unknown operator "&&"', "write and"),
    ("open || won", "     ^^", 'unknown operator "||"', "write or"),
    ("!open", "^", 'unknown operator "!"', "write not"),
    ("title like x", "      ^^^^", 'unknown operator "like"', "write ~"),
    ('title = "x', "        ^", "the quote is never closed", "close it"),
    ("title = O'Brien", "         ^", "the quote is never closed", 'stands in "'),
    ("title = «x»", "        ^", "« is no quote here", "quote text with"),
    ("title = a;b", "         ^", 'unexpected character ";"', "in quotes"),
    ("amount >=", "       ^^", 'no value follows ">="', None),
    ("amount >= and open", "       ^^", 'no value follows ">="', '"and"'),
    ("amount > = 5", "         ^", 'unexpected "="', "operators: "),
    ("amount = 1,5", "          ^", 'unexpected ","', "1.5"),
    ("phone = (050) 123", "        ^", "no value begins with a bracket", 'phone = "(050) 123-45-67"'),
    ("open and", "     ^^^", 'no condition follows "and"', None),
    ("and open", "^^^", 'no condition stands before "and"', None),
    ("open and or won", "     ^^^", 'no condition follows "and"', None),
    ("not", "^^^", 'no condition follows "not"', None),
    ("()", "^^", "nothing stands between the brackets", None),
    ("= 5", "^", 'unexpected "="', "a condition begins with a field"),
    ("(open", "^", "the bracket is never closed", None),
    ("(open won)", "      ^^^", 'unexpected "won"', "join conditions with and, or"),
    ("open)", "    ^", "the bracket closes nothing", None),
    ("open won", "     ^^^", 'unexpected "won"', "join conditions with and, or"),
    (
        "owner = Анна Коваль",
        "             ^^^^^^",
        'unexpected "Коваль"',
        "text of several words goes in quotes",
    ),
    ('open "a b"', "     ^^^^^", "unexpected a quoted text", "join conditions"),
    ('"amount" > 5', "^^^^^^^^", "a field name stands without quotes", None),
    ("stage in order", "         ^^^^^", 'a list in brackets follows "in"', "stage in (order, won)"),
    ("stage in", "      ^^", 'a list in brackets follows "in"', "stage in (order, won)"),
    ("stage in ()", "         ^^", "the list is empty", None),
    ("stage in (a", "         ^", "the bracket is never closed", None),
    ("stage in (a,)", "           ^", 'no value follows ","', None),
    ("tags not has vip", "     ^^^", 'only "in" follows "not"', "not tags has vip"),
    ("source is vip", "          ^^^", '"empty" follows "is"', "source is empty"),
    ("amount between 5", "       ^^^^^^^^^", '"between" takes two values', "between 10k and 50k"),
    ("stage changed since 2026", "              ^^^^^", 'unexpected "since"', "changed after"),
    ("opne", "^^^^", '"opne" alone is no condition', 'did you mean "open"?'),
    ("иван петров", "     ^^^^^^", 'unknown operator "петров"', "to search for text, put it in quotes"),
    ("a.b.c = 1", "^^^^^", '"a.b.c" reaches too far', "company.industry"),
    ("10k <= amount", "^^^", '"10k" is no field name', "the field stands first"),
]


@pytest.mark.parametrize(("text", "carets", "message", "hint"), PARSING, ids=[case[0] for case in PARSING])
def test_a_slip_is_pointed_at_and_told_how_to_mend(
    text: str, carets: str, message: str, hint: str | None
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert error.excerpt == f"  {text}\n  {carets}"
    assert message in error.message
    assert (hint is None and error.hint is None) or (hint is not None and hint in (error.hint or ""))


def test_wide_letters_take_two_columns_and_combining_marks_none() -> None:
    assert width("日本") == 4
    assert width("नि") == width("न") + 1
    assert width("e\u0301") == 1
    assert excerpt("日本 = x", Place(3, 4)) == "  日本 = x\n       ^"
    assert excerpt("日本 = x", Place(0, 2)) == "  日本 = x\n  ^^^^"


def test_controls_are_shown_escaped_and_the_carets_stay_in_place() -> None:
    assert excerpt('"\x1b[31m" x', Place(8, 9)) == '  "^[[31m" x\n           ^'


def test_an_expression_of_several_lines_is_shown_as_one() -> None:
    assert excerpt("open\nand x", Place(9, 10)) == "  open and x\n           ^"


def test_a_long_expression_is_cut_around_the_fault() -> None:
    text = "open or " * 100 + "oops or " + "open or " * 100
    line, carets = (excerpt(text, Place(800, 804)) or "").split("\n")
    assert len(line) < 120
    assert line.startswith("  ...")
    assert line.endswith("...")
    assert line[carets.index("^") :].startswith("oops")
    assert carets.strip() == "^^^^"


def test_a_long_fault_is_cut_as_well() -> None:
    shown = excerpt("x" * 500, Place(0, 500)) or ""
    assert shown == f"  {'x' * 100}...\n  {'^' * 100}"


def test_what_is_missing_at_the_end_is_pointed_at_beyond_it() -> None:
    assert excerpt("open and", Place(8, 9)) == "  open and\n          ^"


def test_messages_carry_no_control_characters() -> None:
    assert QueryError('bad "\x1b"', "x", Place(0, 1), hint="\x07").message == 'bad "^["'
    assert QueryError("bad", "x", Place(0, 1), hint="\x07").hint == "^G"


def test_it_is_wrong_use() -> None:
    assert QueryError("bad", "x", Place(0, 1)).exit_code == 2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.query.error import Place
from crmctl.query.expression import (
    FLAGS,
    And,
    Between,
    Changed,
    Comparison,
    Empty,
    Expression,
    Flag,
    Has,
    In,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Text,
)
from crmctl.query.parser import parse
from crmctl.text import nfc

PLACE = Place(0, 0)
_LETTERS = "abzАяёїßé日_"
_WORDS = st.text(_LETTERS + "0159-.:/+@%", min_size=1, max_size=8).filter(
    lambda text: text.lower() not in ("and", "or", "not") and nfc(text) == text
)
_NASTY = st.text(
    st.sampled_from("ab \"'\\()=&;,\n\t«Жё日́\u200b\u202e") | st.characters(codec="utf-8"), max_size=12
)
_NAMES = st.from_regex(r"[a-zа-я_][a-zа-я0-9_]{0,6}(\.[a-z]{1,4})?", fullmatch=True).filter(
    lambda text: text not in ("and", "or", "not")
)
names = st.builds(Name, _NAMES, st.just(PLACE))
quotes = st.builds(Operand, _NASTY.map(nfc), st.just(True), st.just(PLACE))
operands = quotes | st.builds(Operand, _WORDS, st.just(False), st.just(PLACE))
operators = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~", "!~"])
places = st.just(PLACE)
conditions = st.one_of(
    st.builds(Comparison, names, operators, operands, places),
    st.builds(In, names, st.lists(operands, min_size=1, max_size=3).map(tuple), st.booleans(), places),
    st.builds(Between, names, operands, operands, places),
    st.builds(Empty, names, st.booleans()),
    st.builds(Has, names, operands, places),
    st.builds(Changed, names, st.just(""), st.none()),
    st.builds(Changed, names, st.sampled_from(["after", "before"]), operands),
    st.builds(Flag, st.sampled_from(FLAGS), places),
    st.builds(Text, quotes),
)


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, inner)


nodes = st.recursive(conditions, _joined, max_leaves=8)


@settings(max_examples=300)
@given(nodes)
def test_the_text_of_an_expression_reads_back_as_the_expression(node: Node) -> None:
    assert parse(str(node)).root == node


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" stage==order   AND amount>=10k ", "stage = order and amount >= 10k"),
        ("stage<>'order'", 'stage != "order"'),
        ("NOT(open OR won)and(lost)", "not (open or won) and lost"),
        ("stage Not In(a,'b c')", 'stage not in (a, "b c")'),
        ("'it''s' ", '"it\'s"'),
        ("'\"'", '""""'),
        ("x between 1 AND 2", "x between 1 and 2"),
        ("x IS NOT empty", "x is not empty"),
        ("x CHANGED After -7d", "x changed after -7d"),
    ],
)
def test_an_expression_prints_in_one_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


def test_expressions_that_say_the_same_are_equal_wherever_their_parts_stand() -> None:
    assert parse("open  and won") == parse("open and won")
    assert hash(parse("open  and won")) == hash(parse("open and won"))
    assert parse("open and won") != parse("won and open")


def test_an_expression_keeps_the_text_it_was_read_from() -> None:
    expression = parse(" open ")
    assert isinstance(expression, Expression)
    assert expression.text == " open "

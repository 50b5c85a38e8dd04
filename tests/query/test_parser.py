import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.query.error import Place, QueryError
from crmctl.query.expression import (
    And,
    Between,
    Changed,
    Comparison,
    Empty,
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
from crmctl.query.parser import DEEPEST, LONGEST, parse

ANYWHERE = Place(0, 0)


def name(text: str) -> Name:
    return Name(text, ANYWHERE)


def word(text: str) -> Operand:
    return Operand(text, quoted=False, place=ANYWHERE)


def quoted(text: str) -> Operand:
    return Operand(text, quoted=True, place=ANYWHERE)


def flag(text: str) -> Flag:
    return Flag(text, ANYWHERE)


def compared(field: str, operator: str, value: Operand) -> Comparison:
    return Comparison(name(field), operator, value, ANYWHERE)


def among(field: str, *values: str, negated: bool = False) -> In:
    return In(name(field), tuple(word(value) for value in values), negated, ANYWHERE)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("stage = order", compared("stage", "=", word("order"))),
        ("stage=order", compared("stage", "=", word("order"))),
        ("stage == order", compared("stage", "=", word("order"))),
        ("stage <> order", compared("stage", "!=", word("order"))),
        ("amount>=-5", compared("amount", ">=", word("-5"))),
        ("title !~ 'a b'", compared("title", "!~", quoted("a b"))),
        ("company.industry ~ x", compared("company.industry", "~", word("x"))),
        ("сумма > 10", compared("сумма", ">", word("10"))),
        ("stage in (order, shipping)", among("stage", "order", "shipping")),
        ("stage IN(order)", among("stage", "order")),
        ("stage Not In (order)", among("stage", "order", negated=True)),
        ("source is empty", Empty(name("source"), negated=False)),
        ("source IS NOT EMPTY", Empty(name("source"), negated=True)),
        ("amount between 1 and 2", Between(name("amount"), word("1"), word("2"), ANYWHERE)),
        ("tags has vip", Has(name("tags"), word("vip"), ANYWHERE)),
        ("stage changed", Changed(name("stage"), "", None)),
        ("stage changed after -7d", Changed(name("stage"), "after", word("-7d"))),
        ("stage changed BEFORE today", Changed(name("stage"), "before", word("today"))),
        ("open", flag("open")),
        ("OVERDUE", flag("overdue")),
        ('"иван петров"', Text(quoted("иван петров"))),
    ],
)
def test_each_condition_is_read(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("open and won or lost", Or((And((flag("open"), flag("won"))), flag("lost")))),
        ("open or won and lost", Or((flag("open"), And((flag("won"), flag("lost")))))),
        ("(open or won) and lost", And((Or((flag("open"), flag("won"))), flag("lost")))),
        ("not open and won", And((Not(flag("open")), flag("won")))),
        ("not (open and won)", Not(And((flag("open"), flag("won"))))),
        ("not not open", Not(Not(flag("open")))),
        ("open AND won And lost", And((flag("open"), flag("won"), flag("lost")))),
        ("amount between 1 and 2 and open", And((parse("amount between 1 and 2").root, flag("open")))),
    ],
)
def test_not_binds_closer_than_and_and_and_closer_than_or(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    "value",
    [
        "10k",
        "-7d",
        "+2w",
        "2026-Q4",
        "D-42",
        "1.5m",
        "2026-11-21T15:30:05",
        "anna@example.com",
        "https://example.com/a",
        "50%",
        "Ёлка",
        "नमस्ते",
        "10k USD",
        "100 грн",
        "5 $",
        "2026-11-21 15:30",
        "2026-11-21 15:30:05+02:00",
        "empty",
        "open",
    ],
)
def test_what_people_write_as_one_value_is_one_operand(value: str) -> None:
    assert parse(f"a = {value} and b = 1").root == And(
        (compared("a", "=", word(value)), compared("b", "=", word("1")))
    )


def test_a_currency_may_stand_after_each_amount_of_a_list_and_of_between() -> None:
    assert parse("a in (1 USD, 2 EUR)").root == among("a", "1 USD", "2 EUR")
    assert parse("a between 1 USD and 2 USD").root == Between(
        name("a"), word("1 USD"), word("2 USD"), ANYWHERE
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"say ""hi"""', 'say "hi"'),
        ("'O''Brien'", "O'Brien"),
        ('"O\'Brien"', "O'Brien"),
        (r'"C:\dir\"', "C:\\dir\\"),
        ('"and"', "and"),
        ('"a = b or (c)"', "a = b or (c)"),
    ],
)
def test_a_quote_is_doubled_within_a_text_and_all_else_stands_for_itself(text: str, value: str) -> None:
    assert parse(text).root == Text(quoted(value))


def test_a_word_that_is_also_a_flag_names_a_field_where_an_operator_follows() -> None:
    assert parse("open = yes").root == compared("open", "=", word("yes"))
    assert parse("stale is empty or open not in (a)").root == Or(
        (Empty(name("stale"), negated=False), among("open", "a", negated=True))
    )


def test_places_are_those_of_the_parts() -> None:
    node = parse("open and  amount >= 10k USD").root
    assert isinstance(node, And)
    comparison = node.parts[1]
    assert isinstance(comparison, Comparison)
    places = [
        (place.start, place.end)
        for place in (comparison.field.place, comparison.place, comparison.value.place)
    ]
    assert places == [(10, 16), (17, 19), (20, 27)]


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    assert parse("имя = Сергеи\u0306") == parse("имя = Сергей")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_an_empty_expression_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.excerpt) == ("the expression is empty", None)


def test_nesting_ends_at_its_limit() -> None:
    parse("(" * DEEPEST + "open" + ")" * DEEPEST)
    for opening, closing in (("(", ")"), ("not ", ""), ("not (", ")")):
        with pytest.raises(QueryError, match="nested deeper than 64 levels"):
            parse(opening * (DEEPEST + 1) + "open" + closing * (DEEPEST + 1))


def test_length_ends_at_its_limit() -> None:
    parse("open or " * ((LONGEST - 4) // 8) + "open")
    with pytest.raises(QueryError, match="longer than 10,000 characters"):
        parse("open or " * (LONGEST // 8) + "open")


def _refusal(text: str) -> QueryError | None:
    try:
        assert parse(str(parse(text))) == parse(text)
    except QueryError as error:
        return error
    return None


@given(st.text(st.sampled_from("ab =!<>~()'\",.&|-7dandorinotishempty\\\x00é"), max_size=40))
def test_any_text_is_read_or_refused_with_a_caret(text: str) -> None:
    refusal = _refusal(text)
    assert refusal is None or bool(refusal.excerpt) is bool(text.strip())


_PIECES = [
    "stage",
    "amount",
    "open",
    "not",
    "and",
    "or",
    "in",
    "is",
    "empty",
    "between",
    "has",
    "changed",
    "after",
    "(",
    ")",
    ",",
    "=",
    "!=",
    "~",
    "10k",
    "USD",
    "2026-11-21",
    "15:30",
    "'x'",
    "'",
    "tags",
    "company.title",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join))
def test_any_order_of_words_is_read_or_refused_with_a_caret(text: str) -> None:
    refusal = _refusal(text)
    assert refusal is None or bool(refusal.excerpt) is bool(text.strip())

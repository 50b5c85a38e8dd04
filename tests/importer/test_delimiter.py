import pytest

from crmctl.importer.delimiter import found_delimiter, header_lines


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("a,b,c", ","),
        ("a;b;c", ";"),
        ("a\tb\tc", "\t"),
        ("a|b|c", "|"),
        ("alone", ","),
        ('"a,b,c";d', ";"),
        ('a;"b,c,d"', ";"),
        ('"Имя, Фамилия";"Улица, номер дома";"ID"', ";"),
        ('"a ""x,y,z"" b";c', ";"),
        ("name (first,last);phone;city", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_stands_most_often_outside_quotes(header: str, delimiter: str) -> None:
    assert found_delimiter(header) == delimiter


def test_a_header_with_a_line_break_in_quotes_is_read_to_its_end() -> None:
    rest = iter(['two";b\r\n', "1;2\r\n"])

    assert header_lines(rest, '"one,\r\n') == ['"one,\r\n', 'two";b\r\n']


def test_a_quote_inside_a_name_does_not_swallow_the_file() -> None:
    assert header_lines(iter(["1,2\n"]), 'size 5",colour\n') == ['size 5",colour\n']

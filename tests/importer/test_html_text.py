import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.importer.html_text import html_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>Добрый&nbsp;день,</p><div>беру <b>два</b> &lt;ящика&gt;</div>",
            "Добрый день,\n\nберу два <ящика>",
        ),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<head><title>t</title><style>p{}</style></head>x", "x"),
        ("<html><head><title>t</title><body>x", "x"),
        ("x<script>if (a<b) {}</SCRIPT>y", "xy"),
        ("<!-- <p>no</p> -->x<!-- open", "x"),
        ("1 < 2 and 3 <4", "1 < 2 and 3 <4"),
        ("<script>never closed", ""),
        ("x<a href='", "x"),
        ("<!DOCTYPE html><?xml?>x", "x"),
        ("  a \n\n b\t", "a b"),
        ("&#x110000;&amp;&nope;", "\ufffd&&nope;"),
        ("İ<SCRIPT>x</SCRIPT>y", "İy"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_reads_it(html: str, text: str) -> None:
    assert html_text(html) == text


@given(
    st.lists(
        st.sampled_from(["<", ">", "<p>", "<!--", "-->", "</script", "<script>", "&amp;", "a", " "])
    ).map("".join)
)
def test_whatever_the_tags_are_nothing_is_added(html: str) -> None:
    assert html_text(html).count("a") <= html.count("a")


@pytest.mark.parametrize("part", ["<", "<a", "<!--", "<script>", "<a>", "&", "</"])
def test_a_megabyte_of_one_thing_takes_no_longer_than_text(part: str) -> None:
    assert len(html_text(part * 200_000)) <= 400_000


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quote_that_nobody_closes_takes_no_text_away(quote: str) -> None:
    letter = (
        f"<a href={quote}x>Order 5</a> of Anna" + " and more" * 10_000 + f" <a href={quote}y{quote}>last</a>"
    )

    assert html_text(letter).startswith("Order 5 of Anna and more")

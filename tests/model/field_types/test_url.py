"""Addresses of web pages, and of nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def url(read: Any) -> Any:
    return read("url")


@pytest.mark.parametrize(
    "typed",
    [
        *("https://example.com", "http://example.com:8080/a?b=c#d", "example.com", "пример.рф/каталог"),
        "https://www.example.com/",
    ],
)
def test_an_address_is_kept_as_written(url: Any, typed: str) -> None:
    assert url.parse(f" {typed} ") == typed


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "javascript:alert(1)",
            "ftp://example.com",
            "file:///etc/passwd",
            "example",
            "http://",
            "//example.com",
        ),
        *("anna@example.com", "https://user:pw@example.com", "https://exa mple.com", "https://a..b"),
        *("https://a.b/\x1b[31m", "https://a.b/\0", "https://a.b/\udcff", "https://a.b/" + "x" * 2048),
        "a." * 1000 + " !",
    ],
)
def test_what_is_no_web_address_is_refused(url: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        url.parse(wrong)


@pytest.mark.parametrize(
    "other", ["https://example.com", "http://www.example.com/", "www.example.com", "EXAMPLE.com"]
)
def test_scheme_www_case_and_the_closing_slash_make_no_difference(url: Any, other: str) -> None:
    assert url.match_key(other) == url.match_key("example.com")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="htps:/.aя?#@ 1", max_size=20))
def test_a_shown_address_reads_back(url: Any, typed: str) -> None:
    try:
        value = url.parse(typed)
    except BadValue:
        return
    assert url.again(value) == value

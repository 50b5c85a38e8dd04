"""A pattern that is compiled late finds what one compiled at once does."""

import re

import pytest

from crmctl.patterns import pattern


@pytest.mark.parametrize("text", ["", "ab", "AB", "xaby", "ab ab"])
@pytest.mark.parametrize("method", ["match", "fullmatch", "search", "findall", "split"])
def test_it_finds_the_same(method: str, text: str) -> None:
    def told(found: object) -> object:
        return found.span() if isinstance(found, re.Match) else found

    late, early = pattern("(a)b", re.IGNORECASE), re.compile("(a)b", re.IGNORECASE)
    assert told(getattr(late, method)(text)) == told(getattr(early, method)(text))
    assert late.sub("x", text) == early.sub("x", text)


def test_one_that_is_wrong_is_told_when_it_is_used() -> None:
    late = pattern("(")
    with pytest.raises(re.error):
        late.match("")


def test_what_no_pattern_has_is_not_there() -> None:
    with pytest.raises(AttributeError):
        pattern("a").nothing  # type: ignore[attr-defined]  # noqa: B018

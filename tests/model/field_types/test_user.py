"""Users are named by id, name, alias or e-mail; without a list of users any name is one."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices

USERS = Choices("user", (Choice("anna", "Анна Коваль", ("anna@example.com",)), Choice("oleg", "Олег Бойко")))


@pytest.fixture(scope="module")
def user(read: Any) -> Any:
    return read("user", "owner", choices=USERS)


@pytest.mark.parametrize("typed", ["anna", "АННА КОВАЛЬ", "Anna@example.com", "me", "ME"])
def test_a_user_is_named_in_any_of_their_ways(user: Any, typed: str) -> None:
    assert user.parse(typed) == "anna"


def test_an_unknown_user_is_refused(user: Any) -> None:
    with pytest.raises(BadValue, match='unknown user "ivan"'):
        user.parse("ivan")


def test_any_name_is_a_user_where_none_are_declared(read: Any) -> None:
    assert read("user").parse(" ivan ") == "ivan"


def test_me_is_a_name_like_any_other_where_nobody_acts(read: Any, conventions: Any) -> None:
    assert read("user", conventions=msgspec.structs.replace(conventions, me="")).parse("me") == "me"


@pytest.mark.parametrize("value", ["anna", "oleg"])
def test_a_shown_user_reads_back(user: Any, value: str) -> None:
    assert user.again(value) == value

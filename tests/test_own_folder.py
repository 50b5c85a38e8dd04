"""Where the user's own configuration is."""

from pathlib import Path

import pytest

from crmctl.own_folder import configuration_home


def test_it_is_where_the_environment_says_else_below_home() -> None:
    assert configuration_home({"XDG_CONFIG_HOME": "/conf", "HOME": "/home/anna"}) == Path("/conf")
    assert configuration_home({"HOME": "/home/anna"}) == Path("/home/anna/.config")


@pytest.mark.parametrize("relative", ["", ".", "conf", "../conf", "~/conf"])
def test_a_relative_folder_does_not_count(relative: str) -> None:
    """It would be found in whatever workspace one stands in."""
    environment = {"XDG_CONFIG_HOME": relative, "HOME": "/home/anna"}
    assert configuration_home(environment) == Path("/home/anna/.config")
    assert configuration_home({"HOME": relative}).is_absolute()

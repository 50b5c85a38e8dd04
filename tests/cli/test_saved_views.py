"""`filter --save` and `--forget`: filters kept under a name."""

from pathlib import Path

import pytest


@pytest.fixture
def deals(workspace: Path, crm) -> Path:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=60000")
    crm("create", "deal", "Beta", "--pipeline", "retail", "-s", "amount=10")
    crm("create", "deal", "Gamma", "--pipeline", "retail", "-s", "amount=70000")
    return workspace


def test_a_filter_is_kept_as_a_view(deals: Path, crm) -> None:
    assert crm("filter", "deals", "amount >= 50k", "--sort", "-amount", "--save", "large").code == 0
    assert crm("list", "deals", "--view", "large", "-o", "ids").out == "D-3\nD-1\n"
    assert "large" not in (deals / "crmctl.yaml").read_text("utf-8")
    assert crm("filter", "deals", "open", "--save", "mine").code == 2
    assert crm("filter", "deals", "ammount > 1", "--save", "wrong").code == 2


def test_a_view_holds_all_that_chose_its_records(deals: Path, crm) -> None:
    crm("filter", "deals", "amount >= 50k", "--save", "large")
    crm("filter", "deals", "open", "--view", "large", "--pipeline", "wholesale", "--save", "both")
    assert crm("list", "deals", "--view", "both", "-o", "ids").out == "D-1\n"


def test_a_view_takes_the_place_of_one_of_its_name_and_says_so(deals: Path, crm) -> None:
    assert crm("filter", "deals", "open", "--save", "Мой Вид").err == 'kept as the view "Мой Вид"\n'
    told = 'kept as the view "мой вид", in the place of: open\n'
    assert crm("filter", "deals", "amount < 50k", "--save", " мой вид ", "-q").err == ""
    assert crm("filter", "deals", "open", "--save", "Мой  вид", "-n").err.endswith("place of: amount < 50k\n")
    assert crm("filter", "deals", "open", "--save", "мой вид").err == told.replace("open", "amount < 50k")
    assert crm("list", "deals", "--view", "МОЙ ВИД", "--count").out == "3\n"
    assert crm("list", "deals", "--view", "nowhere").err.count("ой вид") == 1


def test_a_view_of_other_records_is_not_replaced(deals: Path, crm) -> None:
    crm("filter", "deals", "open", "--save", "big")
    ran = crm("filter", "leads", "open", "--save", "BIG")
    assert ran.code == 2
    assert '"big" is a view of deal records: open' in ran.err
    assert crm("list", "deals", "--view", "big").code == 0


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_a_view_has_a_name(deals: Path, crm, name: str) -> None:
    assert crm("filter", "deals", "open", "--save", name).code == 2


@pytest.mark.parametrize("name", ["mine", "MINE", "Мои"])
def test_a_view_that_crmctl_itself_has_is_found_in_any_case_and_stays(deals: Path, crm, name: str) -> None:
    assert crm("list", "deals", "--view", name).code == 0
    for option in ("--save", "--forget"):
        words = ("open",) if option == "--save" else ()
        ran = crm("filter", "deals", *words, option, name)
        assert (ran.code, 'crmctl itself has a view "mine"' in ran.err) == (2, True)


def test_a_dry_run_keeps_and_forgets_nothing(deals: Path, crm) -> None:
    crm("filter", "deals", "open", "--save", "big")
    before = (deals / "crm.json").read_bytes()
    assert 'would be kept as the view "other"' in crm("filter", "deals", "open", "--save", "other", "-n").err
    assert "would be removed: open" in crm("filter", "deals", "--forget", "big", "-n").err
    assert (deals / "crm.json").read_bytes() == before


def test_a_view_is_forgotten(deals: Path, crm) -> None:
    crm("filter", "deals", "open", "--save", "big")
    assert crm("filter", "leads", "--forget", "big").code == 2
    assert crm("filter", "deals", "--forget", "BIG").err == 'the view "BIG" is removed: open\n'
    assert crm("list", "deals", "--view", "big").code == 4
    assert crm("filter", "deals", "--forget", "big").code == 4


def test_a_filter_wants_an_expression_and_forgetting_none(deals: Path, crm) -> None:
    assert crm("filter", "deals").code == 2
    assert crm("filter", "deals", "open", "--forget", "big").code == 2
    assert crm("filter", "deals", "--save", "a", "--forget", "b").code == 2

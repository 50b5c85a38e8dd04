import pytest

from crmctl.errors import BadValue
from crmctl.importer.cell_change import (
    CellChange,
    called_by_id,
    dated,
    emptied,
    looked_up,
    prefixed,
    stripped,
)
from crmctl.importer.table import NumberCell
from crmctl.model.choices import Choice, Choices

STAGES = Choices("stage", (Choice("won", "Сделка успешна"),))


def test_a_cell_is_split_and_each_part_goes_through_the_steps_in_their_order() -> None:
    change = CellChange([stripped(r"\s*\[\d+\]$"), emptied(["-"]), prefixed("tg:")], split=",")
    assert change("ann [7], -, bob") == "tg:ann; tg:bob"


def test_a_cell_that_means_nothing_goes_through_no_further_step() -> None:
    assert CellChange([emptied(["select"]), prefixed("x:")])(" Select ") == ""


def test_words_are_looked_up_as_names_are_compared() -> None:
    change = CellChange([looked_up({"российский рубль": "RUB"}, None, None)])
    assert change("Российский  Рубль") == "RUB"
    assert change("EUR") == "EUR"


def test_what_a_lookup_does_not_name_may_mean_something_too() -> None:
    assert CellChange([looked_up({"paid": "won"}, "", None)])("Pending") == ""


def test_a_name_that_is_known_is_not_looked_up() -> None:
    change = CellChange([looked_up({"сделка успешна": "x", "успех": "won"}, None, STAGES)])
    assert change("Сделка успешна") == "Сделка успешна"
    assert change("Успех") == "won"


def test_somebody_known_is_called_by_id() -> None:
    assert CellChange([called_by_id(STAGES)])("сделка успешна") == "won"
    assert CellChange([called_by_id(STAGES)])("Робот") == "Робот"


def test_a_date_of_another_form_stays_for_its_field_to_refuse() -> None:
    assert CellChange([dated(lambda text: None)])("soon") == "soon"


def test_a_number_that_stays_as_it_is_stays_a_number() -> None:
    number = NumberCell("1.234")
    assert CellChange([emptied(["-"])])(number) is number


def test_a_prefix_is_not_written_twice() -> None:
    assert CellChange([prefixed("skype:")])("skype:ann") == "skype:ann"


def test_a_pattern_that_could_hang_is_refused() -> None:
    with pytest.raises(BadValue):
        stripped(r"(?<=a)b")


def test_a_column_without_steps_changes_nothing() -> None:
    assert not CellChange([])
    assert CellChange([emptied(["-"])])

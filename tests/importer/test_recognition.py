import pytest

from crmctl.errors import WrongUse
from crmctl.importer.recognition import recognised
from crmctl.model.import_profile import Detect, Signature
from crmctl.model.records import RecordType

LEAD, DEAL = RecordType.LEAD, RecordType.DEAL


def profile(
    name: str, *named: str, record: RecordType = LEAD, own: bool = False, **detect: tuple[str, ...]
) -> Signature:
    ways = (Detect(**(detect or {"all": named[:1]})),)
    return Signature(name, record, ways, frozenset(named), own=own)


def test_the_profile_that_names_most_columns_is_taken() -> None:
    few, many = profile("few", "a", "b"), profile("many", "a", "b", "c")
    assert recognised(["A", "b", "C"], [few, many], LEAD).signature == many


def test_names_are_compared_as_headers_are() -> None:
    found = profile("x", "название лида")
    assert recognised(["  НАЗВАНИЕ\u00a0Лида "], [found], LEAD).signature == found


def test_two_that_name_as_many_are_an_error_naming_both_and_the_way_out() -> None:
    with pytest.raises(WrongUse, match="two profiles: one and two") as error:
        recognised(["a"], [profile("two", "a"), profile("one", "a")], LEAD)
    assert error.value.hint is not None
    assert "--profile one" in error.value.hint
    assert "--profile none" in error.value.hint


def test_one_of_the_workspace_goes_before_a_shipped_one_that_names_as_many() -> None:
    own = profile("own", "a", own=True)
    assert recognised(["a"], [profile("shipped", "a"), own], LEAD).signature == own


@pytest.mark.parametrize(
    ("header", "fits"),
    [(["a", "b"], True), (["a", "c"], True), (["a"], False), (["b", "c"], False), (["a", "b", "x"], False)],
)
def test_a_file_has_all_of_these_one_of_those_and_none_of_the_last(header: list[str], fits: bool) -> None:
    one = profile("p", "a", all=("a",), any=("b", "c"), none=("x",))
    assert (recognised(header, [one], LEAD).signature == one) is fits


def test_a_profile_without_detection_is_never_found() -> None:
    assert recognised(["a"], [Signature("p", LEAD, (), frozenset({"a"}))], LEAD).signature is None


def test_one_of_several_ways_to_name_the_columns_is_enough() -> None:
    both = Signature("p", LEAD, (Detect(all=("имя",)), Detect(all=("name",))), frozenset({"имя", "name"}))
    assert recognised(["Name"], [both], LEAD).signature == both


def test_a_profile_for_other_records_is_told_and_not_taken() -> None:
    other = profile("deals", "a", record=DEAL)
    found = recognised(["a"], [other], LEAD)
    assert (found.signature, found.elsewhere) == (None, other)
    assert recognised(["a"], [other]).signature == other

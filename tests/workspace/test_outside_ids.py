"""An id that another system gave means one record, by whichever way it is looked up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.importer.deal_lines import joined
from crmctl.importer.row import ImportRow
from crmctl.model.choices import Choices
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType
from crmctl.rules.duplicates import Matcher
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.named_records import NamedRecords

OUTSIDE = (("external_id",),)
IDS = st.text("aAбБéÉıİßẞё1-\u0301\u200b", min_size=1, max_size=4).filter(lambda text: text.strip("\u200b"))


@pytest.fixture(scope="module")
def configuration(bare_configuration: Callable[..., Configuration]) -> Configuration:
    return bare_configuration((), Choices("way", ()))


def by_matcher(configuration: Configuration, one: str, other: str) -> bool:
    matcher = Matcher(RecordType.DEAL, configuration, OUTSIDE)
    matcher.add("D-1", {"external_id": one})
    return matcher.find({"external_id": other}).ids == ("D-1",)


def by_name(one: str, other: str) -> bool:
    store = MemoryStore()
    with store.write() as writer:
        writer.put(Record({"id": "D-1", "record": "deal", "external_id": one}))
        writer.commit()
    return NamedRecords(store.read()).with_outside_id(RecordType.DEAL, other) == ["D-1"]


def by_line(one: str, other: str) -> bool:
    return (
        len(joined([ImportRow(at, b"[]", {}, external_id=text) for at, text in ((2, one), (3, other))])) == 1
    )


@given(IDS, IDS)
def test_every_way_tells_the_same_ids_apart(configuration: Configuration, one: str, other: str) -> None:
    known = by_name(one, other)
    assert by_matcher(configuration, one, other) is known
    assert by_line(one, other) is known
    assert by_name(other, one) is known


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0015g00000XyZAb", "0015g00000XyzAb", False),
        ("ABC1", "abc1", False),
        ("е\u0301", "е\u0301", True),
        ("e\u0301", "é", True),
        (" x\u200b", "x", True),
    ],
)
def test_case_counts_and_how_a_letter_is_composed_does_not(
    configuration: Configuration, one: str, other: str, same: bool
) -> None:
    assert by_name(one, other) is by_matcher(configuration, one, other) is by_line(one, other) is same

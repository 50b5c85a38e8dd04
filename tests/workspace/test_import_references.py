"""What a row calls other records, where a profile says what to do with those that are not there or too many."""

from collections.abc import Callable

import pytest

from crmctl.errors import WrongUse
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.row import ImportRow
from crmctl.model.choices import Choices
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.import_references import References
from crmctl.workspace.named_records import NamedRecords


@pytest.fixture
def references(bare_configuration: Callable[..., Configuration]) -> References:
    """Know C-1 and C-2 by the outside ids 8001 and 8002."""
    store = MemoryStore()
    with store.write() as writer:
        for number in (1, 2):
            named = {"title": f"Contact {number}", "external_id": f"800{number}"}
            writer.put(Record({"id": f"C-{number}", "record": "contact", **named}))
        writer.commit()
    return References(NamedRecords(store.read()), bare_configuration((), Choices("way", ())))


def columns(**more: frozenset[str]) -> ColumnMap:
    return ColumnMap(("contact",), {"contact": (0,)}, {}, {}, {}, **more)  # type: ignore[arg-type]


def row(text: str) -> ImportRow:
    return ImportRow(2, b"[]", {}, sought={"contact": text})


def test_a_cell_of_several_is_one_name_where_no_profile_says_otherwise(references: References) -> None:
    with pytest.raises(WrongUse, match='"8001;8002" is no id'):
        references.resolved(row("8001;8002"), RecordType.DEAL, columns())


def test_the_first_of_several_is_taken_and_the_others_are_counted(references: References) -> None:
    several = columns(several=frozenset({"contact"}))
    found = references.resolved(row("8001; C-2;8002"), RecordType.DEAL, several)
    assert found.values == {"contact": "C-1"}
    assert references.notes == ["line 2: contact: C-1 is taken, 1 other left out: it holds one"]


def test_what_is_not_there_is_left_out_and_told_where_that_is_wanted(references: References) -> None:
    lenient = columns(several=frozenset({"contact"}), lenient=frozenset({"contact"}))
    assert references.resolved(row("9;8002"), RecordType.DEAL, lenient).values == {"contact": "C-2"}
    assert references.resolved(row("9"), RecordType.DEAL, lenient).values == {}
    told = 'line 2: contact: "9" is no id, and no contact has it as external_id or title: left out'
    assert references.notes == [told, told]


def test_records_made_meanwhile_are_known(references: References) -> None:
    named = NamedRecords(MemoryStore().read())
    with pytest.raises(WrongUse):
        named.find("x", (RecordType.CONTACT,), "contact")
    named.learn(Record({"id": "C-7", "record": "contact", "title": "X", "external_id": "e"}))
    assert named.find("x", (RecordType.CONTACT,), "contact") == "C-7"
    assert named.find("e", (RecordType.CONTACT,), "contact") == "C-7"


def test_a_title_of_many_names_some_and_means_none() -> None:
    store = MemoryStore()
    with store.write() as writer:
        for number in range(1, 31):
            writer.put(Record({"id": f"D-{number}", "record": "deal", "title": "From the website"}))
        writer.commit()
    named = NamedRecords(store.read())
    with pytest.raises(WrongUse, match=r'"from the website" is the title of D-1, .*, D-10$'):
        named.find("from the website", (RecordType.DEAL,), "deal")
    assert len(named.with_title(RecordType.DEAL, "From the website")) < 30

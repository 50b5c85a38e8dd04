"""Who gets a letter of a mailing."""

from crmctl.model.records import Record
from crmctl.workspace.mailing import parted
from crmctl.workspace.recipients import Reach


def test_who_perhaps_has_a_letter_is_told_apart_among_very_many() -> None:
    """Looking each one up among the others would take hours."""
    records = [Record({"id": f"L-{number}", "record": "lead", "title": "x"}) for number in range(200_000)]
    new = [(Reach(record, f"{record.id}@example.com"), record.id) for record in records]
    todo, aside = parted(new, frozenset(key for _, key in new[1::2]))
    assert todo == new[::2]
    assert aside == [each for each, _ in new[1::2]]

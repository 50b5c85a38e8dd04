"""Which letters history tells of."""

from crmctl.model.change import Entry
from crmctl.model.keys import in_doubt, letter_key
from crmctl.model.records import Record, Value
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.letters_sent import DOUBTFUL, Sent, sent_letters

ONE, TWO = (letter_key("0123456789ab", number, "ira@example.com") for number in (1, 2))


def told(*letters: tuple[str, str]) -> Sent:
    """Return what is known once a lead's history has letters: the key and the note of each."""
    store = MemoryStore()
    for number, (key, note) in enumerate(letters, 1):
        with store.write() as writer:
            writer.put(Record({"id": "L-1", "record": "lead", "letter_count": number}))
            counted: dict[str, tuple[Value | None, Value | None]] = {"letter_count": (None, number)}
            at = f"2026-11-21T08:00:0{number}+00:00"
            writer.add_history([Entry("L-1", number, at, "anna", "mail", counted, key, note=note)])
            writer.commit()
    return sent_letters(store.read())


def test_whether_a_letter_is_in_doubt_is_told_by_its_key_and_by_no_sentence() -> None:
    sent = told((in_doubt(ONE), "прервано"), (TWO, f'"x" to y: {DOUBTFUL}'))
    assert sent == Sent(frozenset({TWO}), frozenset({ONE}))
    assert sent.rounds("0123456789ab") == 2


def test_a_letter_that_went_out_after_all_is_in_doubt_no_more() -> None:
    assert told((in_doubt(ONE), "x"), (ONE, "x")) == Sent(frozenset({ONE}), frozenset())

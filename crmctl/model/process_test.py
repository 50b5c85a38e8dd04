"""Tests of the process as they are written: what is given, what is done, and what must come of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from crmctl.model.place import Place
from crmctl.model.records import RecordType

Texts = Mapping[str, tuple[str, ...]]
"""Fields and the texts that somebody might have typed for them; one empty text empties a field."""

REFUSED_BY = ("duplicate", "not_allowed", "already_converted", "not_found", "no_next_step", "no_access")
"""Rules, beside the gate's fields, by which something is refused: the codes of such errors."""


class Verb(StrEnum):
    """What a test can do."""

    MOVE = "move"
    CREATE = "create"
    UPDATE = "update"
    CONVERT = "convert"
    REJECT = "reject"
    IMPORT = "import"
    COMPLETE = "complete"


class FieldText(msgspec.Struct, frozen=True):
    """A field with its value as text, where it is written."""

    name: str
    texts: tuple[str, ...]
    place: Place


class GivenRecord(msgspec.Struct, frozen=True):
    """A record that is there before."""

    kind: RecordType
    fields: tuple[FieldText, ...]
    place: Place


class When(msgspec.Struct, frozen=True):
    """What is done, with what goes along with it; each verb uses what it has a use for."""

    verb: Verb
    place: Place
    kind: RecordType | None = None
    stage: str = ""
    pipeline: str = ""
    reason: str = ""
    to: tuple[str, ...] = ()
    result: str = ""
    next: str = ""
    no_next: bool = False
    fields: Texts = {}
    rows: tuple[Mapping[str, object], ...] = ()


class Expectation(msgspec.Struct, frozen=True):
    """Something that must have come of it, and where that is written."""

    place: Place


class ExpectRefused(Expectation, frozen=True):
    """It is refused, for exactly these fields or rules if any are named; or, without `refused`, it is done."""

    refused: bool
    names: tuple[str, ...] = ()


class ExpectStage(Expectation, frozen=True):
    """The record is on this stage."""

    stage: str


class ExpectTasks(Expectation, frozen=True):
    """Tasks were created from exactly these templates."""

    templates: tuple[str, ...]


class ExpectCreated(Expectation, frozen=True):
    """Records of exactly these types were created; those with `fields` hold them."""

    kinds: tuple[RecordType, ...]
    fields: Mapping[RecordType, tuple[FieldText, ...]] = {}


class ExpectFields(Expectation, frozen=True):
    """The record holds these values."""

    fields: tuple[FieldText, ...]


class ExpectWhere(Expectation, frozen=True):
    """The record fulfils a condition of the filter language."""

    condition: str


class ExpectFindings(Expectation, frozen=True):
    """`validate --data` would report exactly these rules."""

    rules: tuple[str, ...]


class ExpectReport(Expectation, frozen=True):
    """A report has these rows among its own, and these totals; only the keys that are written count.

    `options` are those it is asked with, as they would be typed; a flag is `yes`.
    """

    name: str
    options: Mapping[str, str] = {}
    rows: tuple[Mapping[str, object], ...] = ()
    totals: Mapping[str, object] = {}


class ProcessTest(msgspec.Struct, frozen=True):
    """One test. Empty `user` and `now` are those of the call."""

    name: str
    place: Place
    when: When
    expect: tuple[Expectation, ...]
    given: tuple[GivenRecord, ...] = ()
    user: str = ""
    now: str = ""


def acted_on(verb: Verb, given: Sequence[RecordType]) -> int | None:
    """Return which of the given records something is done to, in the order in which they are written.

    A conversion and a rejection mean the first lead, a move the first lead or deal, an update that or else the
    first record of all; the end of a task is about the first lead or deal, or else the task. Nothing is returned
    where none will do, or the verb makes records of its own.
    """
    if verb in (Verb.CREATE, Verb.IMPORT):
        return None
    only_leads = verb in (Verb.CONVERT, Verb.REJECT)
    fits = [kind is RecordType.LEAD if only_leads else kind.staged for kind in given]
    if True in fits:
        return fits.index(True)
    if verb is Verb.COMPLETE:
        return task_among(given)
    return 0 if verb is Verb.UPDATE and given else None


def task_among(given: Sequence[RecordType]) -> int | None:
    """Return which of the given records is the task that ends, if any is one."""
    return given.index(RecordType.TASK) if RecordType.TASK in given else None

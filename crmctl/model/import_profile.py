"""How a file of another program is read: what recognises it, which column is which field, what its words mean here."""

from collections.abc import Iterator, Mapping

import msgspec

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.text import name_key

PASSED = "-"
"""The target of a column that is passed over."""
CLOSED_AS = "closed_as"
"""The target of a column that says how a record ended where its stage does not."""
ENDINGS = {each.value: each for each in Outcome}
"""What such a column may say."""
LINKED: dict[RecordType, tuple[RecordType, ...]] = {
    RecordType.DEAL: (RecordType.CONTACT, RecordType.COMPANY),
    RecordType.CONTACT: (RecordType.COMPANY,),
}
"""The records that a row of a type may bring along."""


class Detect(msgspec.Struct, frozen=True):
    """The names of columns that a file must have, must have one of, and must not have, as `name_key` gives them."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def fits(self, names: set[str]) -> bool:
        """Tell whether a header, given by the keys of its names, is meant; nobody's is where nothing is said."""
        if not (self.all or self.any) or not names.issuperset(self.all):
            return False
        return (not self.any or not names.isdisjoint(self.any)) and names.isdisjoint(self.none)


class ProfileColumn(msgspec.Struct, frozen=True):
    """Where a column goes, and what is done to its cells first: to each part of one that is `split`, in this order.

    `field` is a field of the record, `contact.FIELD` or `company.FIELD`, or `-`. `missing` is what becomes of
    a row that names a record which is not there: `reject` or `warn`; `otherwise` what cells mean that the lookup
    does not name, which without it stay as they are. `json` is the name of the values in a cell that is JSON,
    `factors` what letters behind a number multiply it by; where one of the columns `unless` has something, the cell
    counts as blank, and so it does unless one of the columns `when` has one of the cells there.
    """

    field: str
    strip: str = ""
    empty: tuple[str, ...] = ()
    lookup: Mapping[str, str] = {}
    otherwise: str | None = None
    date_format: tuple[str, ...] = ()
    prefix: str = ""
    split: str = ""
    json: str = ""
    factors: Mapping[str, int] = {}
    unless: tuple[str, ...] = ()
    when: Mapping[str, tuple[str, ...]] = {}
    missing: str = ""


class JoinedColumns(msgspec.Struct, frozen=True):
    """Columns whose cells make up one value, with `by` between them; without it the first that is not blank.

    Where all that it `needs` are blank, there is nothing.
    """

    field: str
    columns: tuple[str, ...]
    by: str = ""
    needs: tuple[str, ...] = ()


class ItemColumns(msgspec.Struct, frozen=True):
    """The columns of a deal's line; rows of one external id are lines of one deal."""

    product: str
    price: str = ""
    quantity: str = ""


class ExportColumn(msgspec.Struct, frozen=True):
    """A column that is written: a field, or a constant text, beside a field only where that has a value.

    `nth` is the value that stands there alone; 0 are all that no other column takes, with `by` between. `instead`
    is the field that is written of a record that has no part of a name.
    """

    column: str
    field: str = ""
    nth: int = 0
    text: str = ""
    by: str = ""
    instead: str = ""


class ExportLayout(msgspec.Struct, frozen=True):
    """How the same layout is written."""

    columns: tuple[ExportColumn, ...]
    delimiter: str = ","
    bom: bool = False


class Signature(msgspec.Struct, frozen=True):
    """What is needed to recognise a profile's files. `named` are the keys of every column it speaks of."""

    name: str
    record: RecordType
    detect: tuple[Detect, ...]
    named: frozenset[str]
    encodings: tuple[str, ...] = ()
    repeats: bool = False
    own: bool = False

    def fits(self, names: set[str]) -> bool:
        """Tell whether a header, given by the keys of its names, is one of this profile's."""
        return any(way.fits(names) for way in self.detect)


class ImportProfile(msgspec.Struct, frozen=True):
    """A profile as its file says it, checked. `history` are patterns of column names with `{stage}` in them.

    Words of the file, in `lookup`, `users`, `stages` and `empty`, are compared as names are. `own` tells one of
    the workspace from one that is shipped.
    """

    name: str
    record: RecordType
    columns: Mapping[str, tuple[ProfileColumn, ...]]
    title: str = ""
    detect: tuple[Detect, ...] = ()
    encodings: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: str = ""
    date_format: tuple[str, ...] = ()
    repeats: str = ""
    empty: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = {}
    history: tuple[str, ...] = ()
    join: tuple[JoinedColumns, ...] = ()
    items: tuple[ItemColumns, ...] = ()
    users: Mapping[str, str] = {}
    stages: Mapping[str, str] = {}
    set: Mapping[str, str] = {}
    export: ExportLayout | None = None
    own: bool = False

    @property
    def signature(self) -> Signature:
        """What is needed to recognise its files."""
        named = frozenset(map(name_key, self._named()))
        repeats = self.repeats == "number"
        return Signature(self.name, self.record, self.detect, named, self.encodings, repeats, self.own)

    def _named(self) -> Iterator[str]:
        yield from self.columns
        for each in self.join:
            yield from each.columns
        for line in self.items:
            yield from filter(None, (line.product, line.price, line.quantity))

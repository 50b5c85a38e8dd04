"""What every field type can do."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace

from crmctl.errors import BadValue
from crmctl.text import fold, nfc

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value

LONGEST_TEXT = 64 * 1024
"""Characters that one value may have, unless an import is told otherwise."""
SEPARATOR = ";"
"""What stands between the values of a many-valued field in one text."""

Test = Callable[[Any], bool]
"""Tells whether one kept value passes a comparison."""
Verdict = bool | None
"""Whether a value passes; None where there is nothing to compare: no value, or one of another currency."""
PairTest = Callable[[Any, Any], Verdict]
"""Judges a kept value that is read from two fields, such as an amount and its currency."""

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class FieldType:
    """The ways of one type of value. Stateless; there is one object a type.

    A kept value is what the file holds: text, a whole number, a number, true or false.
    """

    numeric: ClassVar[bool] = False
    """Whether columns of it are set flush right."""
    searched: ClassVar[bool] = False
    """Whether a search for text looks into it."""
    carries_pair: ClassVar[bool] = True
    """Whether a cell has the paired value in it, as an amount its currency, where no column of its own has that."""
    points: ClassVar[bool] = False
    """Whether its values name other records."""
    size_limit: ClassVar[int | None] = None
    """The most characters one value may have, where that is less than any text may have."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> Scalar:
        """Return the kept form of text that is not blank. Raises BadValue."""
        raise NotImplementedError

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Return what setting a field without bounds and pattern to plain text writes; nothing proves nothing.

        The same as `assigned`, without empty values and in a step or two: for the millions of cells of an import
        whose text needs neither cleaning nor a second look. All others take the long way.
        """
        return None

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Return what `quick` writes for each of many texts, by field name; nothing where the type has no such way.

        A text that is not taken at once, an empty one among them, has None under the field's own name.
        """
        return None

    def checked(self, text: str, longest: int) -> str:
        """Return the composed text. Raises BadValue for what no field takes."""
        limit = min(self.size_limit or longest, longest)
        if len(text) > limit:
            raise BadValue(f"is longer than {limit:,} characters")
        if text.isprintable():  # and so without the characters that are looked for below
            return nfc(text)
        if "\0" in text:
            raise BadValue("contains a NUL character")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadValue("contains half of a character (a lone surrogate)") from None
        return nfc(text)

    def check(self, value: Scalar, field: Field, conventions: Conventions) -> None:
        """Hold a kept value against the field's `min`, `max` and `pattern`. Raises BadValue."""
        if field.min or field.max:
            # The bounds are the configuration's, whatever marks and formats a file declares.
            plain = replace(conventions, decimal_mark=None, date_format=None, shorthand=True)
            for op, bound, relation in ((">=", field.min, "at least"), ("<=", field.max, "at most")):
                if bound and not self.within(op, bound, value, field, plain):
                    raise BadValue(f"must be {relation} {bound}")
        if field.pattern:
            from crmctl.model.field_types.pattern import check_pattern

            check_pattern(str(value), field)

    def within(self, op: str, bound: str, value: Scalar, field: Field, conventions: Conventions) -> bool:
        """Tell whether a kept value keeps to a bound: `>=` its least, `<=` its most."""
        return self.comparison(op, bound, field, conventions)(value)

    def assigned(
        self, field: Field, text: str | list[str], conventions: Conventions
    ) -> dict[str, Value | None]:
        """Return what setting the field writes, by field name. Raises BadValue."""
        return {field.name: field.parse(text, conventions)}

    def refers(self, value: Scalar) -> str:
        """Return the id of the record that a value names, which must exist; nothing where values name none."""
        return ""

    def show(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return a kept value as text that `parse` reads back."""
        return str(value)

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return a kept value as people read it in a table or on a card."""
        return self.show(value, field, conventions)

    def dump(self, value: Scalar, conventions: Conventions) -> Scalar:
        """Return a kept value as JSON output shows it."""
        return value

    def dump_many(self, values: list[str], conventions: Conventions) -> list[Any]:
        """Return many values, which are kept as texts, as JSON output shows them."""
        return values

    def key(self, value: Scalar) -> Any:
        """Return what values of this type are compared and sorted by."""
        return value

    def sort_key(self, value: Scalar, field: Field) -> Any:
        """Return what lists are sorted by."""
        return self.key(value)

    def union_key(self, value: Scalar) -> Any:
        """Return what values have in common of which one is enough when the values of several records are united."""
        return self.key(value)

    def match_key(self, value: Scalar) -> str | None:
        """Return what finds duplicates, or nothing for a value that must not."""
        return str(self.key(value)) or None

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Return the test `value OP text` for the operators `= < <= > >= ~`. Raises BadValue."""
        if op == "~":
            needle = fold(text)
            return lambda value: needle in fold(self.show(value, field, conventions))
        wanted = self.key(self.parse(text, field, conventions))
        compare, key = ORDER[op], self.key
        return lambda value: compare(key(value), wanted)

    def pair_comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> PairTest | None:
        """Return `comparison` for values read from two fields; nothing where the type has none that is quicker."""
        return None

    def incomparable(self, text: str, field: Field, conventions: Conventions) -> Test | None:
        """Return the test for values that comparisons with `text` pass over; nothing where there are none."""
        return None

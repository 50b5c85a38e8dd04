"""Judging values: a verdict for each distinct value is found once, then looked up.

Stores of a hundred thousand records hold few stages, few sources and many equal amounts.
"""

from collections.abc import Callable, Sequence
from itertools import starmap

import msgspec

from crmctl.model.field_types.base import PairTest, Test, Verdict
from crmctl.model.records import Value, is_empty
from crmctl.query.evaluate import Narrow, PassedOver, Row, RowTest
from crmctl.query.scope import Key

MOST_KEPT = 1 << 16
"""Verdicts that are kept: titles and comments hardly repeat, and must not fill the memory."""

_OTHER_TYPE = (TypeError, ValueError, AttributeError, ArithmeticError)
"""What comparing raises for a value from before its field was given another type; it matches nothing."""


class Criterion(msgspec.Struct, frozen=True):
    """What one comparison asks of a value; `incomparable` tells those it passes over, where there are any.

    `apart` judges the two fields that a value is kept in without putting them together, where that is quicker
    than to remember the verdict: few amounts come twice.
    """

    test: Test
    incomparable: Test | None = None
    apart: PairTest | None = None


def any_of(criteria: Sequence[Criterion]) -> Criterion:
    """Return the criterion that one of several is met."""
    if len(criteria) == 1:
        return criteria[0]
    tests = [criterion.test for criterion in criteria]
    over = [criterion.incomparable for criterion in criteria if criterion.incomparable]
    return Criterion(
        lambda value: any(test(value) for test in tests),
        (lambda value: all(test(value) for test in over)) if over else None,
    )


def both_of(first: Criterion, second: Criterion) -> Criterion:
    """Return the criterion that two are met."""
    over = [criterion.incomparable for criterion in (first, second) if criterion.incomparable]
    return Criterion(
        lambda value: first.test(value) and second.test(value),
        (lambda value: any(test(value) for test in over)) if over else None,
    )


class Verdicts(dict[Key, Verdict]):
    """The verdicts of a criterion by value."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__()
        self._criterion = criterion

    def __missing__(self, key: Key) -> Verdict:
        value = whole(key)
        try:
            verdict = None if is_empty(value) else bool(self._criterion.test(value)) or self._failed(value)
        except _OTHER_TYPE:
            verdict = None
        if len(self) < MOST_KEPT:
            self[key] = verdict
        return verdict

    def _failed(self, value: Value | None) -> Verdict:
        return None if self.passes_over(value) else False

    def passes_over(self, value: Value | None) -> bool:
        """Tell whether a value is one that cannot be compared."""
        incomparable = self._criterion.incomparable
        try:
            return incomparable is not None and not is_empty(value) and incomparable(value)
        except _OTHER_TYPE:
            return False


def whole(key: Key) -> Value | None:
    """Return the value of a key: an amount together with its currency."""
    if key.__class__ is not tuple:
        return key  # type: ignore[no-any-return]
    value, pair = key
    return None if value is None else f"{value} {pair or ''}"


def row_test(
    keys: Callable[[Row], Key], criterion: Criterion, passed_over: PassedOver, *, wanted: bool
) -> RowTest:
    """Return the test of rows: that a value passes; or, not `wanted`, that some are there and none does."""
    verdicts = Verdicts(criterion)
    if criterion.incomparable is not None:
        return _counting(keys, verdicts, passed_over, wanted=wanted)

    def test(row: Row) -> bool:
        key = keys(row)
        if key.__class__ is list:
            return _overall(verdicts, key) is wanted
        return verdicts[key] is wanted

    return test


def narrowing(
    keys: Callable[[Row], Key], criterion: Criterion, passed_over: PassedOver, *, wanted: bool
) -> Narrow:
    """Return what leaves the rows that `row_test` passes, most of them without a call.

    It is for fields of one value; where a record has several, from when they could, every row is tested alone.
    """
    verdicts, apart = Verdicts(criterion), criterion.apart
    passes = row_test(keys, criterion, passed_over, wanted=wanted)

    def left(rows: list[Row]) -> list[Row]:
        try:
            if criterion.incomparable is None:
                return [row for row in rows if verdicts[keys(row)] is wanted]
            judge = verdicts.__getitem__
            judged = list(starmap(apart, map(keys, rows)) if apart else map(judge, map(keys, rows)))
        except TypeError:  # a list is no key
            return [row for row in rows if passes(row)]
        if None in judged:
            for row, verdict in zip(rows, judged, strict=True):
                if verdict is None and _passes_over(verdicts, keys(row)):
                    passed_over.add(row)
        return [row for row, verdict in zip(rows, judged, strict=True) if verdict is wanted]

    return left


def _counting(
    keys: Callable[[Row], Key], verdicts: Verdicts, passed_over: PassedOver, *, wanted: bool
) -> RowTest:
    def test(row: Row) -> bool:
        key = keys(row)
        several = key.__class__ is list
        verdict = _overall(verdicts, key) if several else verdicts[key]
        if verdict is None and any(_passes_over(verdicts, one) for one in (key if several else (key,))):
            passed_over.add(row)
        return verdict is wanted

    return test


def _overall(verdicts: Verdicts, keys: list[Key]) -> Verdict:
    found = {verdicts[key] for key in keys}
    if True in found:
        return True
    return False if False in found else None


def _passes_over(verdicts: Verdicts, key: Key) -> bool:
    return verdicts.passes_over(whole(key))

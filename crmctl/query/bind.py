"""Binding: the names and values of an expression are looked up, and it becomes a plan."""

from collections.abc import Callable, Sequence

from crmctl.errors import BadValue
from crmctl.model.change import UPKEEP
from crmctl.model.field import Field
from crmctl.model.field_types.base import Test
from crmctl.model.records import is_empty
from crmctl.query import expression as tree
from crmctl.query.bound import Bound
from crmctl.query.error import Place, QueryError
from crmctl.query.evaluate import Access, Narrow, Plan, Row, RowTest, all_of, joined, none, some
from crmctl.query.flag import OUTCOMES, flag_plan
from crmctl.query.scope import Scope, Target
from crmctl.query.text import searched_fields, values_test
from crmctl.query.verdict import Criterion, any_of, both_of, narrowing, row_test

__all__ = ["Bound", "Scope", "bind"]

_POSITIVE = {"!=": "=", "!~": "~"}
_ACTORS = frozenset({"created_by", "updated_by"})


def bind(expression: tree.Expression, scope: Scope) -> Bound:
    """Return an expression as it holds for the records of a scope.

    Raises QueryError for unknown fields and values, and for operators and flags that do not suit.
    """
    return Bound(_Binder(expression.text, scope).plan(expression.root))


class _Binder:
    """One expression's text, for its errors, and its scope."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._text = text
        self._scope = scope

    def plan(self, node: tree.Node) -> Plan:
        """Return the plan of a condition."""
        match node:
            case tree.And():
                return all_of([self.plan(part) for part in node.parts])
            case tree.Or():
                return joined([self.plan(part) for part in node.parts], some)
            case tree.Not():
                return joined([self.plan(node.part)], none)
            case tree.Flag():
                return self._flag(node)
            case tree.Text():
                return self._search(node)
            case tree.Empty():
                return self._empty(node)
            case tree.Changed():
                return self._changed(node)
        return self._compared(node)

    def _compared(self, node: tree.Node) -> Plan:
        match node:
            case tree.Comparison() if self._is_outcome(node.field) and node.operator in ("=", "!="):
                return self._outcome((node.value,), wanted=node.operator == "=")
            case tree.In() if self._is_outcome(node.field):
                return self._outcome(node.values, wanted=not node.negated)
            case tree.Comparison():
                return self._comparison(node)
            case tree.In():
                target = self._target(node.field)
                criteria = [self._criterion(target, "=", value, node.place) for value in node.values]
                return _test_plan(target, any_of(criteria), wanted=not node.negated)
            case tree.Between():
                target = self._target(node.field)
                low = self._criterion(target, ">=", node.low, node.place)
                high = self._criterion(target, "<=", node.high, node.place)
                return _test_plan(target, both_of(low, high), wanted=True)
            case tree.Has():
                return self._has(node)
        raise AssertionError(node)

    # One condition each.

    def _comparison(self, node: tree.Comparison) -> Plan:
        target = self._target(node.field)
        negated = node.operator in _POSITIVE
        operator = _POSITIVE.get(node.operator, node.operator)
        criterion = self._criterion(target, operator, node.value, node.place)
        return _test_plan(target, criterion, wanted=not negated)

    def _has(self, node: tree.Has) -> Plan:
        target = self._target(node.field)
        if not target.many:
            reason = f'"has" is for fields of many values, and {target.field.name} has one'
            raise self._error(reason, node.place, f"write {node.field} = {node.value}")
        return _test_plan(target, self._criterion(target, "=", node.value, node.place), wanted=True)

    def _empty(self, node: tree.Empty) -> Plan:
        target = self._target(node.field)

        def make(access: Access) -> RowTest:
            value = target.values(access)
            if node.negated:
                return lambda row: not is_empty(value(row))
            return lambda row: is_empty(value(row))

        return Plan(make, target.columns, target.references)

    def _changed(self, node: tree.Changed) -> Plan:
        target = self._target(node.field)
        if target.via is not None:
            raise self._error('"changed" looks only at fields of the record itself', node.field.place)
        if target.field.name in UPKEEP:
            raise self._error(f"history does not keep {target.field.name}", node.field.place)
        passes = self._moment_test(node)

        def make(access: Access) -> RowTest:
            record_id, changes = access.columns("id"), access.lookups.changes

            def test(row: Row) -> bool:
                moments = (at for name in target.parts for at in changes(str(record_id(row)), name))
                return any(map(passes, moments))

            return test

        return Plan(make, ("id",), histories=target.parts)

    def _moment_test(self, node: tree.Changed) -> Test:
        if node.when is None:
            return bool
        moment = Target(Field("changed", "datetime"))
        operator = ">" if node.relation == "after" else "<"
        return self._criterion(moment, operator, node.when, node.when.place).test

    def _flag(self, node: tree.Flag) -> Plan:
        try:
            return flag_plan(node.name, self._scope)
        except BadValue as error:
            raise self._error(error.reason, node.place, error.hint) from None

    def _is_outcome(self, name: tree.Name) -> bool:
        """Tell whether a name means what a record's stage comes to, which no field keeps."""
        return name.text == "outcome" and self._scope.kind.staged and "outcome" not in self._scope.fields

    def _outcome(self, values: Sequence[tree.Operand], *, wanted: bool) -> Plan:
        plans = []
        for value in values:
            name = value.text.strip().lower()
            if name not in OUTCOMES:
                reason = f'unknown outcome "{value.text}"'
                raise self._error(reason, value.place, f"one of: {', '.join(OUTCOMES)}")
            plans.append(flag_plan(name, self._scope))
        return joined(plans, some) if wanted else joined([joined(plans, some)], none)

    def _search(self, node: tree.Text) -> Plan:
        if not node.value.text.strip():
            raise self._error("there is nothing to search for", node.value.place)
        fields = searched_fields(self._scope.fields)
        holds = values_test(node.value.text, fields, self._scope.conventions)

        def make(access: Access) -> RowTest:
            getters = [access.columns(field.name) for field in fields]
            return lambda row: holds([value(row) for value in getters])

        return Plan(make, tuple(field.name for field in fields))

    # Names and values.

    def _target(self, name: tree.Name) -> Target:
        first, dot, second = name.text.partition(".")
        scope, start, end = self._scope, name.place.start, name.place.end
        if not dot:
            return Target(self._named(scope.field, first, name.place))
        via = self._named(scope.reference, first, Place(start, start + len(first)))
        field = self._named(lambda text: scope.beyond(via, text), second, Place(end - len(second), end))
        return Target(field, via)

    def _named(self, find: Callable[[str], Field], name: str, place: Place) -> Field:
        try:
            return find(name)
        except BadValue as error:
            raise self._error(error.reason, place, error.hint) from None

    def _criterion(self, target: Target, operator: str, operand: tree.Operand, place: Place) -> Criterion:
        """Return what a comparison asks; `place` is the operator's."""
        field, text, conventions = target.field, self._meant(target, operand), self._scope.conventions
        if not text.strip():
            raise self._error("an empty text is no value", operand.place, f"write {field.name} is empty")
        if target.via is None:
            field = self._scope.with_archived(field)
        try:
            test = field.type.comparison(operator, text, field, conventions)
            over = field.type.incomparable(text, field, conventions)
            # What another record holds comes put together.
            in_pairs = field.paired and target.via is None
            apart = field.type.pair_comparison(operator, text, field, conventions) if in_pairs else None
            return Criterion(test, over, apart)
        except BadValue:
            raise self._refused(target, operator, operand, place) from None

    def _meant(self, target: Target, operand: tree.Operand) -> str:
        """Return the operand's text, or who `me` is where people are kept as plain text."""
        acting = operand.text.lower() == "me" and not operand.quoted and target.field.name in _ACTORS
        return self._scope.conventions.me if acting else operand.text

    def _refused(self, target: Target, operator: str, operand: tree.Operand, place: Place) -> QueryError:
        field = target.field
        error = self._complaint(field, operator, operand.text)
        assert error is not None
        # A value that can be compared for equality is not at fault: its operator is.
        if operator != "=" and self._complaint(field, "=", operand.text) is None:
            return self._error(error.reason, place, error.hint)
        hint = error.hint
        if hint and target.via is None and self._scope.with_archived(field) is not field:
            hint = f"{hint}; archived: {', '.join(self._scope.archived_names(field))}"
        reason = error.reason if operand.text in error.reason else f"{field.name}: {error.reason}"
        return self._error(reason, operand.place, hint)

    def _complaint(self, field: Field, operator: str, text: str) -> BadValue | None:
        try:
            field.type.comparison(operator, text, field, self._scope.conventions)
        except BadValue as error:
            return error
        return None

    def _error(self, reason: str, place: Place, hint: str | None = None) -> QueryError:
        return QueryError(reason, self._text, place, hint)


def _test_plan(target: Target, criterion: Criterion, *, wanted: bool) -> Plan:
    def make(access: Access) -> RowTest:
        return row_test(target.keys(access), criterion, access.passed_over, wanted=wanted)

    def narrow(access: Access) -> Narrow:
        return narrowing(target.keys(access), criterion, access.passed_over, wanted=wanted)

    narrow_too = None if target.many else narrow
    return Plan(make, target.columns, target.references, narrow=narrow_too)

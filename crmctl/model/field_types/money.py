"""Money: an amount with its currency, exact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crmctl.errors import BadValue
from crmctl.model.field_types.base import ORDER, FieldType, PairTest, Test, Verdict
from crmctl.money import parse_stored, plain_amount, read_money, unambiguous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value


class MoneyType(FieldType):
    """Passed around as `1200.50 UAH`; an amount with a currency field beside it is kept without the code."""

    numeric = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read an amount; one without a currency is in the workspace's."""
        return str(
            read_money(text, conventions.currency, conventions.decimal_mark, shorthand=conventions.shorthand)
        )

    def assigned(
        self, field: Field, text: str | list[str], conventions: Conventions
    ) -> dict[str, Value | None]:
        """Split the currency off into the field that keeps it."""
        value = field.parse(text, conventions)
        if not field.paired:
            return {field.name: value}
        if value is None:
            return {field.name: None}
        amount, _, currency = str(value).partition(" ")
        return {field.name: amount, field.paired: currency}

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take an amount in plain digits."""
        currency = conventions.currency
        amount = plain_amount(text, currency, conventions.decimal_mark)
        if amount is None or field.multiple:
            return None
        if not field.paired:
            return {field.name: f"{amount} {currency}"}
        return {field.name: amount, field.paired: currency}

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Take such amounts among many texts."""
        if field.multiple:
            return None
        currency, mark = conventions.currency, conventions.decimal_mark
        amounts = [plain_amount(text, currency, mark) for text in texts]
        if not field.paired:
            return {field.name: [amount and f"{amount} {currency}" for amount in amounts]}
        return {field.name: [*amounts], field.paired: [amount and currency for amount in amounts]}

    def show(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the amount with one reading, in currencies of three decimals too."""
        amount, mark, currency = str(value).partition(" ")
        return f"{unambiguous(amount)}{mark}{currency}"

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the amount with its currency's decimals."""
        return str(value)

    def within(self, op: str, bound: str, value: Scalar, field: Field, conventions: Conventions) -> bool:
        """Compare within one currency; only zero bounds amounts in every other too."""
        money, limit = parse_stored(str(value)), parse_stored(self.parse(bound, field, conventions))
        if limit.amount and limit.currency != money.currency:
            return True
        return ORDER[op](money.amount, limit.amount)

    def key(self, value: Scalar) -> Any:
        """Compare by amount."""
        return parse_stored(str(value)).amount

    def sort_key(self, value: Scalar, field: Field) -> Any:
        """Sort by amount within each currency: across them there is no order."""
        money = parse_stored(str(value))
        return money.currency, money.amount

    def match_key(self, value: Scalar) -> str | None:
        """Find duplicates by amount and currency together."""
        return str(value)

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare within one currency: a record in another passes no comparison."""
        if op == "~":
            raise BadValue("money has no ~ comparison", hint="use = < <= > >= or between")
        wanted = parse_stored(self.parse(text, field, conventions))
        compare = ORDER[op]

        def test(value: str) -> bool:
            amount, _, currency = value.partition(" ")
            return currency == wanted.currency and compare(Decimal(amount), wanted.amount)

        return test

    def pair_comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> PairTest:
        """Compare as binary fractions first: rounding keeps the order of any two that it leaves apart."""
        wanted = parse_stored(self.parse(text, field, conventions))
        near, compare = float(wanted.amount), ORDER[op]

        def test(amount: str | None, currency: str | None) -> Verdict:
            if amount is None or currency != wanted.currency:
                return None
            try:
                about = float(amount)
                return compare(about, near) if about != near else compare(Decimal(amount), wanted.amount)
            except (TypeError, ValueError, ArithmeticError):
                return None  # from before the field held amounts

        return test

    def incomparable(self, text: str, field: Field, conventions: Conventions) -> Test:
        """Pass over amounts in another currency."""
        _, _, wanted = self.parse(text, field, conventions).partition(" ")
        return lambda value: value.partition(" ")[2] != wanted


TYPE = MoneyType()

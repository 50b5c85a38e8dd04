"""How text is read in a Ukrainian workspace, and what a field makes of it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Value

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOURCE = Choices(
    "source",
    (Choice("instagram"), Choice("website", "Сайт", ("Веб-сайт", "CRM-форма")), Choice("call", "Звонок")),
)


class Reading:
    """One field as a workspace reads and shows it."""

    def __init__(self, field: Field, conventions: Conventions) -> None:
        self.field = field
        self.conventions = conventions

    def parse(self, text: str | list[str]) -> Value | None:
        return self.field.parse(text, self.conventions)

    def assign(self, text: str | list[str]) -> dict[str, Value | None]:
        return self.field.assign(text, self.conventions)

    def show(self, value: Value | None) -> str:
        return self.field.show(value, self.conventions)

    def display(self, value: Value | None) -> str:
        return self.field.display(value, self.conventions)

    def again(self, value: Value | None) -> Value | None:
        """Return what is read from a value as it is shown."""
        return self.parse(self.show(value))

    def holds(self, operator: str, text: str, value: Value) -> bool:
        return self.field.type.comparison(operator, text, self.field, self.conventions)(value)

    def key(self, text: str) -> object:
        value = self.parse(text)
        assert isinstance(value, str | int | float | bool)
        return self.field.type.key(value)

    def match_key(self, text: str) -> str | None:
        value = self.parse(text)
        assert isinstance(value, str | int | float | bool)
        return self.field.type.match_key(value)


Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def conventions() -> Conventions:
    return Conventions(NOW, "Europe/Kyiv", "UAH", "UA", me="anna")


@pytest.fixture(scope="session")
def read(conventions: Conventions) -> Read:
    """Return what reads text as a field of a type: `read("money", min="0")`."""

    def make(
        kind: str, name: str = "own", conventions: Conventions = conventions, **facts: object
    ) -> Reading:
        return Reading(Field(name, kind, **facts), conventions)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def source() -> Choices:
    return SOURCE

"""What the tests of the workspace room share: a workspace in memory whose configuration can be exchanged."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, RecordType
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.applied import DOCUMENT, first_document
from crmctl.workspace.workspace import Settings, Workspace

CHANCES = {Outcome.OPEN: 40, Outcome.WON: 100, Outcome.LOST: 0}


class House:
    """One store, and the configurations that it is opened with one after the other."""

    def __init__(self, first: Configuration, records: list[dict[str, Any]], *, known: bool = True) -> None:
        self.store = MemoryStore()
        with self.store.write() as writer:
            for values in records:
                number = writer.new_id(RecordType.DEAL)
                writer.put(Record({"id": number, "record": "deal", "title": number, "revision": 1, **values}))
            if known:
                writer.put_document(DOCUMENT, first_document(first))
            writer.commit()

    def opened(self, configured: Configuration) -> Workspace:
        """Return the store's workspace under a configuration."""
        now = datetime(2026, 11, 21, 12, tzinfo=UTC)
        workspace = Workspace(Path("nowhere"), configured, Settings(user="anna"), now)
        vars(workspace)["store"] = self.store
        return workspace

    def values(self) -> dict[str, dict[str, Any]]:
        """Return what every record holds, the upkeep of crmctl left out."""
        left_out = {"revision", "updated_at", "updated_by"}
        return {
            record.id: {name: value for name, value in record.values.items() if name not in left_out}
            for record in self.store.read().records(RecordType.DEAL)
        }


@pytest.fixture(scope="session")
def house() -> Callable[..., House]:
    return House


@pytest.fixture(scope="session")
def configured(bare_configuration: Callable[..., Configuration]) -> Callable[..., Configuration]:
    """Make a configuration with one pipeline of deals, a list field `way`, and more fields of deals."""

    def make(
        *stages: Stage, ways: tuple[str, ...] = (), fields: tuple[Field, ...] = (), **more: Any
    ) -> Configuration:
        choices = Choices('value of list "ways"', tuple(map(Choice, ways)))
        sales = Pipeline("sales", "Sales", RecordType.DEAL, stages)
        return bare_configuration((sales,), choices, *fields, **more)

    return make


@pytest.fixture(scope="session")
def stage() -> Callable[..., Stage]:
    """Make a stage whose probability is that of its outcome."""

    def make(name: str, outcome: str = "open", *moved_from: str) -> Stage:
        found = Outcome(outcome)
        return Stage(name, name, found, probability=CHANCES[found], moved_from=moved_from)

    return make

"""What the tests of a changed configuration share: the house with other stages, fields and lists, and the way there."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.footprint import footprint_of
from crmctl.model.pipeline import Stage
from crmctl.model.records import Record
from crmctl.rules.assignment import Assignment
from crmctl.rules.mapping import gone_since, read_mapping
from crmctl.rules.migration import Migrated, Migration

replace = msgspec.structs.replace


class Change:
    """The house before and after its configuration changed."""

    def __init__(self, before: Any, after: Any, *maps: str, known: bool = True, **fills: str) -> None:
        former = footprint_of(before.configuration)
        gone = gone_since(former, after.configuration)
        mapped = read_mapping(maps, gone, after.configuration)
        given = [Assignment(name, (text,)) for name, text in fills.items()]
        self._migration = Migration(
            after.context, former if known else None, mapped, given, exists={"C-1"}.__contains__
        )

    def of(self, record: Record) -> Migrated:
        return self._migration.of(record)

    def after(self, record: Record) -> Record:
        return self.of(record).after

    def effects(self, record: Record) -> list[tuple[str, ...]]:
        return [
            (each.fate.value, each.what.value, each.name, each.old, each.new)
            for each in self.of(record).effects
        ]


def _with_stages(house: Any, *stages: Stage, pipeline: str = "wholesale") -> Any:
    pipelines = house.configuration.pipelines
    changed = tuple(replace(each, stages=stages) if each.id == pipeline else each for each in pipelines)
    return house.like(pipelines=changed)


def _with_fields(house: Any, *fields: Field, without: str = "") -> Any:
    """Return the house with other fields of deals; those of the same name are replaced."""
    names = {*(field.name for field in fields), *without.split()}
    kept = [field for field in house.configuration.fields["deal"] if field.name not in names]
    return house.like(fields={**house.configuration.fields, "deal": (*kept, *fields)})


def _with_ways(house: Any, *entries: Choice, multiple: bool = False) -> Any:
    ways = Choices('value of list "ways"', entries)
    changed = _with_fields(house, Field("way", "list", choices=ways, multiple=multiple))
    return changed.like(lists={**house.configuration.lists, "ways": ways})


@pytest.fixture
def stages(house: Any) -> dict[str, Stage]:
    pipeline = house.configuration.pipeline_by_id("wholesale")
    return {stage.id: stage for stage in pipeline.stages}


@pytest.fixture
def without_order(house: Any, stages: dict[str, Stage]) -> Any:
    return _with_stages(house, *(each for each in stages.values() if each.id != "order"))


@pytest.fixture(scope="session")
def becoming() -> type[Change]:
    return Change


@pytest.fixture(scope="session")
def with_stages() -> Callable[..., Any]:
    """Return the house with other stages in one of its pipelines."""
    return _with_stages


@pytest.fixture(scope="session")
def with_fields() -> Callable[..., Any]:
    return _with_fields


@pytest.fixture(scope="session")
def with_ways() -> Callable[..., Any]:
    """Return the house with a field of deals that chooses from a list."""
    return _with_ways

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import RawRow, ReadOptions, Table
from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

Opened = Callable[..., Table]
SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Return the table of a file with this content."""
    with ExitStack() as stack:

        def opened(content: str | bytes, name: str = "leads.csv", **options: object) -> Table:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            source = stack.enter_context(Source(str(path)))
            return open_table(source, ReadOptions(**options))  # type: ignore[arg-type]

        yield opened


@pytest.fixture
def read(opened: Opened) -> Callable[..., list[RawRow]]:
    """Return the rows of a file with this content."""
    return lambda content, **options: list(opened(content, **options).rows)


@pytest.fixture
def cells(read: Callable[..., list[RawRow]]) -> Callable[..., list[list[str]]]:
    """Return the cells of a file with this content."""
    return lambda content, **options: [row.cells for row in read(content, **options)]


@pytest.fixture
def conventions() -> Conventions:
    return Conventions(
        now=datetime(2026, 11, 21, 12, tzinfo=UTC),
        timezone="Europe/Kyiv",
        currency="UAH",
        phone_region="UA",
        me="anna",
    )


@pytest.fixture
def lead_fields() -> dict[str, Field]:
    """Return the fields of leads: the standard ones, a list of sources, and one of each own kind."""
    sources = Choices("source", (Choice("web", "Сайт", ("Веб-сайт",)), Choice("call", "Звонок")))
    own = (
        Field("city", "text", "Город", aliases=("Населённый пункт",)),
        Field("budget", "money", "Бюджет проекта"),
        Field("weight", "number", "Вес"),
        Field("visit", "date", "Дата визита"),
        Field("vip", "boolean", "VIP"),
    )
    fields = {field.name: field for field in (*STANDARD_FIELDS[RecordType.LEAD], *own)}
    return fields | {"source": Field("source", "list", "Source", aliases=("Источник",), choices=sources)}


@pytest.fixture
def shared() -> Path:
    """Return the folder of data sets beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"the data sets are not at {SHARED}")
    return SHARED

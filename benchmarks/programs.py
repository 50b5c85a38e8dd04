"""The programs that are measured: how each gets its leads, and how it is called.

A peer that is not installed is left out and named in the head of the report.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from leads import read_leads, write_deals

HERE = Path(__file__).parent
SCHEMA = HERE.parent / "schemas" / "pipeline.schema.json"
COPIES = 100
"""Pipelines that are validated at once."""
COMMITS = 11
"""One more than crmctl keeps backups of."""

Command = Sequence[str]
PEERS = {
    "sqlite-utils": "sqlite-utils",
    "TinyDB": "",
    "Miller": "mlr",
    "DuckDB": "duckdb",
    "Taskwarrior": "task",
    "check-jsonschema": "check-jsonschema",
}
"""Each peer's command; stock TinyDB is a library, which `stock.py` calls."""
TASKS_AT_MOST = 10_000
"""Leads beyond which Taskwarrior, which is made for a person's own tasks, is not asked."""


class Place(NamedTuple):
    """The folder of one size, with the leads as every program has them."""

    folder: Path
    count: int

    @property
    def table(self) -> str:
        return str(self.folder / "leads.csv")

    @property
    def database(self) -> str:
        return str(self.folder / "leads.db")

    @property
    def stock(self) -> str:
        return str(self.folder / "stock.json")

    @property
    def tasks(self) -> list[str]:
        where = self.folder / "tasks"
        return ["task", f"rc.data.location={where}", "rc.confirmation=no", "rc.gc=off", "rc.hooks=off"]


def has(peer: str) -> bool:
    """Tell whether a peer is there."""
    return not PEERS[peer] or shutil.which(PEERS[peer]) is not None


def ours(place: Place, *argv: str) -> Command:
    """Return a call of crmctl in the workspace of the leads."""
    return [*crmctl_in(place.folder / "crm"), *argv]


def crmctl_in(workspace: Path) -> list[str]:
    """Return how crmctl is called in a workspace."""
    return [str(Path(sys.executable).with_name("crmctl")), "-C", str(workspace)]


def tiny(place: Place, job: str, *rest: str) -> Command:
    """Return the same job by stock TinyDB."""
    return [sys.executable, str(HERE / "stock.py"), job, place.stock, *rest]


def sql(place: Place, query: str) -> Command:
    """Return a query by sqlite-utils."""
    return ["sqlite-utils", "query", place.database, query]


def make_workspace(place: Place) -> None:
    """Make crmctl's workspace, without leads yet."""
    quietly([*ours(place)[:1], "init", str(place.folder / "crm"), "--template", "trade", "-q"])


def use(place: Place) -> None:
    """Make as many commits as there are backups: before, a commit finds no file that it may write over."""
    for number in range(COMMITS):
        quietly(ours(place, "update", "L-1", "-s", f"comment=number {number}", "-q"))


def number_rows(place: Place) -> None:
    """Give the rows of sqlite-utils the ids that crmctl gives."""
    quietly(sql(place, "alter table leads add column id text"))
    quietly(sql(place, "update leads set id = 'L-' || rowid"))


def add_deals(place: Place) -> None:
    """Give crmctl and sqlite-utils deals beside the leads, a fifth as many."""
    table = place.folder / "deals.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        write_deals(place.count // 5, file)
    (place.folder / "crm" / "pipelines" / "sales.yaml").write_text(_SALES, "utf-8")
    quietly(ours(place, "import", "deals", str(table), "--pipeline", "sales", "-q"))
    if has("sqlite-utils"):
        quietly(["sqlite-utils", "insert", place.database, "deals", str(table), "--csv"])


_SALES = """version: 1
pipeline: sales
record: deal
stages:
  - {stage: call, title: Call}
  - {stage: offer, title: Offer}
  - {stage: won, title: Won, outcome: won}
  - {stage: lost, title: Lost, outcome: lost}
"""


def fill_tasks(place: Place) -> None:
    """Give Taskwarrior the leads as tasks."""
    (place.folder / "tasks").mkdir()
    tasks = [{"description": row["title"], "project": row["stage"]} for row in read_leads(place.table)]
    quietly([*place.tasks, "import", "-"], json.dumps(tasks))


def copy_pipelines(place: Place) -> list[str]:
    """Return the files of many pipelines in a workspace of their own."""
    many = Place(place.folder / "many", 0)
    many.folder.mkdir()
    make_workspace(many)
    folder = many.folder / "crm" / "pipelines"
    text = (folder / "retail.yaml").read_text("utf-8")
    for number in range(COPIES):
        copy = text.replace("pipeline: retail\n", f"pipeline: retail_{number}\n")
        copy = copy.replace("title: Розница\n", f"title: Розница {number}\n")
        (folder / f"retail_{number}.yaml").write_text(copy, "utf-8")
    return [str(path) for path in sorted(folder.glob("*.yaml"))]


def quietly(command: Command, stdin: str = "") -> None:
    """Run what is not measured. Raises CalledProcessError for a failure."""
    subprocess.run(command, check=True, input=stdin.encode(), capture_output=True)

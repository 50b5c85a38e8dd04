"""The same jobs by stock TinyDB: `python benchmarks/stock.py JOB DATABASE [CSV|STAGE]`."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tinydb import TinyDB, where

KEPT = {
    "record": "lead",
    "pipeline": "leads",
    "created_by": "anna",
    "revision": 1,
    "updated_at": "2026-11-22T08:00:00+00:00",
    "updated_by": "anna",
}
"""What a lead has beside the columns of the table, as crmctl keeps it."""


def documents(file: TextIO) -> Iterator[dict[str, object]]:
    """Yield the leads as crmctl keeps them, but for their history."""
    for number, row in enumerate(csv.DictReader(file), 1):
        several = {name: [row[name]] for name in ("email", "phone")}
        created = {"created_at": f"{row['created_at']}T00:00:00+00:00"}
        yield {"id": f"L-{number}", **KEPT, **row, **several, **created}


def main(job: str, path: str, rest: list[str]) -> None:
    table = TinyDB(path).table("leads")
    if job == "import":
        with Path(rest[0]).open(encoding="utf-8", newline="") as file:
            table.insert_multiple(documents(file))
    elif job == "show":
        print(table.get(where("id") == "L-500"))
    elif job == "list":
        print(table.all()[:20])
    elif job == "create":
        table.insert({"id": "L-0", "title": "new"})
    elif job == "move":
        table.update({"stage": rest[0]}, where("id") == "L-500")
    elif job == "filter":
        found = table.search(
            (where("stage") == "new") & where("amount").test(lambda text: float(text or 0) >= 50000)
        )
        print(len(found))
    elif job == "funnel":
        counts: dict[str, list[float]] = {}
        for lead in table.all():
            counts.setdefault(lead.get("stage", ""), []).append(float(lead.get("amount") or 0))
        print({stage: (len(sums), sum(sums)) for stage, sums in counts.items()})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

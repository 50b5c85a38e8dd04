"""The same jobs by stock TinyDB: `python benchmarks/stock.py JOB DATABASE [CSV|STAGE]`."""

import csv
import sys
from pathlib import Path

from tinydb import TinyDB, where


def main(job: str, path: str, rest: list[str]) -> None:
    table = TinyDB(path).table("leads")
    if job == "import":
        with Path(rest[0]).open(encoding="utf-8", newline="") as file:
            table.insert_multiple({"id": f"L-{n}", **row} for n, row in enumerate(csv.DictReader(file), 1))
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

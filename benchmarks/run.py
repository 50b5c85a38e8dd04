"""Times crmctl beside its peers, whole processes in turn: `python benchmarks/run.py [--sizes 1000,10000] [--runs 5]`.

Machines are noisy: trust the ratios, which are medians of runs that stood side by side.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from leads import write_leads

HERE = Path(__file__).parent
Command = Sequence[str]


class Job(NamedTuple):
    """A job with the command of each program that can do it; `bar` is the ratio to sqlite-utils it must keep."""

    name: str
    ours: Command
    sqlite: Command | None
    stock: Command | None
    bar: float | None


def jobs(folder: Path) -> list[Job]:
    """Return the jobs over the databases in a folder."""
    database, stock = str(folder / "leads.db"), str(folder / "stock.json")
    crm = [str(Path(sys.executable).with_name("crmctl")), "-C", str(folder / "crm")]
    utils = [shutil.which("sqlite-utils") or ""]

    def ours(*argv: str) -> Command:
        return [*crm, *argv]

    def sqlite(*argv: str) -> Command | None:
        return [*utils, *argv] if utils[0] else None

    def tiny(job: str) -> Command:
        return [sys.executable, str(HERE / "stock.py"), job, stock]

    query = "select count(*) from leads where stage = 'new' and cast(amount as real) >= 50000"
    funnel = "select stage, count(*), sum(cast(amount as real)) from leads group by stage"
    return [
        Job(
            "show L-500",
            ours("show", "L-500"),
            sqlite("rows", database, "leads", "--where", "id = 'L-500'"),
            tiny("show"),
            1.0,
        ),
        Job(
            "list 20",
            ours("list", "leads", "--limit", "20"),
            sqlite("rows", database, "leads", "--limit", "20"),
            tiny("list"),
            1.0,
        ),
        Job(
            "create",
            ours("create", "lead", "new", "-q"),
            sqlite("insert", database, "leads", "-"),
            tiny("create"),
            1.0,
        ),
        Job(
            "move",
            ours("move", "L-500", "in_work", "--pipeline", "leads", "-q"),
            sqlite("query", database, "update leads set stage = 'in_work' where id = 'L-500'"),
            tiny("move"),
            1.0,
        ),
        Job(
            "filter",
            ours("filter", "leads", "stage = new and amount >= 50k", "--count"),
            sqlite("query", database, query),
            tiny("filter"),
            1.2,
        ),
        Job("funnel", ours("funnel", "leads"), sqlite("query", database, funnel), tiny("funnel"), 1.2),
    ]


def seconds(command: Command, stdin: str = "") -> float:
    """Return how long a process took. Raises CalledProcessError for a failure."""
    start = time.perf_counter()
    subprocess.run(
        command, check=True, input=stdin.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def in_turn(commands: Sequence[Command], runs: int, stdin: str = "") -> list[float]:
    """Return the median of each command's times, run one after the other, round after round."""
    times: list[list[float]] = [[] for _ in commands]
    for command in commands:
        seconds(command, stdin)
    for _ in range(runs):
        for at, command in enumerate(commands):
            times[at].append(seconds(command, stdin))
    return [statistics.median(each) for each in times]


def prepare(folder: Path, count: int) -> list[tuple[str, float]]:
    """Make the databases of all programs, and return how long each import took."""
    table = folder / "leads.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        write_leads(count, file)
    crm = str(Path(sys.executable).with_name("crmctl"))
    subprocess.run([crm, "init", str(folder / "crm"), "--template", "trade", "-q"], check=True)
    taken = [("crmctl", seconds([crm, "-C", str(folder / "crm"), "import", "leads", str(table), "-q"]))]
    utils = shutil.which("sqlite-utils")
    if utils:
        database = str(folder / "leads.db")
        taken.append(("sqlite-utils", seconds([utils, "insert", database, "leads", str(table), "--csv"])))
        subprocess.run(
            [utils, "query", database, "alter table leads add column id text"],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [utils, "query", database, "update leads set id = 'L-' || rowid"], check=True, capture_output=True
        )
    stock = [sys.executable, str(HERE / "stock.py"), "import", str(folder / "stock.json"), str(table)]
    taken.append(("TinyDB", seconds(stock)))
    return taken


def report(count: int, runs: int, tell: Callable[[str], None]) -> None:
    """Measure every job at one size and tell the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imports = dict(prepare(folder, count))
        tell(f"\n## {count:,} leads\n")
        tell("| job | crmctl, s | sqlite-utils, s | TinyDB, s | to sqlite-utils | to TinyDB | bar |")
        tell("|---|--:|--:|--:|--:|--:|--:|")
        tell(row("import", imports.get("crmctl", 0), imports.get("sqlite-utils"), imports.get("TinyDB"), 0.5))
        for job in jobs(folder):
            given = [command for command in (job.ours, job.sqlite, job.stock) if command]
            stdin = '{"id": "L-0", "title": "new"}' if job.name == "create" else ""
            medians = in_turn(given, runs, stdin)
            sqlite = medians[1] if job.sqlite else None
            tell(row(job.name, medians[0], sqlite, medians[-1], job.bar))


def row(name: str, ours: float, sqlite: float | None, stock: float | None, bar: float | None) -> str:
    """Return a line of the table; a missed bar is marked."""
    to_sqlite = ours / sqlite if sqlite else None
    missed = " **missed**" if to_sqlite and bar and to_sqlite > bar else ""
    ratio = f"{to_sqlite:.2f} x{missed}" if to_sqlite else "not installed"
    shown = [f"{each:.3f}" if each else "-" for each in (ours, sqlite, stock)]
    return (
        f"| {name} | {' | '.join(shown)} | {ratio} | {ours / stock:.2f} x | {bar or '-'} |" if stock else ""
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, medians of {chosen.runs} runs in turn")
    for size in chosen.sizes.split(","):
        report(int(size), chosen.runs, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()

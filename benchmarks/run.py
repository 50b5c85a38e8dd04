"""Times crmctl beside its peers, whole processes in turn: `python benchmarks/run.py [--sizes 1000,10000] [--runs 5]`.

Machines are noisy: trust the ratios, which are medians of runs that stood side by side. The report is Markdown.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from jobs import LARGE, SOURCES, Job, always, bar_of_import, jobs, sources, validation
from leads import write_leads
from moving_in import moving_in
from programs import (
    PEERS,
    TASKS_AT_MOST,
    Command,
    Place,
    add_deals,
    fill_tasks,
    has,
    make_workspace,
    number_rows,
    ours,
    tiny,
    use,
)

Tell = Callable[[str], None]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Installed programs keep their bytecode; one that is measured from its source must, too."""
MEMORY_BAR = 300
MOST_CONTACTS = 100_000
COLUMNS = ("sqlite-utils", "TinyDB", "Miller", "DuckDB", "Taskwarrior", "check-jsonschema", "python -c pass")


class Ran(NamedTuple):
    """What a process took: seconds, and its memory at most, in megabytes."""

    seconds: float
    megabytes: float


def run(command: Command, stdin: str = "") -> Ran:
    """Run a process to its end. Raises CalledProcessError for a failure."""
    # What one program left to be written, the next that waits for the disk would wait for as well.
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    assert process.stdin
    process.stdin.write(stdin.encode())
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Ran(taken, used.ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1))


def in_turn(commands: Sequence[Callable[[int], Command]], runs: int, stdin: str = "") -> list[float]:
    """Return the median of each command's times, run one after the other, round after round; one round is warmth."""
    times: list[list[float]] = [[] for _ in commands]
    for number in range(runs + 1):
        for at, command in enumerate(commands):
            taken = run(command(number), stdin).seconds
            times[at] += [taken] if number else []
    return [statistics.median(each) for each in times]


def measure(job: Job, runs: int) -> dict[str, float]:
    """Return how long crmctl, under the empty name, and each peer that is there took for a job."""
    there = {name: command for name, command in job.peers.items() if name not in PEERS or has(name)}
    medians = in_turn([job.ours, *there.values()], runs, job.stdin)
    return dict(zip(["", *there], medians, strict=True))


def imports(place: Place, runs: int) -> tuple[dict[str, float], float]:
    """Fill all databases, several times over, and return the median times, and crmctl's memory at most."""
    times: dict[str, list[float]] = {}
    memory = 0.0
    for _ in range(runs):
        for name in ("crm", "leads.db", "stock.json"):
            subprocess.run(["rm", "-rf", str(place.folder / name)], check=True)
        make_workspace(place)
        ran = run(ours(place, "import", "leads", place.table, "-q"))
        memory = max(memory, ran.megabytes)
        times.setdefault("", []).append(ran.seconds)
        if has("sqlite-utils"):
            taken = run(["sqlite-utils", "insert", place.database, "leads", place.table, "--csv"])
            times.setdefault("sqlite-utils", []).append(taken.seconds)
        times.setdefault("TinyDB", []).append(run(tiny(place, "import", place.table)).seconds)
    return {name: statistics.median(each) for name, each in times.items()}, memory


def report(count: int, runs: int, tell: Tell) -> dict[str, float]:
    """Measure every job at one size, tell the table, and return crmctl's times."""
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), count)
        with Path(place.table).open("w", encoding="utf-8", newline="") as file:
            write_leads(count, file)
        tell(f"\n## {count:,} leads\n")
        tell(f"| job | crmctl, s | {' | '.join(f'to {peer}' for peer in COLUMNS)} | bar |")
        tell(f"|---|--:|{'--:|' * len(COLUMNS)}--:|")
        filled, memory = imports(place, max(1, runs // 2))
        job = Job("import", always([]), {}, bar_of_import(place))
        tell(row(job, filled))
        found = {"import": filled[""]}
        use(place)
        if has("sqlite-utils"):
            number_rows(place)
        if has("Taskwarrior") and count <= TASKS_AT_MOST:
            fill_tasks(place)
        for job in (*jobs(place), validation(place), sources(place)):
            if job.name == SOURCES:  # the last, since deals make every other job's file larger
                add_deals(place)
            medians = measure(job, runs)
            tell(row(job, medians))
            found[job.name] = medians[""]
        missed = " **missed**" if memory > MEMORY_BAR and count <= LARGE else ""
        tell(f"\nThe import took {memory:.0f} MB at most (bar to {LARGE:,}: {MEMORY_BAR} MB){missed}.")
        return found


def row(job: Job, medians: Mapping[str, float]) -> str:
    """Return a line of the table; a missed bar is marked."""
    shown = [_ratio(medians[""], medians.get(peer), job, peer) for peer in COLUMNS]
    return f"| {job.name} | {medians['']:.3f} | {' | '.join(shown)} | {job.bar or '-'} |"


def _ratio(seconds: float, other: float | None, job: Job, peer: str) -> str:
    if not other:
        return "-"
    ratio = seconds / other
    bar = job.bar if peer == job.rival else job.stock_bar if peer == "TinyDB" else None
    missed = bar is not None and ratio > bar
    return f"{ratio:.2f} x{' **missed**' if missed else ''}"


def growth(found: Mapping[int, Mapping[str, float]], tell: Tell) -> None:
    """Tell by how much each job's cost grew from one size to the next."""
    sizes = sorted(found)
    if len(sizes) < 2:
        return
    tell("\n## Growth\n")
    tell(f"| job | {' | '.join(f'{small:,} to {large:,}' for small, large in pairwise(sizes))} |")
    tell(f"|---|{'--:|' * (len(sizes) - 1)}")
    for name in found[sizes[0]]:
        steps = [found[large][name] / found[small][name] for small, large in pairwise(sizes)]
        tell(f"| {name} | {' | '.join(f'{step:.1f} x' for step in steps)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()

    def tell(line: str) -> None:
        print(line, flush=True)

    tell(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, medians of {chosen.runs} runs in turn.")
    absent = [peer for peer in PEERS if not has(peer)]
    if absent:
        tell(f"Skipped, not installed: {', '.join(absent)}.")
    sizes = [int(size) for size in chosen.sizes.split(",")]
    growth({size: report(size, chosen.runs, tell) for size in sizes}, tell)
    with tempfile.TemporaryDirectory() as name:
        moving_in(Place(Path(name), min(max(sizes), MOST_CONTACTS)), run, tell)


if __name__ == "__main__":
    main()

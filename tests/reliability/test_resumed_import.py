"""An import that is killed and run again comes to what one clean run comes to."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

JOB = """
import sys
from crmctl.cli.main import run
for name in ("monday.csv", "tuesday.csv", "wednesday.csv"):
    assert run(["import", "leads", name, "--on-duplicate", "update", "--partial", "--rejects", "bad.csv"]) in (0, 7)
"""
BY_THE_WAY = ("revision", "created_at", "updated_at")


def put_files(folder: Path, rows: int) -> None:
    """Put three days' exports, each with new rows, changed ones, known ones and a bad one."""
    for day, name in enumerate(("monday.csv", "tuesday.csv", "wednesday.csv"), 1):
        lines = [
            f"X-{number},Row {number},{number * (day if number % 3 else 1)},n{number}@example.com"
            for number in range(rows * day // 2)
        ]
        text = "\n".join(["external_id,title,amount,email", *lines, f"Y-{day},bad,1,nowhere"])
        (folder / name).write_text(f"{text}\n")


def records(here, folder: Path) -> list[dict[str, object]]:
    rows = json.loads(here(folder, "export", "leads", "-", "-o", "json").out)
    return [{name: row[name] for name in row if name not in BY_THE_WAY} for row in rows]


def test_a_job_that_is_killed_and_run_again_comes_to_one_clean_run(
    made, untouched, here, environment, temporary, amount, tally
) -> None:
    job = [sys.executable, "-c", JOB]
    clean = made("clean", untouched)
    put_files(clean, amount(150, 600))
    started = time.monotonic()
    subprocess.run(job, cwd=clean, env=environment, check=True, capture_output=True)
    took = time.monotonic() - started
    assert len(records(here, clean)) > amount(150, 600)
    chance = random.Random(7)
    for number in range(amount(2, 40)):
        folder = made(f"killed-{number}", untouched)
        put_files(folder, amount(150, 600))
        for _ in range(2):
            process = subprocess.Popen(
                job, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.random() * took)
            process.kill()
            process.wait()
            tally("imports killed and run again")
        subprocess.run(job, cwd=folder, env=environment, check=True, capture_output=True)
        assert records(here, folder) == records(here, clean)
        assert here(folder, "db", "check").code == 0
        assert (folder / "bad.csv").read_text() == (clean / "bad.csv").read_text()
        assert temporary(folder) == []

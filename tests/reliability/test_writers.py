"""Several people and scripts write at once, at the command line: none of it is lost, none of it is done twice."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("working_process.py")


@pytest.mark.parametrize(("writers", "usual", "long"), [(2, 25, 500), (16, 4, 500)])
def test_what_several_processes_write_is_all_there_and_once(
    made, untouched, here, environment, amount, tally, writers: int, usual: int, long: int
) -> None:
    folder = made("busy", untouched)
    before = titles(here, folder)
    commands = amount(usual, long)
    running = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), str(commands), str(seed)],
            cwd=folder,
            env={**environment, "CRMCTL_LOCK_TIMEOUT": "600"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(writers)
    ]
    told = [line.split() for process in running for line in process.communicate(timeout=1800)[0].splitlines()]
    expected = dict(before)
    for op, record_id, title in told:
        expected[record_id] = title
        if op == "delete":
            del expected[record_id]
    found = titles(here, folder)
    created = Counter(record_id for op, record_id, _ in told if op == "create")
    tally("writers beside one another", writers)
    tally("commits acknowledged", len(told))
    tally("acknowledged changes lost", len(set(expected.items()) ^ set(found.items())))
    tally("ids given out twice", sum(times - 1 for times in created.values()))
    assert [process.returncode for process in running] == [0] * writers
    assert len(told) == writers * commands
    assert found == expected
    assert set(created.values()) == {1}
    assert here(folder, "db", "check").code == 0


def titles(here, folder: Path) -> dict[str, str]:
    """Return the title of every record by its id."""
    kinds = ("leads", "contacts", "companies")
    rows = [row for kind in kinds for row in json.loads(here(folder, "export", kind, "-", "-o", "json").out)]
    return {row["id"]: row["title"] for row in rows}

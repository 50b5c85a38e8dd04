"""Several processes write, some are killed: nothing acknowledged is lost, nothing is done twice."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from crmctl.model.records import Record, RecordType
from crmctl.storage.check import check
from crmctl.storage.interface import Reader
from crmctl.storage.store import FileStore

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("writing_process.py")


def start(store: FileStore, commits: int, seed: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(SCRIPT), str(store.path), str(commits), str(seed)]
    environment = {"PYTHONPATH": str(ROOT)}
    # Without a buffer: what the first `readline` took beyond its line, `communicate` would not return.
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=environment
    )


def acknowledged(process: "subprocess.Popen[bytes]") -> list[list[str]]:
    output, errors = process.communicate(timeout=1800)
    assert errors == b""
    return [line.split() for line in output.decode().splitlines()]


def held(state: Reader) -> tuple[dict[str, str], set[str]]:
    """Return the titles by id, and the ids in the trash."""
    records = (record for kind in RecordType for record in state.records(kind))
    return {record.id: record.title for record in records}, {record.id for record in state.trash()}


def expected(lines: list[list[str]]) -> tuple[dict[str, str], set[str]]:
    """Return the same as the processes told it, each having worked on its own records."""
    titles: dict[str, str] = {}
    trash = set()
    for op, record_id, title in lines:
        titles[record_id] = title
        if op == "delete":
            titles.pop(record_id)
            trash.add(record_id)
    return titles, trash


@pytest.mark.parametrize(("processes", "few"), [(2, 60), (16, 8)])
def test_what_several_processes_write_is_all_there_and_once(
    store: FileStore, amount, tally, processes: int, few: int
) -> None:
    commits = amount(few, 500)
    running = [start(store, commits, seed) for seed in range(processes)]
    lines = [line for process in running for line in acknowledged(process)]
    state = store.read()
    told, found = expected(lines), held(state)
    created = Counter(record_id for op, record_id, _ in lines if op == "create")
    tally("writers beside one another", processes)
    tally("commits acknowledged", len(lines))
    tally("acknowledged changes lost", len(set(told[0].items()) ^ set(found[0].items())))
    tally("ids given out twice", sum(times - 1 for times in created.values()))
    assert len(lines) == state.generation == processes * commits
    assert found == told
    assert set(created.values()) == {1}
    assert Counter(entry.note for entry in state.history()) == Counter(title for _, _, title in lines)
    assert check(store.path) == []


def test_a_lock_file_that_is_deleted_again_and_again_costs_no_change(store: FileStore, amount, tally) -> None:
    writers = [start(store, amount(30, 400), seed) for seed in range(4)]
    lock, chance = store.path.with_name("crm.json.lock"), random.Random(7)
    while any(process.poll() is None for process in writers):
        lock.unlink(missing_ok=True)
        tally("lock files deleted under writers")
        time.sleep(chance.random() * 0.005)
    lines = [line for process in writers for line in acknowledged(process)]
    told, found = expected(lines), held(store.read())
    tally("commits acknowledged", len(lines))
    tally("acknowledged changes lost", len(set(told[0].items()) ^ set(found[0].items())))
    assert found == told
    assert len(lines) == store.read().generation
    assert check(store.path) == []


def test_readers_beside_writers_never_fail(store: FileStore, amount, tally) -> None:
    writers = [start(store, amount(40, 1500), seed) for seed in range(2)]
    generations = []
    while any(process.poll() is None for process in writers):
        state = store.read()
        assert len(state.history()) == state.generation
        generations.append(state.generation)
    for process in writers:
        tally("commits acknowledged", len(acknowledged(process)))
    tally("reads beside writers", len(generations))
    assert generations == sorted(generations)


def test_a_kill_at_any_moment_loses_nothing_acknowledged(store: FileStore, amount, tally) -> None:
    with store.write() as writer:
        for number in range(1, 2001):
            record_id = writer.new_id(RecordType.COMPANY)
            writer.put(Record({"id": record_id, "record": "company", "title": f"company {number}" * 20}))
        writer.commit()
    before, _ = held(store.read())
    chance = random.Random(7)
    for seed in range(amount(10, 1000)):
        generation = store.read().generation
        process = start(store, 10_000, seed)
        assert process.stdout is not None
        first = process.stdout.readline().decode().split()
        time.sleep(chance.random() * 0.05)
        process.kill()
        lines = [first, *acknowledged(process)]
        state = store.read()
        # The last commit may have been in place before the process could tell.
        assert state.generation - generation - len(lines) in (0, 1)
        untold = [[entry.op, entry.id, entry.note] for entry in state.entries_of(generation + len(lines) + 1)]
        titles, trash = expected(lines + untold)
        found, found_trash = held(state)
        tally("kills at a random moment")
        tally("commits acknowledged", len(lines))
        tally("acknowledged changes lost", len({**before, **titles}.items() - found.items()))
        assert {**before, **titles} == found
        assert trash <= found_trash
        before = found
    assert check(store.path) == []

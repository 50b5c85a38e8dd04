"""Whatever is done at the command line, it comes to what a few dictionaries come to after the same."""

import copy
import json
import os
import shutil
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crmctl.storage.check import check
from crmctl.storage.open import open_store

TITLES = ["Oak", "Ёж «№1»", "=1+1", "'quoted", "two  spaces", "a,b;c|d", 'say "x"', "İstanbul ß"]
KINDS = {"L": "leads", "C": "contacts"}
FILES = {"spring.csv": ["S-1", "S-2", "S-3"], "autumn.csv": ["A-1", "S-3"]}
OPEN = ("contact", "qualify")
BY_THE_WAY = ("revision", "updated_at", "updated_by")
"""What an undo does not take back."""

titles, numbers = st.sampled_from(TITLES), st.integers(0, 30)


class Model(NamedTuple):
    """What is there: title, stage and key of each record, in the trash too, and which record an import's row is."""

    present: dict[str, dict[str, str]]
    trash: dict[str, dict[str, str]]
    rows: dict[str, str]


class Done(NamedTuple):
    """The last change: its generation, and what was there before and after it."""

    generation: int
    before: Model
    after: Model
    exported_before: Any
    is_undo: bool


class CommandLine(RuleBasedStateMachine):
    """Commands on a workspace, and the same on a model of it."""

    def __init__(self, crm, empty: Path, folder: Path) -> None:
        super().__init__()
        self.crm = crm
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(empty, folder)
        os.chdir(folder)

    @initialize()
    def begin(self) -> None:
        self.model = Model({}, {}, {})
        self.next = dict.fromkeys(KINDS, 1)
        self.last: Done | None = None
        for name, keys in FILES.items():
            text = "".join(f"{key},Row {key}\n" for key in keys)
            (self.folder / name).write_text(f"external_id,title\n{text}")

    def call(self, *argv: str, code: int = 0) -> str:
        ran = self.crm(*argv)
        assert ran.code == code, (argv, ran)
        return ran.out

    def exported(self) -> dict[str, dict[str, object]]:
        """Return the records as they are exported, but for what is not taken back."""
        found = [
            row
            for kind in KINDS.values()
            for row in json.loads(self.crm("export", kind, "-", "-o", "json").out)
        ]
        return {row["id"]: {name: row[name] for name in row if name not in BY_THE_WAY} for row in found}

    def generation(self) -> int:
        return open_store(self.folder / "crm.json").read().generation

    def changes(self, *argv: str, to: Model, is_undo: bool = False) -> str:
        """Call a command that makes one commit, after which the model is so."""
        exported, generation = self.exported(), self.generation()
        out = self.call(*argv)
        assert self.generation() == generation + 1
        self.last = Done(generation + 1, self.model, to, exported, is_undo)
        self.model = to
        return out

    def given(self, prefix: str) -> str:
        """Return the id that the next record of a type is to get."""
        self.next[prefix] += 1
        return f"{prefix}-{self.next[prefix] - 1}"

    def one(self, where: dict[str, Any], number: int, *stages: str) -> str | None:
        """Return one of some records: those of a type that has stages, in any of these."""
        ids = [record_id for record_id, record in where.items() if not stages or record["stage"] in stages]
        return ids[number % len(ids)] if ids else None

    def copied(self) -> Model:
        return copy.deepcopy(self.model)

    @rule(title=titles)
    def create_lead(self, title: str) -> None:
        after, record_id = self.copied(), self.given("L")
        after.present[record_id] = {"title": title, "stage": "contact", "key": ""}
        assert self.changes("create", "lead", "-s", f"title={title}", "-q", to=after).split() == [record_id]

    @rule(title=titles)
    def create_contact(self, title: str) -> None:
        after, record_id = self.copied(), self.given("C")
        after.present[record_id] = {"title": title, "stage": "", "key": ""}
        assert self.changes("create", "contact", "-s", f"title={title}", "-q", to=after).split() == [
            record_id
        ]

    @rule(number=numbers, title=titles)
    def update(self, number: int, title: str) -> None:
        after = self.copied()
        record_id = self.one(after.present, number)
        if record_id and after.present[record_id]["title"] != title:
            after.present[record_id]["title"] = title
            self.changes("update", record_id, "-s", f"title={title}", to=after)

    @rule(number=numbers)
    def move(self, number: int) -> None:
        after = self.copied()
        record_id = self.one(after.present, number, *OPEN)
        if record_id:
            stage = OPEN[after.present[record_id]["stage"] == OPEN[0]]
            after.present[record_id]["stage"] = stage
            self.changes("move", record_id, stage, to=after)

    @rule(number=numbers)
    def reject(self, number: int) -> None:
        after = self.copied()
        record_id = self.one(after.present, number, *OPEN)
        if record_id:
            after.present[record_id]["stage"] = "lost"
            self.changes("reject", record_id, "--reason", "spam", to=after)

    @rule(number=numbers)
    def convert(self, number: int) -> None:
        after = self.copied()
        record_id = self.one(after.present, number, *OPEN)
        if record_id:
            after.present[record_id]["stage"] = "won"
            after.present[self.given("C")] = {
                "title": after.present[record_id]["title"],
                "stage": "",
                "key": "",
            }
            filled = ("-s", "lead.need=much", "-s", "company_name=Acme")
            self.changes("convert", record_id, "--to", "contact", *filled, to=after)

    @rule(number=numbers)
    def delete(self, number: int) -> None:
        after = self.copied()
        record_id = self.one(after.present, number)
        if record_id:
            after.trash[record_id] = after.present.pop(record_id)
            self.changes("delete", record_id, "--yes", to=after)

    @rule(number=numbers)
    def restore(self, number: int) -> None:
        after = self.copied()
        record_id = self.one(after.trash, number)
        if record_id:
            after.present[record_id] = after.trash.pop(record_id)
            self.changes("restore", record_id, to=after)

    @rule(number=numbers)
    def purge(self, number: int) -> None:
        after = self.copied()
        record_id = self.one({**after.present, **after.trash}, number)
        if record_id:
            after.present.pop(record_id, None) or after.trash.pop(record_id)
            for key in [key for key, known in after.rows.items() if known == record_id]:
                del after.rows[key]
            self.changes("delete", record_id, "--purge", "--yes", to=after)
            self.last = None  # a purge is for good

    @rule(name=st.sampled_from(sorted(FILES)))
    def import_file(self, name: str) -> None:
        after = self.copied()
        there = Counter(record["key"] for record in after.present.values())
        if any(there[key] > 1 for key in FILES[name]):
            return  # one brought back from the trash, and one imported after it was there: a row matches both
        new = [key for key in FILES[name] if key not in after.rows and not there[key]]
        for key in new:
            after.rows[key] = self.given("L")
            after.present[after.rows[key]] = {"title": f"Row {key}", "stage": "contact", "key": key}
        told = self.changes("import", "leads", name, "-o", "json", to=after) if new else None
        assert told is None or json.loads(told)["created"] == len(new)
        before = (self.folder / "crm.json").read_bytes()
        again = json.loads(self.call("import", "leads", name, "-o", "json"))
        assert again["created"] == again["updated"] == again["rejected"] == 0
        assert (self.folder / "crm.json").read_bytes() == before

    @precondition(lambda self: self.last)
    @rule()
    def undo(self) -> None:
        """Take back the last change, or the taking back of one."""
        last, after = self.last, copy.deepcopy(self.last.before)
        for record_id, record in self.model.present.items() if not last.is_undo else ():
            if record_id not in after.present and record_id not in after.trash:
                after.trash[record_id] = record  # what was created is not gone for good
        self.changes("undo", str(last.generation), "--yes", to=after, is_undo=True)
        assert self.exported() == last.exported_before

    @precondition(lambda self: self.last and self.last.before.present)  # an empty state is passed over
    @rule()
    def go_back_a_generation(self) -> None:
        last = self.last
        self.changes("db", "restore", "--yes", to=copy.deepcopy(last.before))
        assert self.exported() == last.exported_before
        self.last = None

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        if not hasattr(self, "model"):
            return
        shown = {
            record_id: {
                "title": row["title"],
                "stage": row.get("stage", ""),
                "key": row.get("external_id", ""),
            }
            for record_id, row in self.exported().items()
        }
        assert shown == self.model.present
        state = open_store(self.folder / "crm.json").read()
        assert {record.id for record in state.trash()} == set(self.model.trash)
        for prefix, following in self.next.items():
            assert not state.was_given(f"{prefix}-{following}")
            assert all(state.was_given(f"{prefix}-{number}") for number in range(1, following))

    def teardown(self) -> None:
        assert check(self.folder / "crm.json") == []


def test_the_command_line_does_what_a_few_dictionaries_do(
    crm, tmp_path: Path, monkeypatch, amount, tally
) -> None:
    chosen = settings(
        max_examples=amount(12, 600),
        stateful_step_count=amount(20, 40),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    monkeypatch.chdir(tmp_path)
    assert crm("-C", "empty", "init", "empty", "--template", "b2b").code == 0
    machine = partial(CommandLine, crm, tmp_path / "empty", tmp_path / "played")
    run_state_machine_as_test(machine, settings=chosen)
    tally("sequences held against a model", chosen.max_examples)

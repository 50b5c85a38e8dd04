"""The power goes at any moment of a commit: every state that a disk may then be in is made, opened and looked at.

What the store does to files is recorded and replayed by the rules that a file system promises: what was flushed is
there; of the rest, each name may or may not have changed, and what was written is there, in part, as zeros or not.
"""

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crmctl.errors import StoreDamaged
from crmctl.model.records import Record, RecordType
from crmctl.storage.accept import accept
from crmctl.storage.check import check
from crmctl.storage.files import Files
from crmctl.storage.open import create_store
from crmctl.storage.parsing import parse
from crmctl.storage.restore import restore
from crmctl.storage.store import FileStore

Step = tuple[Any, ...]
Image = dict[Path, bytes]


class Recorder(Files):
    """The real file system, which notes what is done to it; a file is known by its number, from the first on."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._numbers: dict[int, int] = {}
        self._made = 0

    def open_new(self, path: Path) -> int:
        handle = super().open_new(path)
        self._made += 1
        self._numbers[handle] = self._made
        self.steps.append(("create", path, self._made))
        return handle

    def open_alone(self, path: Path) -> int:
        handle = super().open_alone(path)
        self._made += 1
        self._numbers[handle] = self._made
        self.steps.append(("open", path, self._made))
        return handle

    def write_all(self, handle: int, pieces: Iterable[bytes | memoryview]) -> None:
        data = b"".join(pieces)
        super().write_all(handle, [data])
        self.steps.append(("write", self._numbers[handle], data))

    def truncate(self, handle: int) -> None:
        super().truncate(handle)
        self.steps.append(("end", self._numbers[handle]))

    def fsync(self, handle: int) -> None:
        super().fsync(handle)
        self.steps.append(("flush", self._numbers[handle]))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.steps.append(("rename", source, target))

    def link(self, source: Path, target: Path) -> None:
        super().link(source, target)
        self.steps.append(("link", source, target))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.steps.append(("unlink", path))

    def make_folder(self, path: Path) -> None:
        there = path.is_dir()
        super().make_folder(path)
        if not there:
            self.steps.append(("folder", path))

    def fsync_folder(self, path: Path) -> None:
        super().fsync_folder(path)
        self.steps.append(("flush folder", path))


class WithoutLinks(Recorder):
    """A file system that knows no second names, so that backups are copies."""

    def link(self, source: Path, target: Path) -> None:
        raise PermissionError(1, "no links here")


class Disk:
    """What is safe on a disk, and what is still on its way there."""

    def __init__(self, before: Image) -> None:
        self.contents = {-number: data for number, data in enumerate(before.values(), 1)}
        self.names: dict[Path, int] = {path: -number for number, path in enumerate(before, 1)}
        self.folders = {path.parent for path in before}
        self.coming: dict[int, bytes] = {}
        self.ended: set[int] = set()
        self.known: dict[int, int] = {}
        self.pending: list[Step] = []

    def take(self, step: Step) -> None:
        kind, subject = step[:2]
        number = self.known.get(subject, subject)
        if kind == "open":  # by another number, what is there already
            self.known[step[2]] = self._having(self.pending)[0][subject]
        elif kind == "write":
            self.coming[number] = step[2]
        elif kind == "end":
            self.ended.add(number)
        elif kind == "flush":
            self.contents[number] = self._written(number, self.coming.pop(number, b""))
            self.ended.discard(number)
        elif kind == "flush folder":
            kept = [waiting for waiting in self.pending if waiting[-1].parent == subject]
            self.names, self.folders = self._having(kept)
            self.pending = [waiting for waiting in self.pending if waiting not in kept]
        else:
            self.pending.append(self._named(kind, *step[1:]))

    def _named(self, kind: str, path: Path, other: Any = None) -> Step:
        """Return a change of names as what it puts where: `(removed, number or None, path)`."""
        names, _ = self._having(self.pending)
        if kind == "create":
            return (None, other, path)
        if kind == "rename":
            return (path, names[path], other)
        if kind == "link":
            return (None, names[path], other)
        return (path, None, path) if kind == "unlink" else (None, None, path)

    def _having(self, kept: list[Step]) -> tuple[dict[Path, int], set[Path]]:
        names, folders = dict(self.names), set(self.folders)
        for removed, number, path in kept:
            if removed:
                names.pop(removed, None)
            elif number is None:
                folders.add(path)
            if number is not None:
                names[path] = number
        return names, folders

    def images(self) -> Iterator[Image]:
        """Yield every state that the disk may be in, should the power go now."""
        for chosen in product((True, False), repeat=len(self.pending)):
            kept = [step for step, there in zip(self.pending, chosen, strict=True) if there]
            names, folders = self._having(kept)
            there = {path: number for path, number in names.items() if path.parent in folders}
            variants = [
                [(number, data) for data in self._found(number)] for number in sorted(set(there.values()))
            ]
            for contents in product(*variants):
                found = dict(contents)
                yield {path: found[number] for path, number in there.items()}

    def _found(self, number: int) -> list[bytes]:
        """Return what a file may hold: of what was not flushed all, a part, zeros or nothing."""
        safe, coming = self.contents.get(number, b""), self.coming.get(number, b"")
        if not coming:
            return [safe]
        half = len(coming) // 2
        over = [
            coming + safe[len(coming) :],
            coming[:half] + safe[half:],
            coming[:half],
            bytes(len(coming)),
            safe,
        ]
        return [*dict.fromkeys([self._written(number, coming), *over])]

    def _written(self, number: int, coming: bytes) -> bytes:
        """Return what a file holds with what was written over it from its beginning."""
        safe = self.contents.get(number, b"")
        return coming if number in self.ended or not safe else coming + safe[len(coming) :]


class Deed(NamedTuple):
    """Something done to a store: what comes before it, and on which file system."""

    act: Callable[[FileStore], object]
    before: Callable[[FileStore], object] = FileStore.read
    files: Callable[[], Recorder] = Recorder


def change(store: FileStore) -> None:
    """Create, edit and delete in one commit."""
    with store.write() as writer:
        writer.put(Record({"id": writer.new_id(RecordType.DEAL), "record": "deal", "stage": "made"}))
        writer.put(Record({"id": "D-2", "record": "deal", "stage": f"edited at {writer.generation}"}))
        if writer.get("D-3"):
            writer.discard("D-3")
        writer.commit()


def bring_back(store: FileStore) -> None:
    restore(store, store.backups.all()[1].path)


def damage(store: FileStore) -> None:
    store.path.write_bytes(store.path.read_bytes().replace(b"new", b"odd"))


def begin_anew(store: FileStore) -> None:
    store.path.unlink()


DEEDS = {
    "a commit": Deed(change),
    "a commit where links do not work": Deed(change, files=WithoutLinks),
    "a commit with no folder for backups yet": Deed(
        change, lambda store: shutil.rmtree(store.backups.folder)
    ),
    "a first state": Deed(FileStore.create, begin_anew),
    "going back": Deed(bring_back),
    "going back from damage": Deed(bring_back, damage),
    "going back where links do not work": Deed(bring_back, damage, WithoutLinks),
    "accepting an edit": Deed(accept, damage),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store of eleven generations, so that a commit has a backup to prune."""
    store = create_store(tmp_path / "crm.json", backups=tmp_path / "backups")
    for number in range(1, 12):
        with store.write() as writer:
            writer.put(Record({"id": f"D-{number}", "record": "deal", "stage": "new"}))
            writer.commit()
    return tmp_path


def image_of(folder: Path) -> Image:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def recorded(folder: Path, deed: Deed) -> tuple[Image, Image, list[Step]]:
    """Do something and return the files before and after it, and the steps between."""
    deed.before(FileStore(folder / "crm.json", backups=folder / "backups"))
    files, before = deed.files(), image_of(folder)
    deed.act(FileStore(folder / "crm.json", backups=folder / "backups", files=files))
    return before, image_of(folder), files.steps


def images(before: Image, steps: list[Step]) -> Iterator[tuple[int, Image]]:
    """Yield the different states that a cut after each of the steps may leave, with how many were done."""
    seen = set()
    disk = Disk(before)
    for done in range(len(steps) + 1):
        if done:
            disk.take(steps[done - 1])
        for image in disk.images():
            key = (done == len(steps), frozenset((path, hash(data)) for path, data in image.items()))
            if key not in seen:
                seen.add(key)
                yield done, image


def look(image: Image, folder: Path) -> None:
    """Open what a power cut left: the backups are whole, one can go on, and nothing is left lying."""
    shutil.rmtree(folder)
    for path, data in image.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if (
            path.parent.name == "backups"
            and path.name.startswith("crm.json.")
            and ".damaged." not in path.name
        ):
            parse(data)
    store = FileStore(folder / "crm.json", backups=folder / "backups")
    try:
        store.read()
        assert check(store.path) == []
    except StoreDamaged:  # as it was before
        bring_back(store)
    except Exception:
        assert not store.path.exists()
        store.create()
    with store.write() as writer:
        writer.put(Record({"id": writer.new_id(RecordType.DEAL), "record": "deal"}))
        writer.commit()
    assert not list(folder.rglob(".*.tmp"))


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_power_cut_leaves_the_old_state_or_the_new_and_afterwards_only_the_new(
    folder: Path, deed: Deed, amount, tally
) -> None:
    before, after, steps = recorded(folder, deed)
    target = folder / "crm.json"
    for number, (done, image) in enumerate(images(before, steps)):
        assert image.get(target) in (before.get(target), after[target]), steps[:done]
        assert done < len(steps) or image[target] == after[target]
        tally("disks after a power cut")
        if number % amount(7, 1) == 0:
            look(image, folder)


def test_a_power_cut_in_any_of_many_commits_leaves_the_old_state_or_the_new(
    folder: Path, amount, tally
) -> None:
    chance = random.Random(7)
    target = folder / "crm.json"
    for _ in range(amount(3, 150)):
        before, after, steps = recorded(folder, Deed(change, files=chance.choice([Recorder, WithoutLinks])))
        for done, image in images(before, steps):
            assert image[target] == after[target] or (image[target] == before[target] and done < len(steps))
            tally("disks after a power cut")


@pytest.mark.parametrize("forgotten", ["flush", "flush folder"])
def test_a_flush_that_was_forgotten_would_be_noticed(folder: Path, forgotten: str) -> None:
    before, after, steps = recorded(folder, Deed(change))
    target = folder / "crm.json"
    fewer = [step for step in steps if step[0] != forgotten]
    found = {(done == len(fewer), image.get(target)) for done, image in images(before, fewer)}
    right = {(False, before[target]), (False, after[target]), (True, after[target])}
    assert found - right

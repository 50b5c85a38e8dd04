"""Disks that are really full: a limit of the file size everywhere, a small file system where root may mount one."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, two megabytes in size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={512 * PAGE},mode=700", "crmctl", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system, and not everywhere")
    yield folder
    os.chdir(tmp_path)  # the last command ran on that disk
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, free: int) -> Path:
    """Take all the room of a file system but a few pages."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(PAGE))
        except OSError:
            pass
        file.truncate(file.tell() // PAGE * PAGE - free * PAGE)
    return filler


def test_no_file_may_grow_any_more(trial, made, amount, tally) -> None:
    """The system writes up to the limit and refuses the rest, as a disk does that fills up meanwhile."""
    if trial.command.argv[0] == "edit":
        pytest.skip("it would be the editor that fails")
    largest = max(map(len, trial.new.values()))
    for limit in range(0, largest, largest // amount(3, 20)):
        folder = made(f"limit-{limit}", trial.command)
        ran = trial.crmctl(
            folder,
            *trial.command.argv,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # noqa: B023
        )
        tally("writes to a full disk")
        trial.holds(folder, ran, f"{limit} bytes a file")
        trial.refused(ran, "file too large", f"{limit} bytes a file")
        assert trial.temporary(folder) == []
        trial.goes_on(folder, f"{limit} bytes a file")
        shutil.rmtree(folder)


def test_the_disk_is_full(trial, made, small_disk: Path, amount, tally) -> None:
    for free in range(0, 40, amount(13, 2)):
        folder = shutil.copytree(made(f"copied-{free}", trial.command), small_disk / "workspace")
        filler = fill(small_disk, free)
        ran = trial.crmctl(folder, *trial.command.argv)
        tally("writes to a full disk")
        trial.holds(folder, ran, f"{free} pages free")
        trial.refused(ran, "no space left on device", f"{free} pages free")
        assert trial.temporary(folder) == []
        filler.unlink()
        trial.goes_on(folder, f"{free} pages free")
        shutil.rmtree(folder)


def test_no_file_may_be_made_any_more(trial, made, small_disk: Path, amount, tally) -> None:
    """Space is left, but not one more name: a file system can run out of those, too."""
    folder = shutil.copytree(made("copied", trial.command), small_disk / "workspace")
    used = sum(1 for _ in small_disk.rglob("*")) + 1
    for free in range(amount(2, 12)):
        subprocess.run(["mount", "-o", f"remount,nr_inodes={used + free}", str(small_disk)], check=True)
        ran = trial.crmctl(folder, *trial.command.argv)
        tally("writes to a full disk")
        trial.holds(folder, ran, f"{free} files free")
        trial.refused(ran, "no space left on device", f"{free} files free")
        assert trial.temporary(folder) == []
        if trial.state(folder) == trial.new:
            break
    subprocess.run(["mount", "-o", "remount,nr_inodes=10000", str(small_disk)], check=True)
    trial.goes_on(folder, "files to be made again")

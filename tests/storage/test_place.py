"""Warnings about where a data file lies."""

from pathlib import Path

import pytest

from crmctl.storage.place import warnings

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/home {folder} {kind} rw 0 0
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    path = tmp_path / "crm.json"
    path.touch(0o600)
    return path


def test_a_private_file_on_a_local_disk_is_fine(file: Path) -> None:
    assert warnings(file, mounts="/dev/vda / ext4 rw 0 0\n") == []


def test_a_file_that_others_can_read_is_warned_about(file: Path) -> None:
    file.chmod(0o644)
    assert warnings(file, mounts="") == [f"{file} can be read by others: chmod 600 {file}"]


def test_a_folder_that_everybody_may_write_to_is_warned_about(file: Path) -> None:
    file.parent.chmod(0o1777)
    (warning,) = warnings(file, mounts="")
    assert warning.startswith("everybody may write to")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.rclone"])
def test_a_network_file_system_is_warned_about(file: Path, kind: str) -> None:
    (warning,) = warnings(file, mounts=MOUNTS.format(folder=file.parent, kind=kind))
    assert f"network or synchronised file system ({kind})" in warning


def test_a_network_file_system_elsewhere_is_not(file: Path) -> None:
    assert warnings(file, mounts=MOUNTS.format(folder=f"{file.parent}2", kind="nfs4")) == []


def test_a_mount_point_with_a_space_is_understood(tmp_path: Path) -> None:
    folder = tmp_path / "my disk"
    folder.mkdir(0o700)
    (folder / "crm.json").touch(0o600)
    mounts = MOUNTS.format(folder=str(folder).replace(" ", "\\040"), kind="nfs")
    assert len(warnings(folder / "crm.json", mounts=mounts)) == 1

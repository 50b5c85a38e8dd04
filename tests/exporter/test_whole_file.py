import os
import stat
from pathlib import Path

import pytest

from crmctl.errors import NotFound, StoreUnreadable, WrongUse
from crmctl.whole_file import whole_file


def _write(path: Path, content: bytes) -> None:
    with whole_file(str(path)) as file:
        file.write(content)


def _fail(path: Path, failure: object) -> None:
    with whole_file(str(path)) as file:
        file.write(b"half")
        raise failure  # type: ignore[misc]


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    _write(tmp_path / "new", b"x")

    assert (tmp_path / "new").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(0o644)
    _write(path, b"new")

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/target")
    _write(tmp_path / "link", b"x")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "target").read_bytes() == b"x"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, OSError(28, "No space left on device")])
def test_after_a_failure_the_old_file_stands_alone(tmp_path: Path, failure: object) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    with pytest.raises((KeyboardInterrupt, ValueError, StoreUnreadable)):
        _fail(path, failure)

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match="No space left on device"), whole_file(str(tmp_path / "x")):
        raise OSError(28, "No space left on device")


def test_a_device_is_written_to_directly() -> None:
    _write(Path(os.devnull), b"x")

    assert Path(os.devnull).is_char_device()


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="its folder does not exist"):
        _write(tmp_path / "no" / "file", b"x")


def test_a_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="it is a folder"):
        _write(tmp_path, b"x")


def test_what_a_killed_writer_left_is_cleared_by_the_next_and_what_another_writes_is_not(
    tmp_path: Path,
) -> None:
    left = tmp_path / ".crmctl-0123456789abcdef.tmp"
    left.write_bytes(b"half")
    (tmp_path / ".crmctl-notes.tmp").write_bytes(b"of somebody else")
    with whole_file(str(tmp_path / "slow")) as slow:
        slow.write(b"one")
        _write(tmp_path / "quick", b"two")
        slow.write(b" and all")

    assert (tmp_path / "slow").read_bytes() == b"one and all"
    assert {path.name for path in tmp_path.iterdir()} == {"slow", "quick", ".crmctl-notes.tmp"}

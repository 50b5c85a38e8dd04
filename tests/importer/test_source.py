import io
import os
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from crmctl.errors import NotFound, Refused, WrongUse
from crmctl.importer.source import Source


def _file(folder: Path, content: bytes = b"a,b\n1,2\n") -> Path:
    path = folder / "leads.csv"
    path.write_bytes(content)
    return path


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    with Source(str(_file(tmp_path))) as source:
        source.text("utf-8").read()

        assert source.digest == sha256(b"a,b\n1,2\n").hexdigest()


def test_the_digest_covers_what_was_not_read(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 300_000
    with Source(str(_file(tmp_path, content))) as source:
        source.text("utf-8").readline()

        assert source.digest == sha256(content).hexdigest()


def test_a_file_that_stays_as_it_was_is_verified(tmp_path: Path) -> None:
    with Source(str(_file(tmp_path))) as source:
        source.text("utf-8").read()

        source.verify()


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"3,4\n")


def _cut(path: Path) -> None:
    path.write_bytes(b"a,b\n")


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _change_unseen(path: Path) -> None:
    before = path.stat()
    path.write_bytes(b"a,b\n9,9\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace(path: Path) -> None:
    (path.parent / "new").write_bytes(b"a,b\n7,7\n")
    (path.parent / "new").replace(path)


@pytest.mark.parametrize("change", [_grow, _cut, _touch, _change_unseen, _replace, Path.unlink])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: object) -> None:
    path = _file(tmp_path)
    with Source(str(path)) as source:
        source.text("utf-8").read()
        change(path)  # type: ignore[operator]

        with pytest.raises(Refused, match=r"leads\.csv changed while it was read: nothing was written"):
            source.verify()


def test_standard_input_can_be_read_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a\n1\n")))
    with Source("-") as source:
        assert source.name == "standard input"
        assert source.text("utf-8").read() == source.text("utf-8").read() == "a\n1\n"
        source.verify()


def test_a_standard_input_that_is_closed_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(WrongUse, match="no standard input"):
        Source("-")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, b"a\n1\n")
    os.close(write_end)
    with Source(f"/dev/fd/{read_end}") as source:
        assert source.text("utf-8").read() == "a\n1\n"
        source.verify()
    os.close(read_end)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        Source(str(tmp_path / "nowhere.csv"))


def test_a_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="is a folder"):
        Source(str(tmp_path))


def test_a_file_that_may_not_be_read_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, *mode: object, **options: object) -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(WrongUse, match=r"cannot read .*: Permission denied"):
        Source(str(tmp_path / "secret.csv"))


def test_a_file_is_in_place_until_another_takes_its_name(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("title\n")
    with Source(str(path)) as source:
        assert source.is_plain
        assert source.is_in_place()
        other = tmp_path / "other.csv"
        other.write_text("title\n")
        other.replace(path)
        assert not source.is_in_place()
        path.unlink()
        assert not source.is_in_place()

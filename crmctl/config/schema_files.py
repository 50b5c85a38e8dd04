"""Schemas as files of their own, where editors and other programs are told to look for them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from crmctl import resources
from crmctl.errors import Refused, StoreUnreadable, WrongUse
from crmctl.whole_file import whole_file

_OURS = "crmctl:schemas/"
"""How the `$id` of every shipped schema begins."""


class Written(msgspec.Struct, frozen=True):
    """A file that was written; `is_new` where there was none before."""

    path: Path
    is_new: bool


def write_schema_files(folder: Path, names: Iterable[str]) -> list[Written]:
    """Write the schemas of some names below a folder; returns the files that were not so already.

    They keep the names they are shipped under. A schema of another version is replaced. Raises Refused where
    anything else is in the way of one, and then writes nothing; WrongUse and StoreUnreadable as files do.
    """
    contents = {folder / resources.schema_file(name): resources.schema_text(name) for name in names}
    try:
        in_the_way = [path for path in contents if _is_in_the_way(path)]
        if in_the_way:
            message = f"{in_the_way[0]} is no schema of crmctl's: it is not written over"
            raise Refused(message, hint="name another folder")
        return list(_write(contents))
    except (FileExistsError, NotADirectoryError):
        raise WrongUse(f"{folder} is no folder") from None
    except OSError as error:
        raise StoreUnreadable(f"cannot write {folder}: {error.strerror or error}") from None


def _write(contents: dict[Path, bytes]) -> Iterator[Written]:
    for path, content in contents.items():
        there = path.exists()
        if there and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(str(path), mode=0o666) as file:
            file.write(content)
        yield Written(path, is_new=not there)


def _is_in_the_way(path: Path) -> bool:
    """Tell whether something stands at a path that is no schema of ours."""
    if not path.exists():
        return path.is_symlink()
    try:
        found = json.loads(path.read_bytes()) if path.is_file() else None
    except (ValueError, RecursionError):
        return True
    return not (isinstance(found, dict) and str(found.get("$id")).startswith(_OURS))

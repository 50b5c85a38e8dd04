"""`import --move-to`: files that are in are put aside, and never over another file."""

import os
import shutil
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import msgspec

from crmctl.errors import WrongUse
from crmctl.importer.source import Source
from crmctl.workspace.own_files import own_file, same_file
from crmctl.workspace.workspace import Workspace


class Moved(msgspec.Struct, frozen=True):
    """Where an imported file went, or the problem that kept it where it was."""

    file: str
    to: str | None = None
    problem: str | None = None


def check_moves(workspace: Workspace, folder: str, files: Iterable[str]) -> None:
    """Raise WrongUse for files that must not leave their place, and for a folder that cannot take them."""
    if not folder.strip():
        raise WrongUse("--move-to wants a folder")
    if os.path.lexists(folder) and not Path(folder).is_dir():
        raise WrongUse(f"--move-to {folder} is no folder")
    for name in files:
        if name == "-":
            continue
        if what := own_file(workspace, name):
            raise WrongUse(f"{name} is {what}: it is not moved", hint="leave out --move-to")
        target = str(Path(folder) / Path(name).name)
        if what := own_file(workspace, target):
            raise WrongUse(f"--move-to {folder}: {target} is {what}", hint="name another folder")


def put_aside(sources: Iterable[Source], folder: str) -> tuple[Moved, ...]:
    """Move the files that were read into a folder. Streams stay, and so does what lies there already."""
    return tuple(
        _moved(source, folder) for source in sources if source.is_plain and not _lies_in(source, folder)
    )


def _lies_in(source: Source, folder: str) -> bool:
    return same_file(Path(source.name).parent, folder)


def _moved(source: Source, folder: str) -> Moved:
    if not source.is_in_place():
        return Moved(source.name, problem="it is no longer the file that was read")
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        place = _reserved(Path(folder), Path(source.name))
        try:
            # Onto a file of our own: what others put there meanwhile is never written over.
            shutil.move(source.name, place)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
    except OSError as error:
        return Moved(source.name, problem=error.strerror or str(error))
    return Moved(source.name, str(place))


def _reserved(folder: Path, name: Path) -> Path:
    """Return a new, empty file of that name, with a number where the name is taken. Raises OSError."""
    for number in count(1):
        place = folder / (name.name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        except FileExistsError:
            continue
        return place
    raise AssertionError

"""The hooks of a workspace: files of certain names, and what speaks against running one.

A hook is run only where its owner trusted it as it stands (`trust`), and where nobody else can change it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec

from crmctl.config.files import PRIVATE_FOLDER
from crmctl.text import did_you_mean
from crmctl.workspace.hooks.owner import others_hand
from crmctl.workspace.hooks.trust import trusted_digest

BEFORE_CHANGE, AFTER_CHANGE = "before-change", "after-change"
AFTER_IMPORT, ON_REMINDER = "after-import", "on-reminder"
NAMES = (BEFORE_CHANGE, AFTER_CHANGE, AFTER_IMPORT, ON_REMINDER)
FOLDER = "hooks"
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_BLOCK = 1024 * 1024
_IGNORED = (".sample", ".md", ".txt", "~")


class State(StrEnum):
    """Whether a hook is run, or what speaks against it."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    CHANGED = "changed"
    NOT_EXECUTABLE = "not executable"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


class Hook(msgspec.Struct, frozen=True):
    """A file in the folder of hooks as it was read; `why` tells in words why it is not run.

    `content` is what is run: the file itself may be another one by then.
    """

    name: str
    path: Path
    state: State
    why: str = ""
    digest: str = ""
    content: bytes = b""


def hooks_folder(folder: Path) -> Path:
    """Return where a workspace has its hooks, under its real name: what it is trusted under."""
    return Path(os.path.realpath(folder), PRIVATE_FOLDER, FOLDER)


def every_hook(folder: Path) -> Iterator[Hook]:
    """Yield the hooks of a workspace, then what lies beside them under a name that nothing sets off."""
    place = hooks_folder(folder)
    for name in NAMES:
        if found := hook_at(folder, name):
            yield found
    try:
        others = sorted({path.name for path in place.iterdir()} - {*NAMES})
    except OSError:
        return
    for name in others:
        if not name.startswith(".") and not name.endswith(_IGNORED):
            meant = did_you_mean(name, NAMES) or f"the names are {', '.join(NAMES)}"
            yield Hook(name, place / name, State.UNKNOWN, f"nothing sets it off: {meant}")


def hears_of_changes(folder: Path) -> bool:
    """Tell whether any hook is there that is about changes: it costs something to write them down."""
    place = hooks_folder(folder)
    return any(os.path.lexists(place / name) for name in (BEFORE_CHANGE, AFTER_CHANGE, AFTER_IMPORT))


def hook_at(folder: Path, name: str) -> Hook | None:
    """Return a hook as it stands, or nothing where there is none."""
    path = hooks_folder(folder) / name
    try:
        descriptor = os.open(path, _OPEN)
    except FileNotFoundError:
        return Hook(name, path, State.UNSAFE, "it is a link to nothing") if os.path.lexists(path) else None
    except OSError as error:
        return Hook(name, path, State.UNSAFE, f"it cannot be read: {error.strerror}")
    try:
        if fault := _fault(os.fstat(descriptor)) or _folder_fault(path):
            return Hook(name, path, State.UNSAFE, fault)
        content = _content(descriptor)
    finally:
        os.close(descriptor)
    digest = sha256(content).hexdigest()
    return Hook(name, path, *_standing(path, digest), digest=digest, content=content)


def _content(descriptor: int) -> bytes:
    return b"".join(iter(lambda: os.read(descriptor, _BLOCK), b""))


def _standing(path: Path, digest: str) -> tuple[State, str]:
    if not os.access(path, os.X_OK):
        return State.NOT_EXECUTABLE, "it is not executable (chmod u+x)"
    known = trusted_digest(path)
    if known == digest:
        return State.TRUSTED, ""
    trust = f"crmctl hooks trust {path.name}"
    if known:
        return State.CHANGED, f"it was changed since it was trusted ({trust})"
    return State.UNTRUSTED, f"it is not trusted ({trust})"


def _fault(status: os.stat_result) -> str:
    """Return why somebody else could have made a file what it is, empty where nobody could."""
    return others_hand(status) if stat.S_ISREG(status.st_mode) else "it is no regular file"


def _folder_fault(path: Path) -> str:
    """Return why somebody else could put another file in the place of a hook."""
    faults = (others_hand(folder.stat(), f"its folder {folder}") for folder in path.parents[:2])
    return next(filter(None, faults), "")

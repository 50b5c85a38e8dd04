"""Places where a data file is not safe: others may read or replace it, or locks may not hold."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_REMOTE = re.compile(r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|fuse\..*")
_OCTAL = re.compile(r"\\(\d{3})")


def warnings(path: Path, *, mounts: str | None = None) -> list[str]:
    """Return what to warn about a data file's place; `mounts` is as in /proc/mounts."""
    target = Path(os.path.realpath(path))
    return [*_exposed(target), *_remote(target, _mounts() if mounts is None else mounts)]


def _exposed(target: Path) -> Iterator[str]:
    if _mode(target.parent) & 0o002:
        yield f"everybody may write to {target.parent}, so anybody could replace {target.name}"
    if _mode(target) & 0o077:
        yield f"{target} can be read by others: chmod 600 {target}"


def _remote(target: Path, mounts: str) -> Iterator[str]:
    kind = _file_system(target, (line.split() for line in mounts.splitlines()))
    if _REMOTE.fullmatch(kind):
        yield f"{target} is on a network or synchronised file system ({kind}), where locks may not hold"


def _file_system(target: Path, mounts: Iterable[list[str]]) -> str:
    """Return the type of the file system that a path is on: that of the longest mount point above it."""
    found, longest = "", -1
    for words in mounts:
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), words[1]) if len(words) > 2 else ""
        above = point and target.is_relative_to(point)
        if above and len(point) >= longest:
            found, longest = words[2], len(point)
    return found


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0

"""Which hooks a user trusts: a small file for each, in the user's own configuration, with the hash of what it holds.

Not in the workspace, which others may have written: a cloned repository brings no trust along.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from crmctl.errors import Refused, StoreUnreadable
from crmctl.own_folder import configuration_home
from crmctl.whole_file import whole_file


class _Trusted(msgspec.Struct, frozen=True):
    path: str
    sha256: str


def trusted_digest(hook: Path) -> str:
    """Return the hash under which a hook was trusted, empty where it was not, or where others could have said so."""
    file = _file(hook)
    try:
        status = file.stat()
        if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return ""
        found = msgspec.json.decode(file.read_bytes(), type=_Trusted)
    except (OSError, msgspec.MsgspecError):
        return ""
    return found.sha256 if found.path == str(hook) else ""


def trust(hook: Path, digest: str) -> None:
    """Trust a hook as long as it holds what it holds now. Raises StoreUnreadable where that cannot be written."""
    file = _file(hook)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        told = f"cannot write {file.parent}: {error.strerror}"
        raise StoreUnreadable(told, hint="XDG_CONFIG_HOME names another folder") from None
    with whole_file(str(file)) as written:
        written.write(msgspec.json.format(msgspec.json.encode(_Trusted(str(hook), digest))) + b"\n")
    if trusted_digest(hook) != digest:
        raise Refused(f"{file} is not yours alone, so nothing in it is trusted", hint=f"chmod go-w {file}")


def forget(hook: Path) -> bool:
    """Trust a hook no longer; returns whether it was trusted. Raises StoreUnreadable."""
    file = _file(hook)
    known = file.exists()
    try:
        with suppress(FileNotFoundError):
            file.unlink()
    except OSError as error:
        raise StoreUnreadable(f"cannot remove {file}: {error.strerror}") from None
    return known


def _file(hook: Path) -> Path:
    name = sha256(os.fsencode(hook)).hexdigest()[:32]
    return configuration_home(os.environ) / "crmctl" / "trusted-hooks" / f"{name}.json"

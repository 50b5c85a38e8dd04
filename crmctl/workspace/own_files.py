"""What a command must not write over: the files that the workspace is made of."""

import os
from pathlib import Path

from crmctl.config.files import PRIVATE_FOLDER
from crmctl.errors import WrongUse
from crmctl.workspace.workspace import Workspace

_CONFIGURATION = frozenset({".yaml", ".yml"})
CONFIGURED = "part of the configuration"
"""What every YAML file of the workspace may be."""


def check_target(workspace: Workspace, target: str) -> None:
    """Raise WrongUse for a file to write that is the workspace's own, whatever path or link leads to it."""
    if what := own_file(workspace, target):
        raise WrongUse(f"{target} is {what}: it is not written over", hint="name another file")


def own_file(workspace: Workspace, target: str | Path) -> str:
    """Return what of the workspace's own a file is, empty for any other."""
    folder, path = Path(os.path.realpath(workspace.folder)), Path(os.path.realpath(target))
    if _is_database(workspace.database, path):
        return "the database"
    private = folder / PRIVATE_FOLDER
    if path.is_relative_to(private) or path.is_relative_to(os.path.realpath(private)):
        return f"in {PRIVATE_FOLDER}, which is crmctl's own"
    if path.is_relative_to(folder) and path.suffix.lower() in _CONFIGURATION:
        return CONFIGURED
    return ""


def same_file(one: str | Path, other: str | Path) -> bool:
    """Tell whether two paths lead to one file, also where it does not exist yet."""
    try:
        return Path(one).samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def _is_database(database: Path, path: Path) -> bool:
    real = Path(os.path.realpath(database))
    files = [place.with_name(f"{place.name}{end}") for place in (database, real) for end in ("", ".lock")]
    return any(same_file(path, each) for each in files)

"""Which files belong to a workspace. Nothing outside its folder ever does: not by `..`, not by a link."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from crmctl.config.document import Json
from crmctl.errors import BadValue

WORKSPACE_FILE = "crmctl.yaml"
USUAL_DATABASE = "crm.json"
TESTS_FOLDER, TEST_SUFFIX = "tests", ".test.yaml"
PROFILES_FOLDER = "profiles"
PRIVATE_FOLDER = ".crmctl"
"""Where crmctl keeps what is its own: cache, backups, hooks."""


def find_workspace(start: Path) -> Path | None:
    """Return the nearest folder with a `crmctl.yaml`, from `start` upwards."""
    here = start.absolute()
    return next((folder for folder in (here, *here.parents) if (folder / WORKSPACE_FILE).is_file()), None)


def resolve_inside(folder: Path, name: str) -> Path:
    """Return the path that the configuration names. Raises BadValue for one outside, or that is not there."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or parts.parts[:1] == ("~",):
        raise BadValue(
            f'"{name}" leads out of the workspace', hint="write a path below the workspace's folder"
        )
    path = folder / name
    try:
        inside, there = is_inside(folder, path), path.exists()
    except (OSError, ValueError):
        raise BadValue(f'"{name}" cannot be read') from None
    if not inside:
        raise BadValue(f'"{name}" is a link that leads out of the workspace')
    if not there:
        raise BadValue(f'"{name}" does not exist')
    return path


def is_inside(folder: Path, path: Path) -> bool:
    """Tell whether a path, its links followed, lies in a folder."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def leads_out(folder: Path, path: Path) -> bool:
    """Tell whether a file below a folder is a link to one outside it."""
    return path.is_symlink() and not is_inside(folder, path)


def yaml_files(folder: Path) -> Iterator[Path]:
    """Yield every `*.yaml` below a folder by name; hidden ones and linked folders are passed over."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from yaml_files(Path(entry.path))
        elif entry.name.endswith(".yaml"):
            yield Path(entry.path)


def pipeline_files(folder: Path, pipelines: Json, tasks: Json = None) -> list[Path]:
    """Return the files that `pipelines:` names and that may be read; the path rule tells of the rest.

    A folder's other YAML files (the workspace's own, its tasks, its tests, its import profiles) are no pipelines.
    """
    if isinstance(pipelines, list):
        return [path for name in pipelines if (path := _readable(folder, name)) is not None]
    root = _readable(folder, pipelines)
    if root is None:
        return []
    if not root.is_dir():
        return [root]
    others = {folder / WORKSPACE_FILE, folder / str(tasks)}
    return [
        path
        for path in yaml_files(root)
        if path not in others
        and not is_test_file(path)
        and folder / PROFILES_FOLDER not in path.parents
        and not leads_out(folder, path)
    ]


def profile_files(folder: Path) -> list[Path]:
    """Return the import profiles of a workspace: every `*.yaml` below its folder `profiles`."""
    return [path for path in yaml_files(folder / PROFILES_FOLDER) if not leads_out(folder, path)]


def test_files(folder: Path) -> list[Path]:
    """Return the files of tests of a workspace: every `*.test.yaml` below its folder `tests`."""
    found = yaml_files(folder / TESTS_FOLDER)
    return [path for path in found if is_test_file(path) and not leads_out(folder, path)]


def is_test_file(path: Path) -> bool:
    """Tell whether a file is one of tests, by its name."""
    return path.name.endswith(TEST_SUFFIX)


def relative(folder: Path, path: Path) -> str:
    """Return how messages name a file of the workspace."""
    return path.relative_to(folder).as_posix()


def _readable(folder: Path, name: Json) -> Path | None:
    try:
        return resolve_inside(folder, name) if isinstance(name, str) else None
    except BadValue:
        return None

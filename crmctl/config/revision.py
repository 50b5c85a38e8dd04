"""The configuration of a workspace as a revision of its git repository has it.

Only the files that can be part of it are read, by git's own plumbing, into a folder that is removed again: nothing
is checked out, no hook of the repository runs, and what lies in the working tree is left alone.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from crmctl.config.check import check_workspace
from crmctl.config.files import WORKSPACE_FILE
from crmctl.config.yaml_reader import LARGEST_FILE, read_file
from crmctl.errors import NotConfigured, NotFound, StoreUnreadable, WrongUse
from crmctl.model.configuration import Configuration
from crmctl.model.finding import Severity
from crmctl.text import plural

_FILES = ("100644", "100755")
_MOST_TOLD = 5


class _Entry(NamedTuple):
    """A file of a revision, by its path from the workspace's folder."""

    path: str
    blob: str


def configuration_at(folder: Path, revision: str) -> Configuration:
    """Return the configuration of a revision, which may be anything that git takes for one.

    Raises NotFound for what git does not know, NotConfigured where that revision has none or an invalid one.
    """
    commit = _commit(folder, revision)
    entries = list(_entries(folder, commit))
    with TemporaryDirectory(prefix="crmctl-") as name:
        target = Path(name)
        _write(folder, [entry for entry in entries if entry.path == WORKSPACE_FILE], target)
        if not (target / WORKSPACE_FILE).exists():
            raise NotConfigured(f"revision {revision} has no {WORKSPACE_FILE} here")
        named = _named(target)
        _write(
            folder, [each for each in entries if each.path.endswith(".yaml") or each.path in named], target
        )
        checked = check_workspace(target)
    if checked.configuration is None:
        errors = [each for each in checked.findings if each.severity is Severity.ERROR]
        details = [
            {"message": f"{each.path}:{each.line}:{each.column}: {each.message}"}
            for each in errors[:_MOST_TOLD]
        ]
        raise NotConfigured(
            f"the configuration of revision {revision} has {plural(len(errors), 'error')}", details=details
        )
    return checked.configuration


def _commit(folder: Path, revision: str) -> str:
    """Return the commit that a revision is. One that begins like an option is none."""
    if revision.startswith("-"):
        raise NotFound(f'no revision is called "{revision}"')
    _git(folder, "rev-parse", "--git-dir")
    try:
        answer = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    except NotFound as error:
        raise NotFound(
            f'no revision "{revision}" here: {error.message}',
            hint="git fetch brings what is not here; a shallow clone has but the last commit",
        ) from None
    return answer.decode("utf-8", "replace").split()[-1]


def _entries(folder: Path, commit: str) -> Iterator[_Entry]:
    """Yield the files below the workspace's folder that are not too large to be read."""
    listed = _git(folder, "ls-tree", "-r", "-l", "-z", commit, "--", ".")
    for line in filter(None, listed.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, _, blob, size = about.decode().split()
        name = os.fsdecode(path)
        # Of a file that is not here git knows no size. A repository made by hand may have names that lead out of it.
        small = not size.isdigit() or int(size) <= LARGEST_FILE
        if mode in _FILES and small and ".." not in PurePosixPath(name).parts:
            yield _Entry(name, blob)


def _named(target: Path) -> set[str]:
    """Return the files that `crmctl.yaml` names: their names may have any ending."""
    data = read_file(target / WORKSPACE_FILE, WORKSPACE_FILE).data
    raw = data if isinstance(data, dict) else {}
    pipelines = raw.get("pipelines")
    names = [*(pipelines if isinstance(pipelines, list) else [pipelines]), raw.get("tasks")]
    return {PurePosixPath(name).as_posix() for name in names if isinstance(name, str)}


def _write(folder: Path, entries: list[_Entry], target: Path) -> None:
    """Write files of a revision. Raises NotFound where git has one's name but not its content."""
    asked = "".join(f"{entry.blob}\n" for entry in entries).encode()
    answer = _git(folder, "cat-file", "--batch", given=asked) if entries else b""
    at = 0
    for entry in entries:
        end = answer.index(b"\n", at)
        size = answer[at:end].split()[-1].decode()
        if not size.isdigit():
            raise NotFound(
                f"the content of {entry.path} is missing in this repository",
                hint="git fetch --refetch brings it",
            )
        path = target / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer[end + 1 : end + 1 + int(size)])
        at = end + 1 + int(size) + 1


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git answers. Raises NotFound with its words."""
    try:
        ran = subprocess.run(  # noqa: S603 - no shell, and nothing given can become an option
            ["git", "-C", str(folder), *words],  # noqa: S607 - whichever git the user has
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise WrongUse("--against needs git, which is not installed") from None
    except OSError as error:
        raise StoreUnreadable(f"git cannot be run: {error.strerror}") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise NotFound(f"git: {said.removeprefix('fatal: ')}")
    return ran.stdout

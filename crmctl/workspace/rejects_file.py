"""The file for what `import` and `inbox` do not take: written so that nothing gets lost between it and the store."""

from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path

import msgspec

from crmctl.errors import WrongUse
from crmctl.workspace.own_files import check_target, same_file
from crmctl.workspace.workspace import Workspace


class RejectsFile(msgspec.Struct, frozen=True):
    """The file, if any; `over` is one that is read, too."""

    path: str
    over: bool

    @contextmanager
    def around(
        self, rejected: Sized, write: Callable[[str], object], *, commits: bool = True
    ) -> Iterator[None]:
        """Write it before the block, which commits, or not; `over` an input after it, and only once that is done.

        None too are written, where the file of an earlier run would be mended and taken once more.
        """
        due = bool(self.path) and (len(rejected) > 0 or Path(self.path).exists())
        if due and not self.over:
            write(self.path)
        yield
        if due and self.over and commits:
            # Only now are the others of that file safe.
            write(self.path)


def rejects_file(path: str, names: Sequence[str], *, dry_run: bool) -> RejectsFile:
    """Return the file where one is to be written: none on a dry run."""
    return RejectsFile("" if dry_run else path, replaces_input(path, names))


def replaces_input(path: str, names: Sequence[str]) -> bool:
    """Tell whether what is rejected goes to a file that is read."""
    return bool(path) and any(name != "-" and same_file(path, name) for name in names)


def check_rejects_target(workspace: Workspace, path: str, example: str) -> None:
    """Raise WrongUse for what is no file, or one of the workspace's own."""
    if path == "-":
        raise WrongUse("--rejects wants a file: - is none", hint=f"--rejects {example}")
    if path:
        check_target(workspace, path)

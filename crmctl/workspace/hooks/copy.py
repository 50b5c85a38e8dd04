"""The copy of a hook that is run: what was hashed, whatever file was put in its place since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crmctl.workspace.hooks.folder import Hook


@contextmanager
def private_copy(hook: Hook) -> Iterator[Path]:
    """Put what a hook held when it was read where only its owner can look, under its own name. Raises OSError.

    On the file system of the hook: others, such as that of `/tmp`, may let nothing be run.
    """
    with TemporaryDirectory(prefix="run-", dir=hook.path.parent.parent, ignore_cleanup_errors=True) as folder:
        copy = Path(folder, hook.name)
        copy.write_bytes(hook.content)
        copy.chmod(0o700)
        yield copy

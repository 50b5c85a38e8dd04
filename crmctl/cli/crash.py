"""The report of a bug: versions and the traceback, never a record's values."""

import os
import platform
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from crmctl import __version__
from crmctl.cli.group import SECTIONS
from crmctl.config.files import PRIVATE_FOLDER
from crmctl.errors import CrmError
from crmctl.workspace.workspace import locate

if TYPE_CHECKING:
    from crmctl.cli.session import Session

_COMMANDS = frozenset(name for section in SECTIONS.values() for name in section)
_PACKAGES = ("click", "msgspec", "PyYAML", "tinydb", "tabulate", "jsonschema")


def write_report(session: "Session", error: Exception) -> Path | None:
    """Write `.crmctl/crash-*.txt` and return its path, or nothing where it cannot be written: then it is told."""
    try:
        folder = locate(session.settings) / PRIVATE_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"crash-{os.getpid()}-{os.urandom(3).hex()}.txt"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_report(session, error))
    except (OSError, CrmError):
        sys.stderr.write(_report(session, error))
        return None
    return path


def _report(session: "Session", error: Exception) -> str:
    """Return the text. Values may stand in the exception's message and in the arguments: both are left out."""
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    lines = [
        f"crmctl {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        *(f"{name} {_version(name)}" for name in _PACKAGES),
        f"command: {next((word for word in session.argv if word in _COMMANDS), '')}",
        "",
        *(frame.rstrip() for frame in frames),
        type(error).__name__,
    ]
    return "\n".join(lines) + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"

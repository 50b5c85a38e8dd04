"""`remind --exec`: handing reminders to a program, each as JSON on its standard input."""

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.activities.remind import Reminder
from crmctl.errors import NotFound, Refused, WrongUse
from crmctl.workspace.program import environment, run_program
from crmctl.workspace.remind import Rows, Tell, untold
from crmctl.workspace.workspace import Workspace


def telling(workspace: Workspace, command: str) -> Tell:
    """Return what hands reminders to a command. Raises WrongUse for what is none, NotFound for no such program.

    Its program is looked for where yours are; it runs in the present folder, with the environment of hooks.
    """
    argv = _words(command)
    env = environment(workspace, "")

    def tell(reminders: Sequence[Reminder], rows: Rows) -> Refused | None:
        for each, row in zip(reminders, rows, strict=True):
            ended = run_program(argv, msgspec.json.encode(row) + b"\n", env, folder=Path.cwd())
            if ended.fault:
                why = f"{Path(argv[0]).name} {_failed(ended.fault)}"
                return untold(each.task.label, why, ended.said)
        return None

    return tell


def _failed(fault: str) -> str:
    return f"failed: {fault}" if fault.startswith("exit ") else fault


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise WrongUse(f"--exec: {str(error).lower()}: {command}") from None
    if not words:
        raise WrongUse("--exec names no program")
    program = shutil.which(words[0])
    if program is None:
        there = Path(words[0]).is_file() and "/" in words[0]
        told = "is not executable" if there else "does not exist"
        raise NotFound(f"--exec: {words[0]} {told}", hint=f"chmod u+x {words[0]}" if there else None)
    return [os.path.abspath(program), *words[1:]]  # noqa: PTH100 - a link stays one

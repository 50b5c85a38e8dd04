"""A file beside the pipelines, the tests or the import profiles ends in `.yml`, and so is not read.

Pipelines and profiles are `*.yaml` and tests `*.test.yaml`. What somebody wrote into another file does not hold,
and nothing else would say so.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from crmctl.config.document import Fault
from crmctl.config.files import PROFILES_FOLDER, TESTS_FOLDER, relative, resolve_inside
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.errors import BadValue

RULE = style("unread-file")


def check(project: Project) -> Iterator[Fault]:
    """Yield the files that look as if they were read."""
    named = project.workspace.top.get("pipelines") if project.workspace else None
    if named is None or not isinstance(named.value, str):
        return
    patterns = ((named.value, "*.yml"), (TESTS_FOLDER, "*.test.yml"), (PROFILES_FOLDER, "*.yml"))
    strays = (_strays(project.folder, name, pattern) for name, pattern in patterns)
    for path in dict.fromkeys(chain.from_iterable(strays)):
        told = f'"{relative(project.folder, path)}" is not read: its name ends in .yml'
        yield Fault(named, told, f"rename it to {path.with_suffix('.yaml').name}")


def _strays(workspace: Path, name: str, pattern: str) -> list[Path]:
    try:
        folder = resolve_inside(workspace, name)
    except BadValue:  # another rule tells of it where it matters
        return []
    return sorted(path for path in folder.rglob(pattern) if not path.name.startswith("."))

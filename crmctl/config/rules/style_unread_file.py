"""A file beside the pipelines, the tests or the import profiles ends in `.yml`, and so is not read.

Pipelines and profiles are `*.yaml` and tests `*.test.yaml`. What somebody wrote into another file does not hold,
and nothing else would say so.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from crmctl.config.document import Fault
from crmctl.config.files import PROFILES_FOLDER, TESTS_FOLDER, relative
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("unread-file")


def check(project: Project) -> Iterator[Fault]:
    """Yield the files that look as if they were read."""
    named = project.workspace.top.get("pipelines") if project.workspace else None
    if named is None or not isinstance(named.value, str):
        return
    pipelines, tests = project.folder / named.value, project.folder / TESTS_FOLDER
    profiles = project.folder / PROFILES_FOLDER
    strays = chain(_strays(pipelines, "*.yml"), _strays(tests, "*.test.yml"), _strays(profiles, "*.yml"))
    for path in dict.fromkeys(strays):
        told = f'"{relative(project.folder, path)}" is not read: its name ends in .yml'
        yield Fault(named, told, f"rename it to {path.with_suffix('.yaml').name}")


def _strays(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if not path.name.startswith("."))

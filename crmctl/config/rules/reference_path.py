"""A file or folder that the configuration names is outside the workspace, or is not there.

`pipelines`, `tasks`, `rates`, `spend` and the templates of letters are paths below the workspace's
folder: not absolute, without `..`, and no links that lead out of it. The pipelines folder holds at
least one `*.yaml`.
"""

from collections.abc import Iterator
from pathlib import Path

from crmctl.config.document import Fault, Node
from crmctl.config.files import leads_out, pipeline_files, relative, resolve_inside, yaml_files
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.errors import BadValue

RULE = Rule("reference-path")

ABSENT = "does not exist"
"""How the reason ends for a path that is allowed, and leads nowhere."""


def check(project: Project) -> Iterator[Fault]:
    """Yield the paths that lead nowhere or out of the workspace."""
    if project.workspace is None:
        return
    top = project.workspace.top
    for name in _pipelines(top):
        yield from _judged(project.folder, name) or _listed(project, name)
    if tasks := top.get("tasks"):
        yield from _judged(project.folder, tasks)
    for key in ("rates", "spend"):
        data = top.get(key)
        if data and isinstance(data.value, str):
            # Figures that are not there yet are a warning of their own.
            yield from (
                fault for fault in _judged(project.folder, data) if not fault.message.endswith(ABSENT)
            )
    for _, action in project.actions():
        if letter := action.get("mail"):
            yield from _judged(project.folder, letter)


def _pipelines(top: Node) -> Iterator[Node]:
    named = top.get("pipelines")
    if named and isinstance(named.value, str):
        yield named
    elif named:
        yield from named.items()


def _judged(folder: Path, name: Node) -> list[Fault]:
    try:
        resolve_inside(folder, name.value)
    except BadValue as error:
        return [Fault(name, error.reason, error.hint or "")]
    return []


def _listed(project: Project, name: Node) -> list[Fault]:
    """Return what is wrong with the files of a pipelines folder."""
    root = project.folder / name.value
    if not root.is_dir():
        return []
    strays = [path for path in yaml_files(root) if leads_out(project.folder, path)]
    if strays:
        told = (
            f'"{relative(project.folder, path)}" is a link that leads out of the workspace' for path in strays
        )
        return [Fault(name, message) for message in told]
    assert project.workspace is not None
    if pipeline_files(project.folder, name.value, project.workspace.data.get("tasks")):
        return []
    others = any(root.glob("*.yml"))
    hint = (
        "rename its *.yml files to *.yaml" if others else "add a pipeline file, such as pipelines/sales.yaml"
    )
    return [Fault(name, f'"{name.value}" holds no pipeline (*.yaml)', hint)]

"""Where a plan of merges may be written: beside the configuration, and never over it or into it."""

from pathlib import Path

from crmctl.config.files import WORKSPACE_FILE
from crmctl.config.yaml_reader import read_file
from crmctl.workspace.own_files import CONFIGURED, check_target, own_file
from crmctl.workspace.workspace import Workspace

_MARK = b"schemas/merge-plan"
"""What stands in the first line of every plan."""


def check_plan_target(workspace: Workspace, target: str) -> None:
    """Raise WrongUse for a file that is the workspace's own; another plan is written over."""
    path = Path(target)
    if target == "-" or (own_file(workspace, path) == CONFIGURED and _is_free(path, workspace)):
        return
    check_target(workspace, target)


def _is_free(path: Path, workspace: Workspace) -> bool:
    """Tell whether a YAML file is a plan, or there is none yet, and it would not be read as a pipeline."""
    try:
        free = not path.exists() or _MARK in path.read_bytes()[:500]
    except OSError:
        return False
    return free and not _is_pipeline(workspace, path)


def _is_pipeline(workspace: Workspace, path: Path) -> bool:
    data = read_file(workspace.folder / WORKSPACE_FILE, WORKSPACE_FILE).data
    named = data.get("pipelines") if isinstance(data, dict) else None
    return isinstance(named, str) and path.resolve().is_relative_to((workspace.folder / named).resolve())

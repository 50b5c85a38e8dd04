"""`hooks`: which there are, trusting them and trusting them no longer."""

from collections.abc import Sequence
from pathlib import Path

from crmctl.errors import NotFound, Refused, WrongUse
from crmctl.text import names_hint
from crmctl.workspace.hooks.folder import NAMES, Hook, State, every_hook, hook_at, hooks_folder
from crmctl.workspace.hooks.trust import forget, trust
from crmctl.workspace.workspace import Settings, locate


def list_hooks(settings: Settings) -> list[Hook]:
    """Return the hooks of the workspace and how each stands. Raises NotConfigured."""
    return list(every_hook(locate(settings)))


def trust_hooks(settings: Settings, names: Sequence[str]) -> list[Hook]:
    """Trust the hooks named, or all, as they stand. Raises NotFound, Refused for one that others can write."""
    folder = locate(settings)
    found = [_there(folder, name) for name in _wanted(folder, names)]
    for hook in found:
        if hook.state is State.UNSAFE:
            raise Refused(f"{hook.name} is not trusted: {hook.why}", hint=f"ls -l {hook.path}")
    for hook in found:
        trust(hook.path, hook.digest)
    return [_there(folder, hook.name) for hook in found]


def untrust_hooks(settings: Settings, names: Sequence[str]) -> list[str]:
    """Trust the hooks named, or all, no longer; returns those that were. Raises WrongUse, NotConfigured."""
    folder = hooks_folder(locate(settings))
    for name in names:
        _check_name(name)
    return [name for name in dict.fromkeys(names or NAMES) if forget(folder / name)]


def _wanted(folder: Path, names: Sequence[str]) -> list[str]:
    for name in names:
        _check_name(name)
    return list(dict.fromkeys(names)) or [name for name in NAMES if hook_at(folder, name)]


def _check_name(name: str) -> None:
    if name not in NAMES:
        raise WrongUse(f'there is no hook "{name}"', hint=names_hint(name, NAMES))


def _there(folder: Path, name: str) -> Hook:
    found = hook_at(folder, name)
    if found is None:
        raise NotFound(f"{hooks_folder(folder) / name} does not exist", hint="crmctl hooks list")
    return found

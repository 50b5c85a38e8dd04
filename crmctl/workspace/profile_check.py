"""`profile check`: of profiles what is wrong with them, of files what an import would make of them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import report_profiles
from crmctl.config.files import relative
from crmctl.config.profiles import load_profiles
from crmctl.errors import WrongUse
from crmctl.model.finding import Severity
from crmctl.workspace.profiles import profile_folder
from crmctl.workspace.validation import Validation
from crmctl.workspace.workspace import Settings

_YAML = (".yaml", ".yml")
_FOR_OWN = "reference-profile-word"
"""The words of a shipped profile need not all mean something in one workspace: of those it is warned."""


class ProfilesChecked(msgspec.Struct, frozen=True):
    """What is wrong with profiles; `failed` where anything is, but for what only a shipped one speaks of."""

    validation: Validation
    failed: bool


def check_profiles(settings: Settings, targets: Sequence[str]) -> ProfilesChecked | None:
    """Return what is wrong with profiles, by name or by file; nothing where the targets are files to be imported.

    Raises WrongUse for both at once, NotFound for what is neither.
    """
    folder = profile_folder(settings)
    profiles = load_profiles(folder)
    named: dict[str, Path] = {}
    for target in targets:
        path = profiles.place(target) if target != "-" else Path(target)
        if profiles.named(target):
            named[_shown(path, folder)] = path
        elif target.lower().endswith(_YAML):
            named[target] = path
    if not named:
        return None
    if len(named) < len(set(targets)):
        raise WrongUse("profiles and files to be imported are checked apart")
    report = report_profiles(folder, named)
    shipped = {
        path for path, file in named.items() if str(file) in profiles.paths.values() and path == file.name
    }
    told = tuple(
        msgspec.structs.replace(one, severity=Severity.WARNING)
        if one.path in shipped and one.rule == _FOR_OWN
        else one
        for one in report.findings
    )
    failed = any(one.path not in shipped or one.severity is Severity.ERROR for one in told)
    return ProfilesChecked(Validation(msgspec.structs.replace(report, findings=told)), failed)


def _shown(path: Path, folder: Path | None) -> str:
    """Return how findings name a profile's file: as validate does for own ones, by its name for shipped ones."""
    return relative(folder, path) if folder and path.is_relative_to(folder) else path.name

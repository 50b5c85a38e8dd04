"""`profile check`: of profiles what is wrong with them, of files what an import would make of them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.check import report_profiles
from crmctl.config.files import relative
from crmctl.config.profiles import load_profiles
from crmctl.errors import NotFound, WrongUse
from crmctl.model.finding import Severity
from crmctl.text import names_hint
from crmctl.workspace.profile_survey import Asked, Survey, survey
from crmctl.workspace.profiles import profile_folder
from crmctl.workspace.validation import Validation
from crmctl.workspace.workspace import Settings, Workspace

_YAML = (".yaml", ".yml")
_FOR_OWN = "reference-profile-word"
"""The words of a shipped profile need not all mean something in one workspace: they are what its program says."""


class ProfilesChecked(msgspec.Struct, frozen=True):
    """What is wrong with profiles; `failed` where anything is, but for fields that only a shipped one speaks of."""

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
        if found := profiles.named(target):
            path = Path(profiles.paths[found])
            named[_shown(path, folder)] = path
        elif target.lower().endswith(_YAML) and Path(target).exists():
            named[target] = Path(target)
        elif target != "-" and not Path(target).exists():
            raise NotFound(
                f'no file and no profile "{target}"', hint=names_hint(target, profiles.names(), "profiles")
            )
    if not named:
        return None
    if len(named) < len(set(targets)):
        raise WrongUse("profiles and files to be imported are checked apart")
    report = report_profiles(folder, named)
    shipped = {
        path for path, file in named.items() if str(file) in profiles.paths.values() and path == file.name
    }
    kept = tuple(one for one in report.findings if one.path not in shipped or one.rule != _FOR_OWN)
    failed = any(one.path not in shipped or one.severity is Severity.ERROR for one in kept)
    return ProfilesChecked(Validation(msgspec.structs.replace(report, findings=kept)), failed)


def survey_all(workspace: Workspace, asked: Sequence[Asked]) -> list[Survey]:
    """Return what an import would make of each file."""
    return [survey(workspace, each) for each in asked]


def _shown(path: Path, folder: Path | None) -> str:
    """Return how findings name a profile's file: as validate does for own ones, by its name for shipped ones."""
    return relative(folder, path) if folder and path.is_relative_to(folder) else path.name

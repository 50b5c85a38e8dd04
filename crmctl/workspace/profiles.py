"""The import profiles that there are: those shipped, and those of the workspace."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from crmctl.config.document import Json
from crmctl.config.profiles import Profiles, load_profiles, profile_from
from crmctl.errors import NotConfigured
from crmctl.model.finding import Finding
from crmctl.model.import_profile import ImportProfile
from crmctl.workspace.workspace import Settings, locate


class ProfileInfo(msgspec.Struct, frozen=True):
    """A profile as lists show it; `origin` is `own` for one of the workspace, else `shipped`."""

    name: str
    title: str
    record: str
    origin: str


def profile_folder(settings: Settings) -> Path | None:
    """Return the workspace's folder, or nothing outside of one. Raises NotConfigured for a folder that is none."""
    try:
        return locate(settings)
    except NotConfigured:
        if settings.folder:
            raise
        return None


def list_profiles(settings: Settings) -> tuple[list[ProfileInfo], Profiles]:
    """Return the profiles by name, and where they come from."""
    profiles = load_profiles(profile_folder(settings))
    found = []
    for name in profiles.names():
        if profile := profiles.get(name):
            origin = "own" if profile.own else "shipped"
            found.append(ProfileInfo(profile.name, profile.title, profile.record.value, origin))
    return found, profiles


def named_profile(name: str, profiles: Profiles, folder: Path | None) -> ImportProfile:
    """Return a profile by its name, or from the file of that path, for a workspace. Raises NotFound, NotConfigured."""
    found = profiles.get(name)
    if found:
        return found
    profile, findings = profile_from(profiles.place(name), folder)
    if profile is None:
        raise faulty(findings)
    return profile


def faulty(findings: Sequence[Finding]) -> NotConfigured:
    """Return the error of profiles with faults, the first few named."""
    details = [{"message": f"{each.place}: {each.message}", "rule": each.rule} for each in findings[:5]]
    return NotConfigured(
        f"{findings[0].path} has errors, so that it is not known how files are read",
        details=details,
        hint=f"crmctl profile check {findings[0].path}",
    )


def profile_path(settings: Settings, name: str) -> Path:
    """Return the file of a profile, named by its name or its path. Raises NotFound."""
    return load_profiles(profile_folder(settings)).place(name)


def profile_text(path: Path) -> str:
    """Return a file of a profile as it stands."""
    return path.read_bytes().decode("utf-8-sig", "replace")


def profile_data(path: Path) -> Json:
    """Return what a file of a profile says. Raises NotConfigured where it cannot be read."""
    from crmctl.config.yaml_reader import read_file

    document = read_file(path, path.as_posix())
    if document.data is None:
        found = document.findings[0]
        raise NotConfigured(f"{found.place}: {found.message}", hint=f"crmctl profile check {path}")
    return document.data

"""The import profiles: those that are shipped, and those of a workspace, which win over shipped ones of their name.

What they were compiled to is kept in `.crmctl/cache/` until one of them or of the files of the configuration changes,
so that an import that uses none reads no YAML. Whatever is wrong with that, they are compiled again.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG

import msgspec

from crmctl import __version__, resources
from crmctl.config import files
from crmctl.config.cache import fingerprint
from crmctl.config.digest import digest
from crmctl.errors import CrmError, NotFound
from crmctl.model.finding import Finding, Severity
from crmctl.model.import_profile import ImportProfile, Signature
from crmctl.text import name_key, names_hint

FORMAT = 4
"""To be raised when what is kept changes its shape or its meaning within one version of crmctl."""
LARGEST_PROFILE = 1024 * 1024
"""Bytes beyond which no YAML is read."""
_PLACE = f"{files.PRIVATE_FOLDER}/cache/profiles.json"


class Profiles(msgspec.Struct, frozen=True):
    """The profiles by name, each to be decoded when it is wanted, and the path of each.

    `faults` are those of the workspace's own files.
    """

    signatures: tuple[Signature, ...]
    compiled: Mapping[str, msgspec.Raw]
    paths: Mapping[str, str]
    faults: tuple[Finding, ...] = ()

    def names(self) -> list[str]:
        """Return the names of all that can be used, sorted."""
        return sorted(self.compiled)

    def named(self, text: str) -> str:
        """Return the name that somebody typed, however they wrote it; empty where no profile has it.

        What another system calls otherwise has its name here, too: `pipedrive-contacts` are its people.
        """
        if text in self.compiled:
            return text
        key = name_key(text)
        return {name_key(name): name for name in self.compiled}.get(key, "") or self._called_here(key)

    def get(self, name: str) -> ImportProfile | None:
        """Return the profile of a name, or nothing where none is called so."""
        found = self.compiled.get(self.named(name))
        return None if found is None else msgspec.json.decode(found, type=ImportProfile)

    def place(self, name: str) -> Path:
        """Return the file of the profile that is called so, else the one of that path. Raises NotFound."""
        if found := self.named(name):
            return Path(self.paths[found])
        if Path(name).exists() and not Path(name).is_dir():
            return Path(name)
        raise NotFound(f'no profile "{name}"', hint=names_hint(name, self.names(), "profiles"))

    def _called_here(self, name: str) -> str:
        """Return the one profile of a system for the records that a name's last part is, empty where none is."""
        system, _, table = name.rpartition("-")
        alike = [
            each.name
            for each in self.signatures
            if each.record.table == table and each.name.rpartition("-")[0] == system
        ]
        return alike[0] if system and len(alike) == 1 else ""


class _Envelope(msgspec.Struct, frozen=True):
    key: str
    kept: msgspec.Raw


def load_profiles(folder: Path | None) -> Profiles:
    """Return the profiles of a workspace; without one those that are shipped."""
    sources = [(path, False) for path in shipped_files()]
    sources += [(path, True) for path in files.profile_files(folder)] if folder else []
    contents = {path: _content(path) for path, _ in sources}
    # The words of a workspace's own profiles are held against its configuration.
    told = fingerprint(folder) if folder and any(own for _, own in sources) else ""
    key = _key(contents, told)
    kept = _read(folder, key) if folder else None
    if kept is None:
        kept = _compiled([(path, contents[path], own) for path, own in sources], folder)
        if folder and not kept.faults:
            _write(folder, key, kept)
    return kept


def _content(path: Path) -> bytes:
    """Return what is in a file, as far as it may be one of a profile; what cannot be read has nothing in it."""
    try:
        if not S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(LARGEST_PROFILE + 1)
    except OSError:
        return b""


def shipped_files() -> list[Path]:
    """Return the files of the profiles that come with crmctl, by name."""
    return list(files.yaml_files(resources.folder("profiles")))


def profile_from(path: Path, folder: Path | None) -> tuple[ImportProfile | None, Sequence[Finding]]:
    """Return the profile in a file anywhere for a workspace, and its errors; none where it has any."""
    from crmctl.config.check import report_profiles
    from crmctl.config.compile_profile import compile_profile
    from crmctl.config.reading import read_checked

    name = path.as_posix()
    errors = _errors(report_profiles(folder, {name: path}).findings)
    return (
        None if errors else compile_profile(read_checked(path, name, "profile").document, own=True)
    ), errors


def _compiled(sources: Sequence[tuple[Path, bytes, bool]], folder: Path | None) -> Profiles:
    found: dict[str, ImportProfile] = {}
    paths: dict[str, str] = {}
    faults: list[Finding] = []
    for path, profile in _each(sources, folder, faults):
        found[profile.name], paths[profile.name] = profile, str(path)
    signatures = tuple(profile.signature for profile in found.values() if profile.detect)
    compiled = {name: msgspec.Raw(msgspec.json.encode(profile)) for name, profile in found.items()}
    return Profiles(signatures, compiled, paths, tuple(faults))


def _each(
    sources: Sequence[tuple[Path, bytes, bool]], folder: Path | None, faults: list[Finding]
) -> Iterator[tuple[Path, ImportProfile]]:
    """Yield every sound profile, the workspace's own last; what is wrong with those is added to `faults`."""
    from crmctl.config.compile_profile import compile_profile
    from crmctl.config.reading import held_against
    from crmctl.config.yaml_reader import read

    named = {files.relative(folder, path): path for path, _, own in sources if own} if folder else {}
    faults += _faults(folder, named)
    unsound = {each.path for each in faults}
    paths = {path: name for name, path in named.items()}
    for path, content, own in sources:
        if not own:
            # Their schema was checked when they were made.
            yield path, compile_profile(read(content, path.name), own=False)
        elif paths[path] not in unsound:
            yield (
                path,
                compile_profile(held_against(read(content, paths[path]), "profile").document, own=True),
            )


def _faults(folder: Path | None, named: Mapping[str, Path]) -> list[Finding]:
    """Return the errors of a workspace's own profiles, as `validate` has them."""
    if not named:
        return []
    from crmctl.config.check import report_profiles

    return _errors(report_profiles(folder, named).findings)


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def _key(contents: Mapping[Path, bytes], configuration: str) -> str:
    found = (f"{path}\t{digest(content)}" for path, content in contents.items())
    lines = [f"{__version__} {FORMAT}", configuration, *found]
    return digest("\n".join(lines).encode("utf-8", "surrogateescape"))


def _read(folder: Path, key: str) -> Profiles | None:
    try:
        envelope = msgspec.json.decode((folder / _PLACE).read_bytes(), type=_Envelope)
        return msgspec.json.decode(envelope.kept, type=Profiles) if envelope.key == key else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _write(folder: Path, key: str, kept: Profiles) -> None:
    from crmctl.whole_file import whole_file

    place = folder / _PLACE
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(str(place)) as file:
            file.write(msgspec.json.encode(_Envelope(key, msgspec.Raw(msgspec.json.encode(kept)))))
    except (OSError, CrmError):
        return  # a read-only workspace, a full disk: the next import compiles again

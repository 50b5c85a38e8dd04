"""The compiled configuration, kept as JSON in `.crmctl/cache/` until a file it comes from changes.

A hit loads no YAML, no schema and no rule. Whatever is wrong with the cache, it is built again and
nobody is told; it is never needed. Invalid configurations are not kept.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from crmctl import __version__
from crmctl.config import files
from crmctl.config.digest import digest
from crmctl.errors import CrmError
from crmctl.model.configuration import Configuration
from crmctl.model.finding import Finding

FORMAT = 3
"""To be raised when what is kept changes its shape or its meaning within one version of crmctl."""

_PLACE = f"{files.PRIVATE_FOLDER}/cache/configuration.json"


class Kept(msgspec.Struct, frozen=True):
    """What the cache holds: the configuration with the warnings that came with it."""

    configuration: Configuration
    findings: tuple[Finding, ...]
    tasks_findings: tuple[Finding, ...]


class _Envelope(msgspec.Struct, frozen=True):
    """What tells whether the cache still holds: `pipelines` and `tasks` are as they stand in crmctl.yaml."""

    key: str
    pipelines: str | list[str]
    tasks: str
    kept: msgspec.Raw


def read(folder: Path) -> Kept | None:
    """Return what is kept for a workspace, or nothing where it is out of date, damaged or not there."""
    return _read(folder, fresh=True)


def last_good(folder: Path) -> Configuration | None:
    """Return the configuration that is kept, although its files have changed since; nothing where none is."""
    found = _read(folder, fresh=False)
    return found.configuration if found else None


def fingerprint(folder: Path) -> str:
    """Return what changes with any file of the configuration that is kept, empty where none is."""
    try:
        envelope = msgspec.json.decode((folder / _PLACE).read_bytes(), type=_Envelope)
        return _key(_digests(folder, envelope))
    except (OSError, ValueError, msgspec.MsgspecError):
        return ""


def _read(folder: Path, *, fresh: bool) -> Kept | None:
    try:
        envelope = msgspec.json.decode((folder / _PLACE).read_bytes(), type=_Envelope)
        if fresh and envelope.key != _key(_digests(folder, envelope)):
            return None
        return msgspec.json.decode(envelope.kept, type=Kept)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def write(folder: Path, kept: Kept, digests: Mapping[str, str], pipelines: str | list[str]) -> None:
    """Keep a configuration; `digests` are those of the bytes it was compiled from, by path."""
    from crmctl.whole_file import whole_file

    raw = msgspec.Raw(msgspec.json.encode(kept))
    envelope = _Envelope(_key(digests), pipelines, kept.configuration.tasks, raw)
    place = folder / _PLACE
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(str(place)) as file:
            file.write(msgspec.json.encode(envelope))
    except (OSError, CrmError):
        return  # a read-only workspace, a full disk: the next command compiles again


def _digests(folder: Path, envelope: _Envelope) -> dict[str, str]:
    paths = [folder / files.WORKSPACE_FILE, *files.pipeline_files(folder, envelope.pipelines, envelope.tasks)]
    if envelope.tasks and (folder / envelope.tasks).exists():
        paths.append(folder / envelope.tasks)
    return {files.relative(folder, path): digest(path.read_bytes()) for path in paths}


def _key(digests: Mapping[str, str]) -> str:
    lines = [f"{__version__} {FORMAT}", *(f"{path}\t{found}" for path, found in digests.items())]
    return digest("\n".join(lines).encode("utf-8", "surrogateescape"))

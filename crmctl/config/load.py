"""The way in: from a folder to its configuration, from the cache where nothing changed."""

from pathlib import Path

import msgspec

from crmctl.config import cache
from crmctl.model.configuration import Configuration
from crmctl.model.finding import Finding


class Loaded(msgspec.Struct, frozen=True):
    """A workspace's configuration, missing where `findings` has an error.

    `tasks_findings` are what is wrong with tasks.yaml: they stop only what has to do with tasks.
    """

    configuration: Configuration | None
    findings: tuple[Finding, ...] = ()
    tasks_findings: tuple[Finding, ...] = ()


def load(folder: Path, *, use_cache: bool = True) -> Loaded:
    """Return the configuration of the workspace in a folder, and what is wrong with it."""
    kept = cache.read(folder) if use_cache else None
    if kept is None:
        return _compile(folder, use_cache=use_cache)
    return Loaded(kept.configuration, kept.findings, kept.tasks_findings)


def _compile(folder: Path, *, use_cache: bool) -> Loaded:
    from crmctl.config.check import check_workspace

    found = check_workspace(folder)
    if found.configuration is not None and use_cache:
        kept = cache.Kept(found.configuration, found.findings, found.tasks_findings)
        cache.write(folder, kept, found.digests, found.pipelines)
    return Loaded(found.configuration, found.findings, found.tasks_findings)

"""`init`: a workspace from a template, and its empty database. Never overwrites."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from crmctl.config.fallback import database_name
from crmctl.config.files import WORKSPACE_FILE
from crmctl.config.init import taken_back, template_folder, write_schemas, write_template
from crmctl.config.load import load
from crmctl.storage.open import create_store
from crmctl.workspace.applied import DOCUMENT, first_document
from crmctl.workspace.workspace import backups_of, database_path

USUAL_TEMPLATE = "trade"


class Started(msgspec.Struct, frozen=True):
    """What `init` made: files, and the database if it was missing."""

    folder: Path
    template: str
    files: tuple[str, ...]
    database: str


def start_workspace(
    folder: Path, template: str, database: str = "", *, on_commit: Callable[[], object] | None = None
) -> Started:
    """Make what is missing of a workspace, all of it or nothing; `on_commit` is called when the database is there.

    Raises WrongUse for a template nobody knows, StoreUnreadable for what the system refuses.
    """
    if template:
        template_folder(template)
    template = "" if (folder / WORKSPACE_FILE).exists() else template or USUAL_TEMPLATE
    with taken_back() as made:
        written = write_template(template, folder, made) if template else write_schemas(folder, made)
        files = tuple(str(path) for path in written)
        path = database_path(folder, database or database_name(folder))
        missing = not path.exists()
        if missing:
            create_store(
                path,
                backups=backups_of(folder, path),
                documents=_documents(folder),
                on_commit=lambda: _stays(made, on_commit),
            )
    return Started(folder, template, files, str(path) if missing else "")


def _documents(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what a database holds from the first: the configuration it is made for, where that is in order."""
    # Without the cache, which would stay behind if this fails.
    configuration = load(folder, use_cache=False).configuration
    return {DOCUMENT: first_document(configuration)} if configuration else {}


def _stays(made: list[Path], on_commit: Callable[[], object] | None) -> None:
    """Keep what was made: the workspace is whole."""
    made.clear()
    if on_commit:
        on_commit()

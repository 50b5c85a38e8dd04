"""`init`: a workspace from a template, and its empty database. Never overwrites."""

from pathlib import Path

import msgspec

from crmctl.config.fallback import database_name
from crmctl.config.files import WORKSPACE_FILE
from crmctl.config.init import write_schemas, write_template
from crmctl.errors import WrongUse
from crmctl.resources import template_names
from crmctl.storage.open import create_store
from crmctl.text import did_you_mean
from crmctl.workspace.workspace import backups_of, database_path

USUAL_TEMPLATE = "trade"


class Started(msgspec.Struct, frozen=True):
    """What `init` made: files, and the database if it was missing."""

    folder: Path
    template: str
    files: tuple[str, ...]
    database: str


def start_workspace(folder: Path, template: str, database: str = "") -> Started:
    """Make what is missing of a workspace. Raises WrongUse for a template nobody knows."""
    names = template_names()
    if template and template not in names:
        hint = did_you_mean(template, names) or f"templates: {', '.join(names)}"
        raise WrongUse(f'no template "{template}"', hint=hint)
    files: tuple[str, ...] = ()
    if not (folder / WORKSPACE_FILE).exists():
        template = template or USUAL_TEMPLATE
        files = tuple(str(path) for path in write_template(template, folder))
    else:
        template = ""
        files = tuple(str(path) for path in write_schemas(folder))
    path = database_path(folder, database or database_name(folder))
    missing = not path.exists()
    if missing:
        create_store(path, backups=backups_of(folder))
    return Started(folder, template, files, str(path) if missing else "")

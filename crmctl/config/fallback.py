"""What can still be known of a workspace whose configuration is invalid: enough to look back, undo and export."""

from pathlib import Path

import msgspec

from crmctl.config import cache
from crmctl.config.files import USUAL_DATABASE, WORKSPACE_FILE
from crmctl.model.configuration import Configuration
from crmctl.model.standard_fields import STANDARD_FIELDS


def database_name(folder: Path) -> str:
    """Return the database that `crmctl.yaml` names, whatever else is wrong with it."""
    from crmctl.config.yaml_reader import read_file

    data = read_file(folder / WORKSPACE_FILE, WORKSPACE_FILE).data
    named = data.get("database") if isinstance(data, dict) else None
    return named if isinstance(named, str) and named else USUAL_DATABASE


def last_known(folder: Path) -> Configuration:
    """Return the configuration as it last was in order, or else one that knows the standard fields alone."""
    found = cache.last_good(folder) or _bare(folder)
    return msgspec.structs.replace(found, database=database_name(folder))


def _bare(folder: Path) -> Configuration:
    return Configuration(
        name=folder.name,
        currency="USD",
        mode="leads",
        timezone="UTC",
        phone_region="",
        database=USUAL_DATABASE,
        fields={kind.value: fields for kind, fields in STANDARD_FIELDS.items()},
        pipelines=(),
    )

"""`schema`: the shipped JSON Schemas, printed or as files."""

from pathlib import Path

from crmctl.config.schema_files import Written, write_schema_files
from crmctl.errors import NotFound, WrongUse
from crmctl.resources import schema_names, schema_text
from crmctl.text import names_hint


def printed_schema(name: str) -> str:
    """Return a schema as it is shipped. Raises NotFound for one that is not there."""
    return schema_text(_known(name)).decode()


def write_schemas(out: str, name: str = "", *, every: bool = False) -> list[Written]:
    """Write a schema, or every one, below a folder; returns the files that were not so already.

    Raises WrongUse where it is not clear which or where, NotFound for an unknown name, and what writing raises.
    """
    if not out:
        raise WrongUse("--all writes files: say where", hint="crmctl schema --all --out DIR")
    if bool(name) == every:
        raise WrongUse("name one schema, or all of them by --all", hint=f"crmctl schema --all --out {out}")
    return write_schema_files(Path(out), schema_names() if every else [_known(name)])


def _known(name: str) -> str:
    names = schema_names()
    if name not in names:
        raise NotFound(f'no schema "{name}"', hint=names_hint(name, names, "schemas"))
    return name

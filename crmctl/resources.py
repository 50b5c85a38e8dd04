"""Where the shipped schemas, templates and profiles lie: beside the package in a checkout, inside it in a wheel."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the shipped folder `schemas`, `pipelines` or `profiles`.

    A wheel carries them in `crmctl/_shipped`; a checkout and an editable install have them beside the package.
    """
    for candidate in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"crmctl is installed without its {name} folder")


def schema_names() -> list[str]:
    """Return the names that `crmctl schema NAME` takes, `output/...` ones included."""
    root = folder("schemas")
    found = (path.relative_to(root).as_posix() for path in root.rglob("*.schema.json"))
    return sorted(name.removesuffix(".schema.json") for name in found)


def schema_file(name: str) -> str:
    """Return the path of a schema's file below the folder of schemas."""
    return f"{name}.schema.json"


def schema_text(name: str) -> bytes:
    """Return a schema's file as it is shipped."""
    return (folder("schemas") / schema_file(name)).read_bytes()


def template_names() -> list[str]:
    """Return the names that `crmctl init --template` takes."""
    return sorted(entry.name for entry in os.scandir(folder("pipelines")) if entry.is_dir())

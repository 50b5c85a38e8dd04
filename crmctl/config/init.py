"""Starting a workspace from a shipped template. No file that is there already is ever written over."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from crmctl import resources
from crmctl.config.files import PRIVATE_FOLDER
from crmctl.errors import Refused, StoreUnreadable, WrongUse
from crmctl.text import did_you_mean

_SCHEMA_LINE = re.compile(
    rb"\A(# yaml-language-server: \$schema=)\S*?([\w-]+\.schema\.json)[ \t]*$", re.MULTILINE
)
_IGNORED = (f"{PRIVATE_FOLDER}/", "*.lock", "*.rejects.csv")
_SCHEMAS = ("crmctl", "pipeline", "tasks", "test")


def write_template(template: str, target: Path) -> list[Path]:
    """Copy a template into a folder, with schemas for editors and a `.gitignore`; returns the files written.

    Raises WrongUse for an unknown template, Refused where a file is in the way (and then writes nothing).
    """
    names = resources.template_names()
    if template not in names:
        hint = did_you_mean(template, names) or "one of: " + ", ".join(names)
        raise WrongUse(f'unknown template "{template}"', hint=hint)
    source = resources.folder("pipelines") / template
    files = {target / path.relative_to(source): path for path in _files(source)}
    in_the_way = [path for path in files if path.exists() or path.is_symlink()]
    if in_the_way:
        names = [path.relative_to(target).as_posix() for path in in_the_way]
        raise Refused(
            f"{target} already holds {', '.join(names)}", hint="start the workspace in an empty folder"
        )
    try:
        return [*_write_files(target, files), *write_schemas(target), *_write_gitignore(target)]
    except OSError as error:
        raise StoreUnreadable(f"cannot write to {target}: {error.strerror or error}") from None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _write_files(target: Path, files: dict[Path, Path]) -> list[Path]:
    for path, source in files.items():
        content = source.read_bytes()
        if path.suffix == ".yaml":
            content = _pointed_at_schemas(content, target, path)
        _write_new(path, content)
    return list(files)


def _pointed_at_schemas(content: bytes, target: Path, path: Path) -> bytes:
    """Return a file whose first line leads editors to the workspace's own copy of the schema."""
    schemas = os.path.relpath(target / PRIVATE_FOLDER / "schemas", path.parent).replace(os.sep, "/")
    return _SCHEMA_LINE.sub(rb"\g<1>" + schemas.encode() + rb"/\g<2>", content, count=1)


def write_schemas(target: Path) -> Iterator[Path]:
    """Copy the schemas that are missing to where the files of a workspace tell editors to look for them."""
    for name in _SCHEMAS:
        path = target / PRIVATE_FOLDER / "schemas" / f"{name}.schema.json"
        if not path.exists():
            _write_new(path, resources.schema_text(name))
            yield path


def _write_gitignore(target: Path) -> Iterator[Path]:
    """Add the lines that are missing to the end of a `.gitignore`, or begin one."""
    path = target / ".gitignore"
    before = path.read_text("utf-8") if path.exists() else ""
    known = {line.strip() for line in before.splitlines()}
    missing = [line for line in _IGNORED if line not in known]
    if missing:
        gap = "" if not before or before.endswith("\n") else "\n"
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(gap + "\n".join(missing) + "\n")
        yield path


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)

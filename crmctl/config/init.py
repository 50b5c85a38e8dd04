"""Starting a workspace from a shipped template. No file that is there already is ever written over."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmctl import resources
from crmctl.config.files import PRIVATE_FOLDER, WORKSPACE_FILE
from crmctl.errors import Refused, StoreUnreadable, WrongUse
from crmctl.text import names_hint
from crmctl.whole_file import sync_folder, whole_file

_SCHEMA_LINE = re.compile(
    rb"\A(# yaml-language-server: \$schema=)\S*?([\w-]+\.schema\.json)[ \t]*$", re.MULTILINE
)
_IGNORED = (f"{PRIVATE_FOLDER}/", "*.lock", "*.rejects.csv")
_SCHEMAS = ("crmctl", "pipeline", "tasks", "test")


@contextmanager
def taken_back() -> Iterator[list[Path]]:
    """Yield a list for the files and folders that are made: they are removed again if the block fails.

    Raises StoreUnreadable for what the system refuses.
    """
    made: list[Path] = []
    try:
        yield made
    except BaseException as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, OSError):
            raise StoreUnreadable(f"cannot start a workspace: {error.strerror or error}") from None
        raise


def write_template(template: str, target: Path, made: list[Path]) -> list[Path]:
    """Copy a template into a folder, with schemas for editors and a `.gitignore`; returns the files written.

    What is new goes into `made`. Raises WrongUse for an unknown template, Refused where a file is in the way
    (and then writes nothing).
    """
    source = template_folder(template)
    files = {target / path.relative_to(source): path for path in _files(source)}
    contents = {path: _content(target, path, source) for path, source in files.items()}
    in_the_way = [path for path, content in contents.items() if _in_the_way(path, content)]
    if in_the_way:
        names = [path.relative_to(target).as_posix() for path in in_the_way]
        raise Refused(
            f"{target} already holds {', '.join(names)}", hint="start the workspace in an empty folder"
        )
    workspace = target / WORKSPACE_FILE
    others = [path for path in files if path != workspace and not path.exists()]
    for path in others:
        _write_new(path, contents[path], made)
    around = [*write_schemas(target, made), *_write_gitignore(target, made)]
    _write_new(workspace, contents[workspace], made)  # the last: with it, the workspace is whole
    return [*files, *around]


def template_folder(template: str) -> Path:
    """Return where a shipped template lies. Raises WrongUse for one that nobody knows."""
    names = resources.template_names()
    if template not in names:
        raise WrongUse(f'no template "{template}"', hint=names_hint(template, names, "templates"))
    return resources.folder("pipelines") / template


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a template; not what crmctl keeps in a checkout's one that somebody worked in."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def _content(target: Path, path: Path, source: Path) -> bytes:
    content = source.read_bytes()
    return _pointed_at_schemas(content, target, path) if path.suffix == ".yaml" else content


def _in_the_way(path: Path, content: bytes) -> bool:
    """Tell whether something is there that an `init` that was stopped did not write."""
    if path.is_symlink() or not path.is_file():
        return os.path.lexists(path)
    return path.read_bytes() != content


def _pointed_at_schemas(content: bytes, target: Path, path: Path) -> bytes:
    """Return a file whose first line leads editors to the workspace's own copy of the schema."""
    schemas = os.path.relpath(target / PRIVATE_FOLDER / "schemas", path.parent).replace(os.sep, "/")
    return _SCHEMA_LINE.sub(rb"\g<1>" + schemas.encode() + rb"/\g<2>", content, count=1)


def write_schemas(target: Path, made: list[Path]) -> Iterator[Path]:
    """Copy the schemas that are missing to where the files of a workspace tell editors to look for them."""
    for name in _SCHEMAS:
        path = target / PRIVATE_FOLDER / "schemas" / resources.schema_file(name)
        if not path.exists():
            _write_new(path, resources.schema_text(name), made)
            yield path


def _write_gitignore(target: Path, made: list[Path]) -> Iterator[Path]:
    """Add the lines that are missing to the end of a `.gitignore`, or begin one."""
    path = target / ".gitignore"
    before = path.read_bytes().decode("utf-8") if path.exists() else ""
    known = {line.strip() for line in before.splitlines()}
    missing = [line for line in _IGNORED if line not in known]
    if missing:
        gap = "" if not before or before.endswith("\n") else "\n"
        text = before + gap + "\n".join(missing) + "\n"
        _write_new(path, text.encode(), [] if path.exists() else made)
        yield path


def _write_new(path: Path, content: bytes, made: list[Path]) -> None:
    _make_folder(path.parent, made)
    made.append(path)
    with whole_file(str(path), mode=0o666) as file:
        file.write(content)


def _make_folder(path: Path, made: list[Path]) -> None:
    if not path.is_dir():
        _make_folder(path.parent, made)
        path.mkdir()
        made.append(path)
        sync_folder(path.parent)

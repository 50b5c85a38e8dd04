"""Template files: where they lie, the subject that they begin with, and whether they make HTML."""

import os
import re
from pathlib import Path
from stat import S_ISREG

import msgspec

from crmctl.errors import NotFound
from crmctl.mail.trouble import BadTemplate
from crmctl.text import nfc

LARGEST = 1024 * 1024
_HTML = frozenset({".html", ".htm", ".xhtml"})
_JINJA = frozenset({".j2", ".jinja", ".jinja2"})
INCLUDED = (".txt", ".md", ".html", ".htm", ".xhtml", ".css", ".svg", ".tex", ".j2", ".jinja", ".jinja2")
"""What files that templates take in end in: data, in which there is what customers wrote, is none of them."""
_SUBJECT = re.compile(r"subject[ \t]*:[ \t]*([^\n]*)\n(?:[ \t]*\n)?", re.IGNORECASE)


class NoTemplate(Exception):  # not an error of ours: it is told with the line that asks for the file
    """A file that a template may not take in, and why."""


class Template(msgspec.Struct, frozen=True):
    """A template file's text. Its first line may be `Subject: ...`; `body` keeps the numbers of the lines."""

    path: Path
    body: str
    subject: str = ""

    @property
    def name(self) -> str:
        """How messages name it."""
        return str(self.path)

    @property
    def html(self) -> bool:
        """Whether it makes HTML, so that values are escaped."""
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        while suffixes and suffixes[-1] in _JINJA:
            suffixes.pop()
        return bool(suffixes) and suffixes[-1] in _HTML


def find_template(name: str, workspace: Path) -> Path:
    """Return the file that is meant: from where one stands, else below the workspace. Raises NotFound."""
    for path in (Path(name), workspace / name):
        if path.exists():
            return path
    raise NotFound(f"no template {name}", hint=f"it is looked for here and in {workspace}")


def read_template(path: Path) -> Template:
    """Return a template. Raises BadTemplate for what is no text."""
    text = template_text(path)
    match = _SUBJECT.match(text)
    if match is None:
        return Template(path, text)
    # A comment takes the place of the lines of the subject, so that errors name the lines of the file.
    return Template(path, "{#" + "\n" * match[0].count("\n") + "#}" + text[match.end() :], match[1].strip())


def template_text(path: Path) -> str:
    """Return the text of a template file. Raises BadTemplate."""
    try:
        if not S_ISREG(path.stat().st_mode):
            raise BadTemplate(f"the template {path} is not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadTemplate(f"the template {path} cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise BadTemplate(f"the template {path} is larger than {LARGEST // 1024} KiB")
    try:
        return nfc(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadTemplate(f"{path}:{line}: the template is not UTF-8", hint="save it as UTF-8") from None


def included(folder: Path, name: str) -> Path:
    """Return the file that a template includes: a template below its folder, links followed. Raises NoTemplate."""
    root = os.path.realpath(folder)
    path = Path(os.path.realpath(Path(root, name)))
    if not (path.is_relative_to(root) and path.is_file()):
        raise NoTemplate(f'"{name}" is no file in {folder} or below it')
    if any(part.startswith(".") for part in path.relative_to(root).parts):
        raise NoTemplate(f'"{name}" is hidden, and no template')
    if path.suffix.lower() not in INCLUDED:
        raise NoTemplate(f'"{name}" is no template: their names end in {" ".join(INCLUDED)}')
    return path

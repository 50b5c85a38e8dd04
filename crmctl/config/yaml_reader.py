"""Strict YAML: bytes to a `Document`, whatever they hold. What is wrong becomes findings, never errors.

Scalars are those of YAML 1.2's core schema, except that digits with a leading zero stay text. The
parser's events are walked without recursion, so that depth is bounded here and not by the interpreter's
stack.
"""

import re
from math import isfinite
from pathlib import Path
from stat import S_ISREG
from typing import Any

from crmctl.config.comments import ignores_in
from crmctl.config.digest import digest
from crmctl.config.document import Document, Json, Keys, Mark
from crmctl.config.lines import BREAK
from crmctl.config.yaml_faults import Opened, told
from crmctl.model.finding import Finding, Severity
from crmctl.text import visible

LARGEST_FILE = 1024 * 1024
DEEPEST = 32
MOST_FINDINGS = 100
"""A file with more is not worth telling more about."""

_UNREADABLE = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE_FILE = Mark(0, 0)
_LONGEST_NUMBER = 300
_SPELL_OUT = "write the value out in each place"
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_file(file: Path, path: str) -> Document:
    """Read a file; `path` is how findings name it."""
    try:
        if not S_ISREG(file.stat().st_mode):
            return _unread(path, "syntax-file", "the path is not a file")
        with file.open("rb") as stream:
            return read(stream.read(LARGEST_FILE + 1), path)
    except FileNotFoundError:
        return _unread(path, "syntax-file", "the file does not exist")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return _unread(path, "syntax-file", f"the file cannot be read: {reason.lower()}")


def read(content: bytes, path: str, *, largest: int = LARGEST_FILE) -> Document:
    """Read a file's bytes; `path` is how findings name it."""
    if len(content) > largest:
        return _unread(path, "syntax-too-large", f"the file is larger than {largest // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(path, error, len(content))
    if bad := _UNREADABLE.search(text):
        message = f"control character {visible(bad[0])} is not allowed"
        return _unread(path, "syntax-encoding", message, _mark_at(text, bad.start()))
    return _Reader(path, digest(content)).read(text)


def scalar(text: str) -> str | int | float | bool | None:
    """Return what plain (unquoted) text means in YAML 1.2's core schema, leading zeros aside."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER or text[0] not in "-+.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if isfinite(number) else text
    return text


def _unread(path: str, rule: str, message: str, mark: Mark = _WHOLE_FILE, hint: str = "") -> Document:
    return Document(path, findings=(Finding(path, *mark, rule, Severity.ERROR, message, hint),))


def _not_utf8(path: str, error: UnicodeDecodeError, size: int) -> Document:
    """Tell of the first byte that cannot be read; the error counts from behind a byte order mark."""
    before = error.object[: error.start].decode("utf-8")
    byte = size - len(error.object) + error.start + 1
    message = f"the file is not UTF-8: byte {byte} cannot be read"
    return _unread(path, "syntax-encoding", message, _mark_at(before, len(before)), "save the file as UTF-8")


def _mark_at(text: str, index: int) -> Mark:
    breaks = list(BREAK.finditer(text, 0, index))
    start = breaks[-1].end() if breaks else 0
    return Mark(len(breaks) + 1, index - start + 1)


class _Stop(Exception):
    """Reading has to end here: what follows cannot be trusted."""


class _Frame:
    """An open mapping or list. What stands in a `lost` one is read and forgotten; one in brackets has their place."""

    __slots__ = ("bracket", "data", "is_key", "key", "keys", "lost")

    def __init__(self, data: Json, keys: Keys, *, lost: bool, is_key: bool = False) -> None:
        self.data = data
        self.keys = keys
        self.lost = lost
        self.is_key = is_key
        self.bracket: Mark | None = None
        self.key: _Key | None = None


class _Key:
    """A key that waits for its value; `name` is None where the pair will be dropped."""

    __slots__ = ("mark", "name")

    def __init__(self, name: str | None, mark: Mark) -> None:
        self.name = name
        self.mark = mark


class _Reader:
    """Builds data and places from the parser's events."""

    def __init__(self, path: str, digest: str) -> None:
        self.path = path
        self.digest = digest
        self.top: list[Json] = []
        self.stack = [_Frame(self.top, (), lost=False)]
        self.key_marks: dict[Keys, Mark] = {}
        self.value_marks: dict[Keys, Mark] = {}
        self.findings: list[Finding] = []
        self.texts: list[tuple[Mark, Mark]] = []
        self.usable = True

    def read(self, text: str) -> Document:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(text, Loader=loader):
                self._take(event)
            if self.top in ([], [None]) and not self.findings:
                self._refuse("syntax-documents", "the file is empty", Mark(1, 1))
        except yaml.MarkedYAMLError as error:
            found = told(error, text, self._opened())
            self._refuse("syntax-yaml", f"not YAML: {found.message}", found.mark, found.hint)
        except yaml.YAMLError as error:
            self._refuse("syntax-yaml", f"not YAML: {str(error).splitlines()[0]}", Mark(1, 1))
        except _Stop:
            pass
        data = self.top[0] if self.top and self.usable else None
        ignores = ignores_in(text, self.texts)
        findings = tuple(sorted(self.findings))
        return Document(self.path, self.digest, data, self.key_marks, self.value_marks, findings, ignores)

    def _refuse(self, rule: str, message: str, mark: Mark, hint: str = "", *, usable: bool = False) -> None:
        self.usable = self.usable and usable
        self.findings.append(Finding(self.path, *mark, rule, Severity.ERROR, message, hint))
        if len(self.findings) >= MOST_FINDINGS:
            self.usable = False
            raise _Stop

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._take_scalar(event)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open(event, {} if kind == "MappingStartEvent" else [])
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._close()
        elif kind == "AliasEvent":
            mark = _mark(event)
            self._refuse(
                "syntax-alias", f'alias "*{event.anchor}": aliases are not allowed', mark, _SPELL_OUT
            )
            self._place(None, mark)
        elif kind == "DocumentStartEvent" and self.top:
            self._refuse("syntax-documents", "a second document begins here", _mark(event), "keep one a file")
            raise _Stop

    def _take_scalar(self, event: Any) -> None:
        mark = _mark(event)
        self._refuse_extras(event, mark)
        plain = event.style is None or event.style == ""
        value = scalar(event.value) if plain else event.value
        if "\0" in event.value:
            self._refuse("syntax-encoding", "the character NUL is not allowed", mark)
        if "crmctl:" in event.value:
            self.texts.append((mark, Mark(event.end_mark.line + 1, event.end_mark.column + 1)))
        frame = self.stack[-1]
        if self._expects_key(frame):
            self._take_key(frame, value, mark, plain=plain)
        else:
            self._place(value, mark)

    def _take_key(self, frame: _Frame, value: Json, mark: Mark, *, plain: bool) -> None:
        frame.key = _Key(None, mark)
        if value == "<<" and plain:
            self._refuse("syntax-alias", "merge keys are not allowed", mark, _SPELL_OUT)
        elif not isinstance(value, str):
            shown = "null" if value is None else str(value).lower()
            self._refuse("syntax-key", f"key {shown} is not text", mark, f'write "{shown}" in quotes')
        elif value in frame.data:
            self._refuse_second(frame, value, mark)
        else:
            frame.key.name = value

    def _refuse_second(self, frame: _Frame, name: str, mark: Mark) -> None:
        first = self.key_marks.get((*frame.keys, name))
        where = f": first on line {first.line}" if first else ""
        self._refuse("syntax-duplicate-key", f'key "{name}" stands twice{where}', mark, usable=True)

    def _open(self, event: Any, data: Json) -> None:
        mark = _mark(event)
        self._refuse_extras(event, mark)
        if len(self.stack) > DEEPEST:
            self._refuse("syntax-nesting", f"nested deeper than {DEEPEST} levels", mark)
            raise _Stop
        frame = self.stack[-1]
        if self._expects_key(frame):
            self._refuse("syntax-key", "a list or mapping cannot be a key", mark)
            self.stack.append(_Frame(data, (), lost=True, is_key=True))
        else:
            keys = self._place(data, mark)
            self.stack.append(_Frame(data, keys or (), lost=keys is None))
        self.stack[-1].bracket = mark if event.flow_style else None

    def _opened(self) -> list[Opened]:
        """Return the brackets that are open, the innermost last."""
        return [
            Opened("list" if isinstance(frame.data, list) else "mapping", frame.bracket)
            for frame in self.stack
            if frame.bracket
        ]

    def _close(self) -> None:
        closed = self.stack.pop()
        if closed.is_key:
            self.stack[-1].key = _Key(None, Mark(1, 1))

    def _place(self, value: Json, mark: Mark) -> Keys | None:
        """Put a value where it belongs; returns the way to it, or nothing for one that is forgotten."""
        frame = self.stack[-1]
        if len(self.stack) == 1:
            self.top.append(value)
            keys: Keys = ()
        elif isinstance(frame.data, list):
            keys = (*frame.keys, len(frame.data))
            frame.data.append(value)
        else:
            key, frame.key = frame.key, None
            if key is None or key.name is None:
                return None
            keys = (*frame.keys, key.name)
            frame.data[key.name] = value
            if not frame.lost:
                self.key_marks[keys] = key.mark
        if frame.lost:
            return None
        self.value_marks[keys] = mark
        return keys

    def _expects_key(self, frame: _Frame) -> bool:
        return isinstance(frame.data, dict) and frame.key is None

    def _refuse_extras(self, event: Any, mark: Mark) -> None:
        if event.anchor is not None:
            self._refuse(
                "syntax-alias", f'anchor "&{event.anchor}": anchors are not allowed', mark, _SPELL_OUT
            )
        if event.tag is not None:
            shown = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._refuse("syntax-tag", f'tag "{shown}": tags are not allowed', mark)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)

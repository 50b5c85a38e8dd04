"""JSON that other programs hand in: an object, an array of objects, or one object a line."""

import sys
from pathlib import Path

import msgspec

from crmctl.errors import NotFound, WrongUse


def read_documents(name: str) -> list[object]:
    """Return the objects in a file, or on standard input for `-`. Raises NotFound, WrongUse."""
    if name == "-":
        text = sys.stdin.read()
    else:
        path = Path(name)
        if not path.is_file():
            raise NotFound(f"no such file: {path}")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise WrongUse(f"{name}: not UTF-8 at byte {error.start}") from None
    if not text.strip():
        raise WrongUse("no JSON was given")
    try:
        whole = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return _lines(text, name, error)
    return whole if isinstance(whole, list) else [whole]


def _lines(text: str, name: str, problem: Exception) -> list[object]:
    """Return the objects of JSON lines. Raises WrongUse naming the line, or what the whole text lacks."""
    lines = [line for line in text.splitlines() if line.strip()]
    found: list[object] = []
    for at, line in enumerate(lines, 1):
        try:
            found.append(msgspec.json.decode(line))
        except msgspec.DecodeError as error:
            told = f"line {at}: {error}" if found else str(problem)
            raise WrongUse(f"{'standard input' if name == '-' else name} is not JSON: {told}") from None
    return found

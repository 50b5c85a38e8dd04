"""JSON that other programs hand in: an object, an array of objects, or one object a line."""

import sys
from pathlib import Path

from crmctl.errors import NotFound, Refused, WrongUse


def read_documents(name: str) -> list[dict[str, object]]:
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
    from crmctl.importer.json_reader import documents

    try:
        return documents(text, "standard input" if name == "-" else name)
    except Refused as error:
        raise WrongUse(error.message, hint=error.hint) from None

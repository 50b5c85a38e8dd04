"""Telling what is wrong with a data file, and what to do about it."""

import json
import re
from math import isinf
from pathlib import Path
from typing import Any, cast

from crmctl.errors import NotFound, StoreDamaged
from crmctl.storage.backups import Backup, Backups
from crmctl.storage.meta import Damage

Tables = dict[str, dict[str, dict[str, Any]]]
"""A data file read by no other rule than JSON's: documents by number by table."""

_NUMBER = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)
_ACCEPT = "look over the edit, then crmctl db check --accept"


def missing(path: Path, backups: Backups | None) -> NotFound:
    """Return the error for a data file that is not there."""
    newest = backups.newest_good() if backups else None
    if newest:
        return NotFound(f"there is no database {path}", hint=restore_command(newest), details=_lines(newest))
    return NotFound(f"there is no database {path}", hint="crmctl init")


def damaged(path: Path, data: bytes, fault: Damage, backups: Backups | None) -> StoreDamaged:
    """Return the error for bytes that are not what was written: what is wrong, and the newest good backup."""
    newest = backups.newest_good() if backups else None
    details = _lines(newest)
    try:
        read_tables(data)
        reason, hint = fault.message, _ACCEPT
        details += [{"message": f"or, if it was edited by hand: {_ACCEPT}"}] if newest else []
    except Damage as error:
        reason, hint = error.message, "there is no good backup to restore"
    hint = restore_command(newest) if newest else hint
    return StoreDamaged(f"{path} is damaged: {reason}", hint=hint, details=details)


def restore_command(backup: Backup) -> str:
    """Return the command that goes back to a backup."""
    import shlex

    return f"crmctl db restore {shlex.quote(str(backup.path))}"


def read_tables(data: bytes) -> Tables:
    """Return the tables of a file that is JSON of the right shape, whatever its checksum. Raises Damage."""
    if not data.strip(b" \t\r\n\0"):
        raise Damage("it is empty" if not data else f"its {len(data):,} bytes are blank")
    try:
        text = data.decode("utf-8-sig")  # some editors add the mark
        content = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse_word, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise Damage(_not_json(error)) from error
    except (ValueError, RecursionError) as error:
        raise Damage(f"it is not JSON: {error}") from error
    return _shaped(content)


def _shaped(content: object) -> Tables:
    if not isinstance(content, dict):
        raise Damage(f"it holds {json.dumps(content)[:20]} instead of tables")
    for name, table in content.items():
        if not isinstance(table, dict):
            raise Damage(f'its table "{name}" is no table')
        for number, document in table.items():
            if not isinstance(document, dict) or not _NUMBER.fullmatch(number):
                raise Damage(f'its table "{name}" has "{number}", which is no numbered document')
    return cast(Tables, content)


def _not_json(error: json.JSONDecodeError) -> str:
    cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
    return f"it is cut off in line {error.lineno}" if cut else f"line {error.lineno} is not JSON"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Damage(f'it has "{twice}" twice in one object')
    return found


def _refuse_word(word: str) -> None:
    raise Damage(f"it has {word}, which is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise Damage(f"it has {digits}, which is too large a number")
    return number


def _lines(newest: Backup | None) -> list[dict[str, object]]:
    return [{"message": f"newest good backup: {newest}"}] if newest else []

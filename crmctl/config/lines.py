"""Lines as YAML counts them: other characters that Python takes for line breaks are none."""

import re
from pathlib import Path

BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def source_line(file: Path, number: int) -> str | None:
    """Return a line of a file, counted from 1, as far as it can be read; nothing where there is none."""
    try:
        # As a finding counts columns: a byte order mark is none, and a byte that cannot be read is one.
        lines = BREAK.split(file.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError:
        return None
    return lines[number - 1] if 0 < number <= len(lines) else None

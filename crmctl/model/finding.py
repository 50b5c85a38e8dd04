"""What a check found: a value with a place, never an exception."""

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How much a finding weighs: errors fail, warnings only under `--strict`."""

    ERROR = "error"
    WARNING = "warning"


class Finding(msgspec.Struct, frozen=True, order=True):
    """A fault at a place: line and column count from 1; 0 is the whole file. Sorted by place."""

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        """Where it is; one that is about a file as a whole has no line."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

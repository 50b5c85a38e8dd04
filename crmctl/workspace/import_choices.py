"""What the command line of an import says for every row."""

from enum import StrEnum

import msgspec

from crmctl.rules.assignment import Assignment


class OnDuplicate(StrEnum):
    """What to do with a row whose record is known. Usually: update where the row has its id, else skip."""

    USUAL = ""
    SKIP = "skip"
    UPDATE = "update"
    FILL = "fill"
    ERROR = "error"
    CREATE = "create"


class Choices(msgspec.Struct, frozen=True):
    """What the command line says for every row."""

    key: tuple[str, ...] = ()
    on_duplicate: OnDuplicate = OnDuplicate.USUAL
    assignments: tuple[Assignment, ...] = ()
    pipeline: str = ""
    stage: str = ""
    owner: str = ""
    run_actions: bool = False

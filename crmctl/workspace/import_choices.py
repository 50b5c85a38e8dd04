"""What the command line of an import says for every row."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from crmctl.model.records import RecordType
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

    def shared_out(self, linked: Iterable[RecordType]) -> tuple["Choices", dict[RecordType, "Choices"]]:
        """Return what is said for the rows' own records, and by `contact.FIELD` for those that come along."""
        own: list[Assignment] = []
        theirs: dict[str, list[Assignment]] = {kind.value: [] for kind in linked}
        for each in self.assignments:
            head, dot, name = each.field.partition(".")
            if dot and head in theirs:
                theirs[head].append(msgspec.structs.replace(each, field=name))
            else:
                own.append(each)
        return msgspec.structs.replace(self, assignments=tuple(own)), {
            RecordType(head): Choices(assignments=tuple(given)) for head, given in theirs.items() if given
        }

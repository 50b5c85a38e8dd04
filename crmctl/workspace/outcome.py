"""What an operation came to, for the command line to tell."""

import msgspec

from crmctl.errors import CrmError, Refused
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.rules.actions import Step
from crmctl.rules.decision import Refusal


class WriteOptions(msgspec.Struct, frozen=True):
    """Options every writing operation takes."""

    dry_run: bool = False
    message: str = ""
    partial: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What was changed, or would be under `--dry-run`, and what was refused. `run` undoes it as one.

    `records` are all that were asked about as they are now, those included that needed no change. `steps` are the
    stages that records came to, those that actions moved them through included.
    `foretold` are notes that a dry run has, too.
    """

    changes: tuple[Change, ...] = ()
    records: tuple[Record, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    foretold: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    run: str = ""
    generation: int = 0
    dry_run: bool = False

    @property
    def created(self) -> list[Record]:
        """The records that were not there before, by type as people name them: contact, company, deal."""
        found = [change.record for change in self.changes if change.before is None and change.after]
        return sorted(found, key=lambda record: list(RecordType).index(record.type))


class GateRefused(Refused):
    """One record lacks fields: a terminal can ask for them, a script gets the command."""

    code = "missing_fields"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(
            refusal.message,
            details=refusal.all_details(),
            record=refusal.record.id if refusal.record else None,
            hint=refusal.hint or None,
        )
        self.refusal = refusal


class RefusedInPart(Refused):
    """One record of several, of which others are changed."""

    exit_code = 7


def as_error(refusal: Refusal, *, in_part: bool = False) -> Refused:
    """Return the error that tells a refusal, alone or beside what is changed."""
    error = (RefusedInPart if in_part else Refused)(
        refusal.message,
        details=refusal.all_details(),
        record=refusal.record.id if refusal.record else None,
        hint=refusal.hint or None,
    )
    error.code = refusal.code
    return error


def refused(refusals: list[Refusal], asked: int, what: str = "records") -> CrmError:
    """Return the error of a command that is all or nothing; `what` is what was asked for."""
    if asked == 1 and refusals[0].missing:
        return GateRefused(refusals[0])
    if asked == 1:
        return as_error(refusals[0])
    details = []
    for each in refusals:
        lacking = ", ".join(missing.name for missing in each.missing)
        details.append(
            {
                "message": f"{each.message}: {lacking}" if lacking else each.message,
                "record": each.record.id if each.record else None,
            }
        )
    return Refused(
        f"{len(refusals)} of {asked} {what} are refused, nothing was changed",
        details=details,
        hint="--partial changes the others",
    )

"""What taking in messages came to."""

import msgspec

from crmctl.importer.inbound_rejects import RejectedMessage
from crmctl.model.change import Change


class TakenMessage(msgspec.Struct, frozen=True):
    """What becomes of a message: `create join unchanged blacklist reject`, its records, and why it is not taken."""

    file: str
    place: str
    action: str
    records: tuple[str, ...]
    reason: str = ""


class InboxSummary(msgspec.Struct, frozen=True):
    """What taking in messages came to. `changes` and `plan` are those of a dry run, message by message."""

    run: str
    files: tuple[str, ...]
    messages: int
    created: int
    joined: int
    unchanged: int
    waits_ended: int
    rejected: tuple[RejectedMessage, ...]
    rejects: str
    changes: tuple[Change, ...] = ()
    plan: tuple[TakenMessage, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def blacklisted(self) -> int:
        """How many were dropped because their sender is on the blacklist."""
        return sum(each.blacklisted for each in self.rejected)

    @property
    def faulty(self) -> int:
        """How many were rejected for what they hold, or lack."""
        return len(self.rejected) - self.blacklisted

    def counts(self) -> dict[str, object]:
        """Return it as JSON shows it, the plan left out."""
        return {
            "run": self.run or None,
            "files": self.files,
            "messages": self.messages,
            "created": self.created,
            "joined": self.joined,
            "unchanged": self.unchanged,
            "blacklisted": self.blacklisted,
            "rejected": self.faulty,
            "waits_ended": self.waits_ended,
            "rejects": self.rejects or None,
            "warnings": self.warnings,
        }

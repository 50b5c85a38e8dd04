"""`inbox`: inbound messages become leads or join their clients, in one commit, undone as one run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import msgspec

from crmctl.errors import WrongUse
from crmctl.importer.inbound import Inbound
from crmctl.importer.inbound_formats import read_messages
from crmctl.importer.inbound_rejects import RejectedMessage, write_rejected_messages
from crmctl.importer.source import Source
from crmctl.text import first_of
from crmctl.workspace.inbox_summary import InboxSummary, TakenMessage
from crmctl.workspace.message_intake import Intake, Verdict
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.own_files import same_file
from crmctl.workspace.rejects_file import RejectsFile, check_rejects_target, rejects_file
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Settings, Workspace

_PROGRESS_EVERY = 200


class _File(msgspec.Struct, frozen=True):
    """A file that was read; `given` is how it was named, `-` for standard input."""

    given: str
    source: Source
    messages: list[Inbound]


def take_messages(
    workspace: Workspace, names: Sequence[str], rejects: str, options: WriteOptions
) -> InboxSummary:
    """Take the messages of files in. Reading comes before the lock; whose they are is decided on the state under it.

    Raises NotFound, WrongUse, and Refused for a file that cannot be read at all or that changed meanwhile.
    """
    check_rejects_target(workspace, rejects, "rejects.jsonl")
    with ExitStack() as open_files:
        sources = [open_files.enter_context(Source(name)) for name in names]
        files = [
            _File(name, each, list(read_messages(each, workspace.conventions)))
            for name, each in zip(names, sources, strict=True)
        ]
        _check_over(rejects, files)
        target = rejects_file(rejects, names, dry_run=options.dry_run)
        return _take_read(workspace, files, target, options)


@until_settled
def _take_read(
    workspace: Workspace, files: Sequence[_File], target: RejectsFile, options: WriteOptions
) -> InboxSummary:
    """Take in what was read. Raises Refused for a file that changed meanwhile."""
    with transaction(workspace, options, keep=False) as tx:
        tx.begin_run("inbox", files=tuple(file.given for file in files))
        tally = _Tally()
        intake = Intake(tx, [each.message for _, each in _each(files) if each.message])
        _take_all(files, intake, tally, workspace.settings)
        for file in files:
            file.source.verify()
        return _finish(tx, files, intake, tally, target)


class _Tally:
    """What became of the messages."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(("create", "join", "unchanged", "blacklist", "reject"), 0)
        self.rejected: list[RejectedMessage] = []
        self.plan: list[TakenMessage] = []
        self.warnings: dict[str, None] = {}

    @property
    def ledger(self) -> dict[str, int]:
        """What the ledger tells of them."""
        counts = self.counts
        return {
            "rows": sum(counts.values()),
            "created": counts["create"],
            "updated": counts["join"],
            "unchanged": counts["unchanged"],
            "skipped": counts["blacklist"],
            "rejected": counts["reject"],
        }

    def take(self, file: _File, each: Inbound, verdict: Verdict) -> None:
        """Count a message."""
        self.counts[verdict.action] += 1
        name = file.source.name
        if verdict.action in ("blacklist", "reject"):
            listed = verdict.action == "blacklist"
            rejected = RejectedMessage(name, each.place, verdict.reason, each.original, listed)
            self.rejected.append(rejected)
        for note in each.notes:
            self.warnings[f"{name}: {note}"] = None
        self.plan.append(TakenMessage(name, each.place, verdict.action, verdict.records, verdict.reason))


def _take_all(files: Sequence[_File], intake: Intake, tally: _Tally, settings: Settings) -> None:
    """Decide on every message, file by file."""
    total, tell = sum(len(file.messages) for file in files), settings.on_progress
    for done, (file, each) in enumerate(_each(files), 1):
        verdict = intake.take(each.message) if each.message else Verdict("reject", reason=each.reason)
        tally.take(file, each, verdict)
        if tell and (done % _PROGRESS_EVERY == 0 or done == total):
            tell(done, total, "taking in")


def _each(files: Sequence[_File]) -> Iterator[tuple[_File, Inbound]]:
    for file in files:
        for each in file.messages:
            yield file, each


def _finish(
    tx: Transaction, files: Sequence[_File], intake: Intake, tally: _Tally, target: RejectsFile
) -> InboxSummary:
    """Write the rejects, commit, and count."""
    counts, dry_run = tally.counts, tx.options.dry_run
    if tx.run:
        hashes = tuple(file.source.digest for file in files)
        tx.recording.run = msgspec.structs.replace(tx.run, hashes=hashes, **tally.ledger)
    with target.around(tally.rejected, lambda path: write_rejected_messages(path, tally.rejected)):
        outcome = tx.commit()
    return InboxSummary(
        run="" if dry_run else outcome.run,
        files=tx.run.files if tx.run else (),
        messages=sum(counts.values()),
        created=counts["create"],
        joined=counts["join"],
        unchanged=counts["unchanged"],
        waits_ended=intake.waits_ended,
        rejected=tuple(tally.rejected),
        rejects=target.path if tally.rejected else "",
        changes=tx.changes,
        plan=tuple(tally.plan) if dry_run else (),
        notes=tuple(intake.notes),
        warnings=tuple(first_of([*intake.warnings, *tally.warnings])),
        dry_run=dry_run,
    )


def _check_over(rejects: str, files: Sequence[_File]) -> None:
    """Raise WrongUse where rejected messages would take the place of a file that has others, too."""
    for file in files:
        others = not all(each.again for each in file.messages)
        if others and rejects and file.source.is_plain and same_file(rejects, file.given):
            raise WrongUse(
                f"--rejects {rejects} is a file that is read: its other messages would be lost",
                hint="name another file",
            )

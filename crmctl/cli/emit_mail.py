"""Telling what became of letters, and what waits in the outbox."""

from collections.abc import Mapping, Sequence

from crmctl.cli.output import Output
from crmctl.cli.session import exit_code
from crmctl.dates import local_text
from crmctl.model.table import Column
from crmctl.text import plural, visible
from crmctl.workspace.mail_request import Mailed, Result, Status
from crmctl.workspace.workspace import Workspace

MOST_TOLD = 20
_COLUMNS = tuple(
    Column(name, title)
    for name, title in (
        ("record", "ID"),
        ("title", "Title"),
        ("template", "Template"),
        ("at", "Since"),
        ("by", "By"),
    )
)
_DONE = {
    Status.SENT: "sent",
    Status.WRITTEN: "written",
    Status.TO_SEND: "to send",
    Status.DROPPED: "dropped",
}
_FAILED = {
    Status.REFUSED: "refused",
    Status.UNWRITTEN: "not to be written",
    Status.DOUBTFUL: "doubtful",
    Status.WAITING: "not sent yet",
}
_LEFT = _FAILED | {Status.SKIPPED: "skipped"}


def emit_mailed(output: Output, mailed: Mailed) -> int:
    """Tell it, and return the exit code: 7 where some letters did not go out that should have."""
    if output.format == "json":
        output.json(mailed.summary())
    elif output.format == "ids":
        for each in mailed.results:
            if each.status in _DONE:
                output.data(each.record)
    elif mailed.dry_run:
        _foretell(output, mailed)
    _tell(output, mailed)
    if mailed.failure:
        output.error(mailed.failure)
    failed = mailed.count(*_FAILED) > 0 or mailed.failure is not None
    return exit_code(some=mailed.count(*_DONE) > 0, all_of_it=not failed)


def _foretell(output: Output, mailed: Mailed) -> None:
    for each in mailed.results:
        if each.status is Status.TO_SEND:
            output.data(visible(f"+ {each.label} to {each.address}: {each.subject}"))


def _tell(output: Output, mailed: Mailed) -> None:
    aside = [each for each in mailed.results if each.status in _LEFT and each.status is not Status.WAITING]
    for each in aside[:MOST_TOLD]:
        if each.status is Status.SKIPPED:
            output.note(f"{each.label} gets no letter: {each.reason}")
        else:
            output.warning(_fault(each))
    if len(aside) > MOST_TOLD:
        output.note(f"and {plural(len(aside) - MOST_TOLD, 'more', 'more')}: -o json tells of all")
    output.status(_summary(mailed))


def _fault(each: Result) -> str:
    whose = f"{each.label} to {each.address}" if each.address else each.label
    return f"{whose}: {_LEFT[each.status]}: {each.reason}"


def _summary(mailed: Mailed) -> str:
    """Return `R-7: 12 letters sent, 2 skipped, 40 sent before (undo: ...)`."""
    counts = [
        f"{mailed.count(status):,} {word}" for status, word in (_DONE | _LEFT).items() if mailed.count(status)
    ]
    if counts and any(mailed.count(status) for status in _DONE):
        number, _, word = counts[0].partition(" ")
        counts[0] = f"{number} {'letter' if number == '1' else 'letters'} {word}"
        counts[0] += f" to {mailed.target}" if mailed.target else ""
    elif counts:
        counts.insert(0, "no letters")
    counts += [f"{mailed.known:,} sent before"] if mailed.known else []
    told = ", ".join(counts) or "no letters"
    return f"{mailed.run}: {told}" if mailed.run else told


def emit_outbox(output: Output, letters: Sequence[Mapping[str, str]], workspace: Workspace) -> None:
    """List what waits, the oldest first."""
    zone = workspace.configuration.timezone
    rows = [{**each, "at": local_text(each["at"], zone)} for each in letters]
    if output.format == "json":
        output.json(rows)
    elif output.format == "ids":
        output.text("".join(f"{each}\n" for each in dict.fromkeys(row["record"] for row in rows)))
    else:
        output.rows(_COLUMNS, [{**row, "at": row["at"][:16].replace("T", " ")} for row in rows])
    if not rows and not output.format:
        output.status("no letter waits")

"""`log` and `runs`: what happened, by whom, when."""

import re

import msgspec

from crmctl.dates import read_span, stored_moment
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Entry, Run
from crmctl.model.records import parse_id
from crmctl.text import names_hint
from crmctl.workspace.find import check_visible, not_found
from crmctl.workspace.merged import absorbed
from crmctl.workspace.standing_notes import told_history
from crmctl.workspace.workspace import Workspace

OPERATIONS = (
    *("create", "update", "move", "convert", "reject", "assign", "link", "unlink"),
    *("take", "complete", "cancel", "reschedule"),
    *("message", "note", "remove-note", "mail", "merge", "delete", "restore", "purge", "apply", "undo"),
)
"""What an entry of history may say was done."""
_RUN = re.compile(r"R-[1-9][0-9]*")


class LogRequest(msgspec.Struct, frozen=True):
    """Which entries are wanted, as typed; all where nothing is said."""

    ids: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    by: str = ""
    operation: str = ""
    limit: int = 0


def read_log(workspace: Workspace, asked: LogRequest) -> list[Entry]:
    """Return the entries, the latest recorded first; of records that were merged into those named, too.

    Raises WrongUse, NotFound for ids never given.
    """
    reader = workspace.read()
    ids = {parse_id(text) for text in asked.ids}
    came: set[str] = set()
    for record_id in sorted(ids):
        if not reader.was_given(record_id):
            raise not_found(record_id)
        check_visible(reader, record_id)
        came |= set(absorbed(reader, record)) if (record := reader.get(record_id)) else set()
    operation = _operation(asked.operation)
    since = _edge(asked.since, "since", workspace)
    until = _edge(asked.until, "until", workspace)
    by = workspace.by if asked.by == "me" else workspace.configuration.known_user(asked.by) or asked.by
    found = [
        entry
        for entry in told_history(workspace, reader, ids | came or None)
        if (not since or entry.at >= since)
        and (not until or entry.at < until)
        and by in ("", entry.by)
        and operation in ("", entry.op, entry.run)
    ]
    found.reverse()
    return found[: asked.limit] if asked.limit else found


def _operation(text: str) -> str:
    """Return the operation or the run that is meant. Raises WrongUse for what is neither."""
    if not text or text.lower() in OPERATIONS:
        return text.lower()
    if _RUN.fullmatch(text.upper()):
        return text.upper()
    raise WrongUse(
        f'--operation: unknown operation "{text}"', hint=names_hint(text, OPERATIONS, "operations")
    )


def read_runs(workspace: Workspace) -> list[Run]:
    """Return the ledger, the latest first."""
    return list(reversed(workspace.read().runs()))


def _edge(text: str, option: str, workspace: Workspace) -> str:
    """Return the start of the stretch a `--since` means, the end of the one an `--until` does."""
    if not text:
        return ""
    with wrong_use(f'--{option} "{text}": '):
        span = read_span(text, workspace.now, workspace.configuration.timezone)
    return stored_moment(span.start if option == "since" else span.end)

"""`mail --outbox`: the letters that stages asked for, written now and sent, or written to files."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path

import msgspec

from crmctl.config.files import resolve_inside
from crmctl.errors import BadValue, NotFound
from crmctl.mail.journal import journal
from crmctl.mail.template import read_template
from crmctl.mail.trouble import BadTemplate
from crmctl.model.change import Change
from crmctl.model.letter import MAIL, Letter
from crmctl.model.note import COUNT, NOTE
from crmctl.model.records import counted
from crmctl.storage.interface import Reader
from crmctl.workspace import outbox
from crmctl.workspace.filling import Filling, check_jinja
from crmctl.workspace.find import find_record
from crmctl.workspace.letter_writing import written_each
from crmctl.workspace.mail_request import Confirm, Mailed, Mailing, Place, Result, Status, skipped
from crmctl.workspace.mailing import check_place, foretold, to_files
from crmctl.workspace.outbox import Waiting
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.recipients import PassedOver, Reach, Recipients
from crmctl.workspace.sending import Post, delivered, journal_path, settle_doubtful, settle_others
from crmctl.workspace.transaction import transaction, until_settled
from crmctl.workspace.workspace import Workspace

NAME = "outbox"
"""What the journal of the outbox is called."""
TITLE = "{{ record }}"
"""The subject of a letter that has no other."""


def outbox_written(workspace: Workspace, subject: str | None = None) -> Mailing:
    """Return the letters that wait, written; those that cannot be, and why, are among the rest.

    Where a template has no subject, `subject` is that of its letters, else the record's title.
    """
    check_jinja()
    reader = workspace.read()
    recipients = Recipients(workspace, reader)
    letters: list[Letter] = []
    rest: list[Result] = []
    by_template: dict[str, list[Waiting]] = {}
    for each in outbox.waiting(reader):
        by_template.setdefault(each.template, []).append(each)
    for name, group in by_template.items():
        reached: list[tuple[Waiting, Reach]] = []
        for each in group:
            found = _reach(recipients, reader, each)
            if isinstance(found, Reach):
                reached.append((each, found))
            else:
                rest.append(skipped(found))
        for made in _letters(workspace, reader, name, reached, subject):
            (letters if isinstance(made, Letter) else rest).append(made)  # type: ignore[arg-type]
    return Mailing(tuple(letters), tuple(rest))


def _reach(recipients: Recipients, reader: Reader, letter: Waiting) -> Reach | PassedOver:
    record = reader.get(letter.record)
    assert record is not None  # the letters of others do not count as waiting
    return recipients.of(record)


def _letters(
    workspace: Workspace,
    reader: Reader,
    name: str,
    reached: Sequence[tuple[Waiting, Reach]],
    subject: str | None,
) -> Iterator[Letter | Result]:
    """Yield the letters of one template; one that cannot be written holds back no other."""
    reaches = [reach for _, reach in reached]
    for (waiting, reach), made in zip(reached, _made(workspace, reader, name, reaches, subject), strict=True):
        if isinstance(made, Letter):
            yield msgspec.structs.replace(made, key=waiting.key)
        else:
            reason = made.message + (f" ({made.hint})" if made.hint else "")
            yield skipped(PassedOver(reach.record, reason), Status.UNWRITTEN)


def _made(
    workspace: Workspace, reader: Reader, name: str, reaches: Sequence[Reach], subject: str | None
) -> Iterator[Letter | BadTemplate]:
    try:
        template = read_template(resolve_inside(Path(workspace.folder), name))
    except BadValue as error:
        return repeat(BadTemplate(f"the template {error.reason}"), len(reaches))
    except BadTemplate as error:
        return repeat(error, len(reaches))
    own = None if template.subject else subject or TITLE
    return written_each(workspace, reader, Filling(template, own, plain=template.html), reaches)


def foretell_outbox(workspace: Workspace, subject: str | None) -> Mailed:
    """Return what sending the letters that wait would come to."""
    return foretold(outbox_written(workspace, subject))


def outbox_to_files(
    workspace: Workspace, subject: str | None, place: Place, options: WriteOptions, confirm: Confirm
) -> Mailed:
    """Write the letters that wait to files; they wait no more."""
    check_place(workspace, place.target, None)
    # Held as for sending: no letter goes both ways.
    with journal(journal_path(workspace, NAME)) as held:
        lost = settle_doubtful(workspace, held, options)
        mailing = outbox_written(workspace, subject)
        confirm("write", mailing.found)
        return to_files(workspace, mailing.having(lost), place, options)


def send_outbox(
    workspace: Workspace, subject: str | None, post: Post, options: WriteOptions, confirm: Confirm
) -> Mailed:
    """Send the letters that wait. Raises LockTimeout where another process does."""
    with journal(journal_path(workspace, NAME)) as held:
        settle_others(workspace, options)
        lost = settle_doubtful(workspace, held, options)
        mailing = outbox_written(workspace, subject)
        if mailing.letters:
            confirm("send", mailing.found)
        return delivered(workspace, mailing.having(lost), post, options, held)


def shown_outbox(workspace: Workspace) -> list[dict[str, str]]:
    """Return what waits, for a list: the record, its title, the template, since when, by whom."""
    reader = workspace.read()
    found = []
    for each in outbox.waiting(reader):
        record = reader.get(each.record)
        found.append(
            {
                "record": each.record,
                "title": record.title if record else "",
                "template": each.template,
                "at": each.at,
                "by": each.by,
            }
        )
    return found


@until_settled
def drop_letters(workspace: Workspace, ids: Sequence[str], options: WriteOptions) -> Mailed:
    """Let the letters about records wait no more, unsent; a note says so. Raises NotFound where one has none."""
    with transaction(workspace, options) as tx:
        waiting = outbox.waiting(tx.writer)
        wanted = {record.id: record for record in (find_record(tx.writer, text) for text in ids)}
        for record in wanted.values():
            if not any(each.record == record.id for each in waiting):
                raise NotFound(f"no letter about {record.label} waits", hint="crmctl mail --outbox")
        dropped = [each for each in waiting if each.record in wanted]
        outbox.take_out(tx.writer, [each.key for each in dropped], taken=tx.generation)
        tx.begin_run(MAIL)
        for each in dropped:
            record = tx.get(each.record)
            tx.apply(
                Change(NOTE, record, counted(record, COUNT), note=f"letter {each.template} dropped, not sent")
            )
        run = tx.commit().run
    results = (
        Result(each.record, Status.DROPPED, reason=each.template, title=wanted[each.record].title)
        for each in dropped
    )
    return Mailed(tuple(results), run="" if options.dry_run else run, dry_run=options.dry_run)

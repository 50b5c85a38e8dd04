"""`mail`: who gets a letter, the letters themselves, and writing them to files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from crmctl import dates
from crmctl.errors import WrongUse
from crmctl.mail.files import check_mbox, is_mbox, write_eml, write_mbox
from crmctl.mail.message import message_of
from crmctl.mail.template import Template
from crmctl.model.keys import letter_key
from crmctl.model.letter import MAIL, Letter, address_key
from crmctl.model.records import Record
from crmctl.storage.interface import Reader
from crmctl.workspace.exporting import column_of_record
from crmctl.workspace.filling import Filling, template_named
from crmctl.workspace.letter_writing import written
from crmctl.workspace.letters_sent import DOUBTFUL, Sent, log_letter
from crmctl.workspace.listing import ListRequest, bound_where, scope_of
from crmctl.workspace.mail_request import (
    Confirm,
    Mailed,
    Mailing,
    MailRequest,
    Place,
    Status,
    result_of,
    skipped,
)
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.own_files import check_target, same_file
from crmctl.workspace.recipients import ADDRESSED, PassedOver, Reach, Recipients, once_each
from crmctl.workspace.transaction import transaction
from crmctl.workspace.workspace import Workspace

DOUBT = f"{DOUBTFUL} (--retry-doubtful sends it again)"
"""Why who perhaps has a letter gets none."""
NOBODY = Sent(frozenset(), frozenset())
"""What was sent before, where that is not asked."""


def template_of(workspace: Workspace, asked: MailRequest) -> Template:
    """Return the template of a mailing. Raises NotFound, BadTemplate, WrongUse for one without a subject."""
    template = template_named(workspace, asked.template)
    subject = template.subject if asked.subject is None else asked.subject
    if not subject.strip():
        raise WrongUse(
            "the letters have no subject",
            hint='--subject TEXT, or a first line "Subject: ..." in the template',
        )
    return template


def prepared(
    workspace: Workspace, asked: MailRequest, template: Template, sent: Sent, number: int
) -> Mailing:
    """Return the letters of a mailing, those left out that were `sent`. Raises WrongUse, BadTemplate."""
    reader = workspace.read()
    records = _records(workspace, reader, asked)
    recipients = Recipients(workspace, reader)
    reached, passed = once_each(recipients.of(record) for record in records)
    mailing = asked.known_by(template, workspace)
    keys = [letter_key(mailing, number, address_key(each.address)) for each in reached]
    new = [(each, key) for each, key in zip(reached, keys, strict=True) if key not in sent.certain]
    todo, doubtful = parted(new, frozenset() if asked.retry_doubtful else sent.doubtful)
    passed += [PassedOver(each.record, DOUBT) for each in doubtful]
    filling = Filling(template, asked.subject, plain=template.html)
    letters = written(workspace, reader, filling, [each for each, _ in todo])
    keyed = tuple(_keyed(letter, key) for letter, (_, key) in zip(letters, todo, strict=True))
    return Mailing(keyed, tuple(map(skipped, passed)), len(reached) - len(new))


def parted(
    new: Sequence[tuple[Reach, str]], doubtful: Collection[str]
) -> tuple[list[tuple[Reach, str]], list[Reach]]:
    """Return those who get a letter, each with its key, and those who perhaps have it already."""
    todo: list[tuple[Reach, str]] = []
    aside: list[Reach] = []
    for each, key in new:
        if key in doubtful:
            aside.append(each)
        else:
            todo.append((each, key))
    return todo, aside


def _keyed(letter: Letter, key: str) -> Letter:
    from msgspec import structs

    return structs.replace(letter, key=key)


def _records(workspace: Workspace, reader: Reader, asked: MailRequest) -> list[Record]:
    workspace.configuration.check_kind(asked.kind)
    if asked.kind not in ADDRESSED:
        known = ", ".join(kind.table for kind in ADDRESSED)
        raise WrongUse(f"no letters go to {asked.kind.table}", hint=f"one of: {known}")
    which = ListRequest(asked.kind, asked.where)
    bound = bound_where(which, scope_of(workspace, asked.kind), reader)
    if bound is None:
        raise WrongUse("an empty expression", hint=f"crmctl list {asked.kind.table} shows them all")
    passes = bound.predicate(column_of_record, workspace.context(reader).lookups)
    return [record for record in reader.records(asked.kind) if passes(record)]


def check_place(workspace: Workspace, target: str, template: Template | None) -> None:
    """Raise WrongUse or Refused for a place to which letters are not written."""
    if target == "-":
        raise WrongUse(
            "letters are not written to standard output", hint="--out letters/ or --out letters.mbox"
        )
    check_target(workspace, target)
    if template and same_file(target, template.path):
        raise WrongUse(f"{target} is the template: it is not written over", hint="name another file")
    if is_mbox(target):
        check_mbox(target)
    elif Path(target).exists() and not Path(target).is_dir():
        raise WrongUse(f"{target} is no folder", hint="a file is named FILE.mbox")


def mail_to_files(
    workspace: Workspace,
    asked: MailRequest,
    place: Place,
    options: WriteOptions,
    confirm: Confirm,
) -> Mailed:
    """Write the letters to files, and into the history of their records."""
    template = template_of(workspace, asked)
    check_place(workspace, place.target, template)
    mailing = prepared(workspace, asked, template, NOBODY, 1)
    confirm("write", mailing.found)
    return to_files(workspace, mailing, place, options)


def foretell_files(workspace: Workspace, asked: MailRequest, target: str) -> Mailed:
    """Return what writing the letters to files would come to."""
    template = template_of(workspace, asked)
    check_place(workspace, target, template)
    return foretold(prepared(workspace, asked, template, NOBODY, 1))


def foretold(mailing: Mailing) -> Mailed:
    """Return what a mailing would come to."""
    results = (*(result_of(letter, Status.TO_SEND) for letter in mailing.letters), *mailing.passed)
    return Mailed(results, mailing.known, dry_run=True)


def to_files(workspace: Workspace, mailing: Mailing, place: Place, options: WriteOptions) -> Mailed:
    """Write letters to a folder or an mbox, then into history; those of the outbox wait no more."""
    letters, at, target = mailing.letters, moment(workspace), place.target
    if not letters:
        return Mailed(mailing.passed, mailing.known, target=target)
    messages = [message_of(letter, place.sender, at) for letter in letters]
    names = [target] * len(letters) if is_mbox(target) else _names(letters)
    if is_mbox(target):
        write_mbox(target, messages, at)
    else:
        write_eml(target, names, messages)
        names = [str(Path(target, name)) for name in names]
    with transaction(workspace, options, happened=True) as tx:
        tx.begin_run(MAIL, files=(target,))
        for letter, name in zip(letters, names, strict=True):
            log_letter(tx, letter.record, f"{letter.told}, written to {name}")
        from crmctl.workspace import outbox

        outbox.take_out(tx.writer, [letter.key for letter in letters], taken=tx.generation)
        run = tx.commit().run
    results = [
        result_of(letter, Status.WRITTEN, file=name) for letter, name in zip(letters, names, strict=True)
    ]
    return Mailed((*results, *mailing.passed), mailing.known, run, target)


def moment(workspace: Workspace) -> datetime:
    """Return the moment that letters are dated: the workspace's, with its offset."""
    return workspace.now.astimezone(dates.zone(workspace.configuration.timezone))


def _names(letters: Sequence[Letter]) -> list[str]:
    """Return the name of each letter's file: its record's id, numbered where a record has several."""
    counts: dict[str, int] = {}
    names = []
    for letter in letters:
        count = counts[letter.record] = counts.get(letter.record, 0) + 1
        names.append(f"{letter.record}{f'-{count}' if count > 1 else ''}.eml")
    return names

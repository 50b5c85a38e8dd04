"""`mail --send`: letters to the server, one by one, and into history once they are gone.

No lock of the store is held meanwhile. What happened to each letter is in a journal on disk before the next one goes
out, so that whatever ends the process, none is sent a second time.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from crmctl.config.files import PRIVATE_FOLDER
from crmctl.dates import stored_moment
from crmctl.errors import CrmError, LockTimeout
from crmctl.mail.journal import SENT, TURNED, Journal, Line, journal
from crmctl.mail.message import message_of
from crmctl.mail.signals import finished_first
from crmctl.mail.smtp import Delivery, Turned, delivery
from crmctl.mail.trouble import NotDelivered
from crmctl.model.letter import Letter, MailServer
from crmctl.workspace.letters_sent import DOUBTFUL, Sent, sent_letters, settle, with_tried
from crmctl.workspace.mail_request import Confirm, Mailed, Mailing, MailRequest, Result, Status, result_of
from crmctl.workspace.mailing import foretold, moment, prepared, template_of
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Workspace


class Post(msgspec.Struct, frozen=True):
    """How letters go out: by which server, and how many seconds apart at least."""

    server: MailServer
    pause: float = 0.0


def send_mailing(
    workspace: Workspace, asked: MailRequest, post: Post, options: WriteOptions, confirm: Confirm
) -> Mailed:
    """Send a mailing, or what is left of it; to nobody twice. Raises LockTimeout where another process does."""
    template = template_of(workspace, asked)
    name = asked.known_by(template, workspace)
    with journal(journal_path(workspace, name)) as held:
        settle_others(workspace, options)
        lost = settle_doubtful(workspace, held, options)
        sent = sent_letters(workspace.store.read())
        mailing = prepared(workspace, asked, template, sent, _round(sent, asked, name))
        if mailing.letters:
            confirm("send", mailing.found)
        return delivered(workspace, mailing.having(lost), post, options, held)


def foretell_mailing(workspace: Workspace, asked: MailRequest) -> Mailed:
    """Return what sending a mailing would come to, without any server, and without changing anything."""
    template = template_of(workspace, asked)
    name = asked.known_by(template, workspace)
    sent = sent_letters(workspace.store.read())
    path = journal_path(workspace, name)
    if path.exists():
        with path.open("rb") as file:
            sent = with_tried(sent, Journal(file.fileno()).tried())
    return foretold(prepared(workspace, asked, template, sent, _round(sent, asked, name)))


def journal_path(workspace: Workspace, name: str) -> Path:
    """Return where the journal of a mailing is: one a database, of which a workspace may have several."""
    database = sha256(str(workspace.database.resolve()).encode()).hexdigest()[:8]
    return Path(workspace.folder, PRIVATE_FOLDER, "mail", f"{name}-{database}.jsonl")


def _round(sent: Sent, asked: MailRequest, name: str) -> int:
    """Return which time a mailing goes out: the last one goes on, unless it is to go out again."""
    return max(sent.rounds(name), 0 if asked.again else 1) + asked.again


def settle_others(workspace: Workspace, options: WriteOptions) -> None:
    """Write into history what killed processes left of other mailings, which may never go on."""
    path = journal_path(workspace, "*")
    for other in sorted(path.parent.glob(path.name)):
        with suppress(LockTimeout), journal(other) as held:
            settle(workspace, held, options)


def settle_doubtful(workspace: Workspace, held: Journal, options: WriteOptions) -> list[Result]:
    """Write what a killed process left into history; returns the letters of which it is not known whether they went."""
    left = [each for each in held.tried() if not each.certain]
    settle(workspace, held, options)
    return [Result(each.record, Status.DOUBTFUL, reason=f"{each.told}: {DOUBTFUL}") for each in left]


def delivered(
    workspace: Workspace,
    mailing: Mailing,
    post: Post,
    options: WriteOptions,
    held: Journal,
) -> Mailed:
    """Send letters and write into history what became of them, also where that ends halfway."""
    round_ = _Round(workspace, post, held)
    try:
        failure = round_.send(mailing.letters)
    finally:
        # Whatever ends it, an interruption included: what is sent is sent.
        run = _settled(workspace, held, options)
    results = (*round_.results, *mailing.passed)
    return Mailed(results, mailing.known, run, failure=failure)


def _settled(workspace: Workspace, held: Journal, options: WriteOptions) -> str:
    """Write what went out into history. Where that cannot be had now, the error says that nothing is lost."""
    try:
        return settle(workspace, held, options)
    except CrmError as error:
        told = {"message": "what was sent is sent, and is known: the next mailing writes it into history"}
        error.details = (*error.details, told)
        raise


class _Round:
    """Letters on their way, and what became of each."""

    def __init__(self, workspace: Workspace, post: Post, held: Journal) -> None:
        self.results: list[Result] = []
        self._workspace = workspace
        self._post = post
        self._held = held

    def send(self, letters: Sequence[Letter]) -> NotDelivered | None:
        """Send letters until all are gone or the connection is; returns the error that ended it."""
        if not letters:
            return None
        try:
            with delivery(self._post.server) as opened:
                for number, letter in enumerate(letters):
                    self._progress(number, len(letters))
                    if number and self._post.pause:
                        time.sleep(self._post.pause)
                    self.results.append(self._sent(opened, letter))
                self._progress(len(letters), len(letters))
        except NotDelivered as error:
            left = letters[len(self.results) :]
            self.results += [result_of(letter, Status.WAITING, "not sent yet") for letter in left]
            return error
        return None

    def _sent(self, opened: Delivery, letter: Letter) -> Result:
        at = moment(self._workspace)
        line = Line(letter.key, letter.record, letter.told, stored_moment(at))
        message = message_of(letter, self._post.server.sender, at)
        try:
            with finished_first():
                self._hand_over(opened, letter, message, line)
        except Turned as error:
            return result_of(letter, Status.REFUSED, str(error))
        return result_of(letter, Status.SENT)

    def _hand_over(self, opened: Delivery, letter: Letter, message: bytes, line: Line) -> None:
        try:
            opened.send(letter.address, message, lambda: self._held.write(line))
        except (Turned, NotDelivered):
            # Until a server says that it took a letter, it has not: that is what senders go by.
            self._held.write(msgspec.structs.replace(line, done=TURNED))
            raise
        self._held.write(msgspec.structs.replace(line, done=SENT))

    def _progress(self, done: int, total: int) -> None:
        if self._workspace.settings.on_progress:
            self._workspace.settings.on_progress(done, total, "sending")

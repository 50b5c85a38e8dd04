"""What `crmctl mail` is asked to do, out of its options."""

import os
import re

import msgspec

from crmctl.cli.emit_mail import emit_mailed, emit_outbox
from crmctl.cli.session import ASK_FROM, Session
from crmctl.errors import WrongUse
from crmctl.model.letter import Sender
from crmctl.model.records import record_type
from crmctl.text import plural
from crmctl.workspace.mail_request import Confirm, Mailed, MailRequest, Place, Status

_RATE = re.compile(r"([1-9][0-9]{0,5})\s*/\s*(s|sec|min|m|h|hour)")
_SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600}


class MailChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The options and words of one call."""

    record: str = ""
    where: str = ""
    template: str = ""
    subject: str | None = None
    out: str = ""
    send: bool = False
    rate: str = ""
    again: bool = False
    retry_doubtful: bool = False
    outbox: bool = False
    drop: tuple[str, ...] = ()

    def check(self, *, dry_run: bool) -> None:
        """Raise WrongUse for what does not go together."""
        if self.out and self.send:
            raise WrongUse("--out and --send exclude each other")
        if self.outbox or self.drop:
            self._check_outbox()
        elif not self.record:
            raise WrongUse(
                "no records are named", hint="crmctl mail TYPE EXPR --template FILE --subject TEXT --send"
            )
        elif not self.template:
            raise WrongUse("no template is named", hint="--template FILE")
        elif not (self.out or self.send or dry_run):
            raise WrongUse(
                "where to is not said", hint="--out DIR or --send; -n shows who would get a letter"
            )
        if not self.send and (self.rate or self.again or self.retry_doubtful) and not dry_run:
            raise WrongUse("--rate, --again and --retry-doubtful go with --send")

    def _check_outbox(self) -> None:
        if self.record or self.template or self.again or self.retry_doubtful:
            raise WrongUse("the outbox has its own records and templates")
        if self.drop and (self.out or self.send):
            raise WrongUse("--drop goes with neither --out nor --send")

    def request(self) -> MailRequest:
        """Return the mailing that is meant. Raises WrongUse."""
        return MailRequest(
            record_type(self.record), self.where, self.template, self.subject, self.again, self.retry_doubtful
        )

    def pause(self) -> float:
        """Return how many seconds lie between two letters. Raises WrongUse."""
        if not self.rate:
            return 0.0
        match = _RATE.fullmatch(self.rate.strip().lower())
        if match is None:
            raise WrongUse(f'--rate "{self.rate}" is no rate', hint="write it like 30/min")
        return _SECONDS[match[2]] / int(match[1])


def run_mail(session: Session, choice: MailChoice) -> int:
    """Do what was asked, and return the exit code."""
    choice.check(dry_run=session.writing.dry_run)
    if choice.drop:
        from crmctl.workspace.mail_outbox import drop_letters

        return emit_mailed(session.output, drop_letters(session.workspace, choice.drop, session.writing))
    if choice.outbox and not (choice.out or choice.send or session.writing.dry_run):
        from crmctl.workspace.mail_outbox import shown_outbox

        emit_outbox(session.output, shown_outbox(session.workspace), session.workspace)
        return 0
    return emit_mailed(session.output, _mailed(session, choice))


def _mailed(session: Session, choice: MailChoice) -> Mailed:
    if session.writing.dry_run:
        return _foretold(session, choice)
    return _to_server(session, choice) if choice.send else _to_files(session, choice)


def _foretold(session: Session, choice: MailChoice) -> Mailed:
    from crmctl.workspace.mail_outbox import foretell_outbox
    from crmctl.workspace.mailing import foretell_files
    from crmctl.workspace.sending import foretell_mailing

    choice.pause()
    if choice.outbox:
        return foretell_outbox(session.workspace, choice.subject)
    if choice.out:
        return foretell_files(session.workspace, choice.request(), choice.out)
    return foretell_mailing(session.workspace, choice.request())


def _to_server(session: Session, choice: MailChoice) -> Mailed:
    from crmctl.config.mail_server import mail_server
    from crmctl.workspace.mail_outbox import send_outbox
    from crmctl.workspace.sending import Post, send_mailing

    workspace, confirm = session.workspace, _confirmation(session)
    post = Post(mail_server(os.environ, workspace.sender), choice.pause())
    if choice.outbox:
        return send_outbox(workspace, choice.subject, post, session.writing, confirm)
    return send_mailing(workspace, choice.request(), post, session.writing, confirm)


def _to_files(session: Session, choice: MailChoice) -> Mailed:
    from crmctl.config.mail_server import sender_of, settings
    from crmctl.workspace.mail_outbox import outbox_to_files
    from crmctl.workspace.mailing import mail_to_files

    workspace, confirm = session.workspace, _confirmation(session)
    sender = sender_of(settings(os.environ)) or workspace.sender
    place = Place(choice.out, sender or Sender("crmctl@localhost"))
    if choice.outbox:
        mailed = outbox_to_files(workspace, choice.subject, place, session.writing, confirm)
    else:
        mailed = mail_to_files(workspace, choice.request(), place, session.writing, confirm)
    if sender is None and mailed.count(Status.WRITTEN):
        # Once they are written: an error has standard error for itself.
        session.output.note("the letters are from crmctl@localhost: CRMCTL_SMTP_FROM says whom they are from")
    return mailed


def _confirmation(session: Session) -> Confirm:
    """Return what asks a person where there are many letters."""

    def confirm(verb: str, count: int) -> None:
        if count >= ASK_FROM:
            session.confirm(f"{verb} {plural(count, 'letter')}")

    return confirm

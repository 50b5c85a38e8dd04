"""`crmctl edit`."""

import os

import click

from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.config.files import PRIVATE_FOLDER
from crmctl.errors import CrmError, Declined, NotFound, Refused, StoreUnreadable, WrongUse
from crmctl.storage.trouble import reason
from crmctl.whole_file import whole_file
from crmctl.workspace.edit import Editable, editable, edited
from crmctl.workspace.outcome import Outcome
from crmctl.workspace.update import Outdated, update_records
from crmctl.workspace.workspace import locate


@click.command(
    "edit",
    cls=WriterCommand,
    examples="""
    crmctl edit D-42
    EDITOR="code --wait" crmctl edit C-1
    """,
)
@click.argument("record", metavar="ID")
@click.pass_obj
def command(session: Session, record: str) -> int:
    """Edit a record as YAML in $VISUAL or $EDITOR; it is checked when you save."""
    if not session.may_ask and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise WrongUse("an editor needs a terminal", hint=f"crmctl update {record} -s FIELD=VALUE")
    outcome = _edited(session, editable(session.workspace, record))
    if outcome is None:
        session.output.status("nothing to change")
        return 0
    return session.wrote(outcome)


def _edited(session: Session, before: Editable) -> Outcome | None:
    """Return what came of the text that was saved, or nothing where it was left alone; ask where it is refused."""
    text = _opened(before.text)
    while text is not None and text != before.text:
        try:
            return _saved(session, before, text)
        except CrmError as error:
            mendable = isinstance(error, (Refused, WrongUse, NotFound)) and not isinstance(error, Outdated)
            if not session.may_ask or not mendable:
                raise _kept(session, before, text, error) from None
            session.output.error(error)
            if not session.agrees("edit again"):
                raise _kept(session, before, text, Declined("nothing was changed")) from None
            text = _opened(text)
    return None


def _kept(session: Session, before: Editable, text: str, error: CrmError) -> CrmError:
    """Return the error with where the text that was written is kept, so that no work is lost."""
    folder = locate(session.settings) / PRIVATE_FOLDER
    path = folder / f"edit-{before.record.id}-{os.urandom(3).hex()}.yaml"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with whole_file(str(path)) as file:
            file.write(text.encode())
    except (OSError, CrmError):
        session.output.error(Declined(f"what you wrote could not be kept:\n{text}"))
        return error
    error.hint = "; ".join([*([error.hint] if error.hint else []), f"what you wrote is in {path}"])
    return error


def _opened(text: str) -> str | None:
    """Return what was saved, or nothing where the editor left the text alone."""
    try:
        return click.edit(text, extension=".yaml")
    except click.ClickException as error:
        raise WrongUse(error.format_message(), hint="name an editor in $EDITOR") from None
    except OSError as error:
        raise StoreUnreadable(f"cannot edit, so nothing was changed: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise WrongUse("what was saved is not UTF-8, so nothing was changed") from error


def _saved(session: Session, before: Editable, text: str) -> Outcome:
    assignments = edited(before, text)
    if not assignments:
        return Outcome(records=(before.record,))
    return update_records(
        session.workspace,
        [before.record.id],
        assignments,
        session.writing,
        revision=before.record.revision,
    )

"""Asking a person what comes next after a task."""

from collections.abc import Callable

import click
import msgspec

from crmctl.activities.complete import NO_NEXT_STEP
from crmctl.cli.asking import command_with, tell
from crmctl.cli.session import Session
from crmctl.errors import Refused, WrongUse
from crmctl.workspace.complete import CompleteRequest
from crmctl.workspace.outcome import Outcome

_NOTHING = "-"
"""The answer that nothing comes next."""
MOST_CHOICES = 20


def ask_next(
    session: Session, asked: CompleteRequest, action: Callable[[CompleteRequest], Outcome]
) -> Outcome:
    """End a task, asking for the next one where nothing says it. A refusal carries the command that does."""
    try:
        return action(asked)
    except Refused as error:
        if error.code != NO_NEXT_STEP:
            raise
        if not session.may_ask or session.writing.dry_run:
            error.hint = command_with(session.argv, "--next", "<Template>")
            raise
        tell(error.message)
    for each in session.workspace.configuration.tasks_book().step_choices.items[:MOST_CHOICES]:
        tell(f"  {each.id}  {each.title}".rstrip())
    while True:
        answer = click.prompt(f"Next, TEMPLATE[:WHEN] ({_NOTHING} for nothing)", err=True).strip()
        try:
            return action(
                msgspec.structs.replace(asked, no_next=True)
                if answer == _NOTHING
                else msgspec.structs.replace(asked, next=answer)
            )
        except WrongUse as wrong:
            tell(f"  {wrong.message}" + (f" ({wrong.hint})" if wrong.hint else ""))

"""The fields of a new record that have an option of their own, gathered with those that -s sets."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from crmctl.cli.options import set_option
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.rules.assignment import Assignment
from crmctl.text import comma_separated

_OPTIONS = {
    "title": click.argument("title", required=False, default=""),
    "owner": click.option("--owner", default="", metavar="USER", help="Who works it."),
    "tags": click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag. May be repeated."),
    "for": click.option(
        "--for", "for", multiple=True, metavar="ID", help="A task's client. May be repeated."
    ),
    "template": click.option("--template", default="", metavar="TEMPLATE", help="What a task is made from."),
    "due": click.option("--due", default="", metavar="WHEN", help="When a task is due."),
    "assignee": click.option(
        "--assignee", default="", metavar="USER", help="Who gets a task; else the client's owner."
    ),
}
"""By the field that each sets, in the order of the help."""


def field_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command -s and the options that set fields; it is called with the session and all `assignments`."""

    @click.pass_obj
    @wraps(function)
    def called(session: Session, /, **given: Any) -> Any:
        texts = {name: given.pop(name) for name in _OPTIONS}
        asked, texts["for"] = texts["for"], _clients(session, texts["for"])
        if asked and not texts["for"]:
            return _for_nobody(session, asked)
        if "," in texts["assignee"] and not session.workspace.configuration.known_user(texts["assignee"]):
            raise WrongUse(f'--assignee: "{texts["assignee"]}" is more than one user, and a task has one')
        named = [Assignment(name, _texts(value)) for name, value in texts.items() if value]
        return function(session, assignments=[*given.pop("assignments"), *named], **given)

    decorated: Callable[..., Any] = called
    for option in reversed([set_option, *_OPTIONS.values()]):
        decorated = option(decorated)
    return decorated


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _clients(session: Session, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of clients, be they named one by one, with commas, or on standard input."""
    return tuple(name for text in session.ids(named) for name in comma_separated(text))


def _for_nobody(session: Session, asked: tuple[str, ...]) -> int:
    """Create nothing where nobody was handed over on standard input. Raises WrongUse where nobody was named.

    A task without a client would be an internal one, which is not what was asked for.
    """
    if "-" not in asked:
        raise WrongUse("--for names nobody", hint="leave it out for an internal task").at("for")
    from crmctl.cli.answer import Answer
    from crmctl.workspace.outcome import Outcome

    return session.wrote(Outcome(), Answer.CREATED)

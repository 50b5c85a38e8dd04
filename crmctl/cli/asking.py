"""Asking a person for the fields a gate misses, one by one."""

from collections.abc import Callable, Collection, Sequence
from shlex import quote
from typing import TypeVar

import click

from crmctl.cli.session import Session
from crmctl.errors import BadValue
from crmctl.model.records import Value
from crmctl.model.standard_fields import REASONS
from crmctl.rules.assignment import Assignment
from crmctl.rules.decision import Missing, placeholder
from crmctl.text import visible
from crmctl.workspace.outcome import GateRefused

MOST_CHOICES = 12
Done = TypeVar("Done")
_OPTIONS = {**dict.fromkeys(REASONS, "--reason"), "result": "--result"}


def run_asking(session: Session, action: Callable[[list[Assignment]], Done]) -> Done:
    """Run an action with the assignments gathered so far until its gate is passed, or nobody can be asked.

    A refusal that ends it carries the command that would put it right.
    """
    extra: list[Assignment] = []
    while True:
        try:
            return action(extra)
        except GateRefused as error:
            if not session.may_ask or session.writing.dry_run:
                missing = error.refusal.missing
                error.hint = mending_command(session.argv, missing, _own_options())
                raise
            extra = [*extra, *_asked(session, error)]


def mending_command(argv: Sequence[str], missing: Sequence[Missing], options: Collection[str] = ()) -> str:
    """Return the command that was given with a placeholder for each missing field.

    `options` are those fields that have an option of their own.
    """
    words = [_quoted(word) for word in _without_unset(argv, {each.name for each in missing})]
    for each in missing:
        value = quote(placeholder(each.field))
        if each.name in options:
            words += [_OPTIONS[each.name], value]
        else:
            words += ["-s", f"{each.name}={value}"]
    return " ".join(["crmctl", *words])


def command_with(argv: Sequence[str], option: str, value: str) -> str:
    """Return the command that was given with one more option."""
    return " ".join(["crmctl", *map(_quoted, argv), option, quote(value)])


def _own_options() -> list[str]:
    """Return the fields for which the command that is running has an option of their own."""
    known = {name for each in click.get_current_context().command.params for name in each.opts}
    return [field for field, option in _OPTIONS.items() if option in known]


def _without_unset(argv: Sequence[str], names: set[str]) -> list[str]:
    """Return the words without `--unset` of fields that must be filled."""
    kept: list[str] = []
    for word in argv:
        if word in names and kept and kept[-1] == "--unset":
            kept.pop()
        elif not (word.startswith("--unset=") and word.partition("=")[2] in names):
            kept.append(word)
    return kept


def _quoted(word: str) -> str:
    """Quote a word for the shell; of `field=value` only the value, as one would type it."""
    name, mark, value = word.partition("=")
    if mark and name.replace("_", "").replace(".", "").replace("-", "").isalnum():
        return f"{name}={quote(value)}" if value else word
    return quote(word)


def _asked(session: Session, error: GateRefused) -> list[Assignment]:
    tell(error.message)
    return [_ask(session, missing) for missing in error.refusal.missing]


def _ask(session: Session, missing: Missing) -> Assignment:
    """Ask for one field until its type takes the answer."""
    field = missing.field
    label = f"{missing.target}.{field.label}" if missing.target else field.label
    for line in _about(missing):
        tell(f"  {line}")
    while True:
        answer = click.prompt(label, err=True, prompt_suffix=": ")
        try:
            value = field.parse([answer] if field.multiple else answer, session.workspace.conventions)
            if missing.upcoming:
                _check_upcoming(session, value)
            if value is not None:
                return Assignment(missing.name, (answer,))
        except BadValue as wrong:
            tell(f"  {wrong.reason}" + (f" ({wrong.hint})" if wrong.hint else ""))


def _check_upcoming(session: Session, value: Value | None) -> None:
    """Raise BadValue for a time that is over, where the next task is due by it."""
    from crmctl.activities.when import is_past, moment_of

    conventions = session.workspace.conventions
    moment = moment_of(value, conventions) if isinstance(value, str) else None
    if moment and is_past(moment, conventions):
        raise BadValue("is in the past", hint="write it like tomorrow, +2h or 2026-12-01")


def _about(missing: Missing) -> list[str]:
    """Return what helps to answer: who asks, what it is, which values there are."""
    field = missing.field
    lines = [missing.reason]
    lines += [text for text in (field.help, f"for example {field.example}" if field.example else "") if text]
    if field.choices and len(field.choices.items) <= MOST_CHOICES:
        lines += [f"{item.id}  {item.title}".rstrip() for item in field.choices.items]
    return lines


def tell(text: str) -> None:
    """Write a line to whoever is asked."""
    click.echo(visible(text), err=True)

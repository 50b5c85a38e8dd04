"""Templates filled with records, each in bounded time and memory."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from crmctl.mail.confined import outcomes
from crmctl.mail.template import Template, find_template, read_template
from crmctl.mail.trouble import BadTemplate, lacking
from crmctl.model.records import Record
from crmctl.storage.interface import Reader
from crmctl.workspace.workspace import Workspace

LARGEST = 256 * 1024 * 1024
"""Characters that all documents of one command may have together."""


class Filling(msgspec.Struct, frozen=True):
    """A template to be filled; `subject` is one, too, and without it the template's own serves.

    `plain` wants the text of HTML as well.
    """

    template: Template
    subject: str | None = None
    plain: bool = False


class Filled(msgspec.Struct, frozen=True):
    """What a template made of a record; `plain` is the text of HTML, where that was asked for."""

    subject: str
    text: str
    plain: str = ""


def template_named(workspace: Workspace, name: str) -> Template:
    """Return the template that is meant. Raises NotFound, BadTemplate, NotConfigured without Jinja2."""
    check_jinja()
    return read_template(find_template(name, Path(workspace.folder)))


def check_jinja() -> None:
    """Raise NotConfigured where Jinja2 is not installed."""
    try:
        import jinja2  # noqa: F401 - whether it is there
    except ImportError:
        raise lacking("Jinja2") from None


def filled(
    workspace: Workspace, reader: Reader, filling: Filling, records: Sequence[Record]
) -> Iterator[Filled]:
    """Yield what the template makes of each record. Raises BadTemplate, which names the record."""
    for record, each in zip(records, filled_each(workspace, reader, filling, records), strict=True):
        if isinstance(each, BadTemplate):
            each.record = record.id
            each.details = (*each.details, {"message": f"filled with {record.label}"})
            raise each
        yield each


def filled_each(
    workspace: Workspace, reader: Reader, filling: Filling, records: Sequence[Record]
) -> Iterator[Filled | BadTemplate]:
    """Yield what the template makes of each record, or why it makes nothing of it. Raises BadTemplate for too much."""
    length = 0
    for number, each in enumerate(outcomes(_fill(workspace, reader, filling), records, Filled), 1):
        if isinstance(each, Filled):
            length += len(each.text)
        if length > LARGEST:
            raise BadTemplate(
                f"{filling.template.name} makes more than {LARGEST:,} characters of {number:,} records"
            )
        yield each


def _fill(workspace: Workspace, reader: Reader, filling: Filling) -> Callable[[Record], Filled]:
    """Return what fills the template with a record."""
    from crmctl.mail.plain_text import plain_text
    from crmctl.mail.sandbox import Filler
    from crmctl.workspace.template_values import TemplateValues

    values = TemplateValues(workspace, reader)
    fillers: list[Filler] = []

    def fill(record: Record) -> Filled:
        # Read in the process that is bounded: constants are worked out when a template is read.
        if not fillers:
            fillers.append(Filler(filling.template, filling.subject, workspace.configuration.currency))
        seen = values.of(record)
        subject, text = fillers[0].subject(seen), fillers[0].body(seen)
        return Filled(subject, text, plain_text(text) if filling.plain else "")

    return fill

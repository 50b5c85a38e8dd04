"""Templates filled with records, each in bounded time and memory."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from crmctl.mail.confined import confined
from crmctl.mail.template import Template, find_template, read_template
from crmctl.mail.trouble import BadTemplate, lacking
from crmctl.model.records import Record
from crmctl.storage.interface import Reader
from crmctl.workspace.own_files import own_file
from crmctl.workspace.workspace import Workspace

LARGEST = 256 * 1024 * 1024
"""Characters that all documents of one command may have together."""


class Filled(msgspec.Struct, frozen=True):
    """What a template made of a record."""

    subject: str
    text: str


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
    workspace: Workspace, reader: Reader, template: Template, records: Sequence[Record], subject: str | None
) -> Iterator[Filled]:
    """Yield what the template makes of each record. Raises BadTemplate, which names the record.

    `subject` is a template, too; without one the template's own serves.
    """
    from crmctl.mail.sandbox import Filler
    from crmctl.workspace.template_values import TemplateValues

    values = TemplateValues(workspace, reader)
    fillers: list[Filler] = []

    def fill(record: Record) -> Filled:
        # Read in the process that is bounded: constants are worked out when a template is read.
        if not fillers:
            own = partial(own_file, workspace)
            fillers.append(Filler(template, subject, workspace.configuration.currency, own))
        seen = values.of(record)
        return Filled(fillers[0].subject(seen), fillers[0].body(seen))

    done = length = 0
    try:
        for each in confined(fill, records, Filled):
            done += 1
            length += len(each.text)
            if length > LARGEST:
                raise BadTemplate(
                    f"{template.name} makes more than {LARGEST:,} characters of {done:,} records"
                )
            yield each
    except BadTemplate as error:
        if done < len(records):
            error.record = records[done].id
            error.details = (*error.details, {"message": f"filled with {records[done].label}"})
        raise

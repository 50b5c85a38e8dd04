"""Letters out of templates: one to each of those reached."""

from collections.abc import Iterator, Sequence

from crmctl.mail.trouble import BadTemplate
from crmctl.model.letter import Letter
from crmctl.storage.interface import Reader
from crmctl.workspace.filling import Filled, Filling, filled, filled_each
from crmctl.workspace.recipients import Reach
from crmctl.workspace.workspace import Workspace


def written(workspace: Workspace, reader: Reader, filling: Filling, reached: Sequence[Reach]) -> list[Letter]:
    """Return the letters to those reached. Raises BadTemplate."""
    made = filled(workspace, reader, filling, [each.record for each in reached])
    return [_letter(filling, reach, each) for reach, each in zip(reached, made, strict=True)]


def written_each(
    workspace: Workspace, reader: Reader, filling: Filling, reached: Sequence[Reach]
) -> Iterator[Letter | BadTemplate]:
    """Yield the letter to each of those reached, or why it cannot be written."""
    made = filled_each(workspace, reader, filling, [each.record for each in reached])
    for reach, each in zip(reached, made, strict=True):
        yield each if isinstance(each, BadTemplate) else _letter_or_trouble(filling, reach, each)


def _letter_or_trouble(filling: Filling, reach: Reach, made: Filled) -> Letter | BadTemplate:
    try:
        return _letter(filling, reach, made)
    except BadTemplate as error:
        return error


def _letter(filling: Filling, reach: Reach, made: Filled) -> Letter:
    record = reach.record
    if not made.subject:
        reason = f"{record.label}: the subject is empty"
        raise BadTemplate(reason, record=record.id, hint="{{ name or 'you' }} fills a gap")
    text, html = (made.plain, made.text) if filling.template.html else (made.text, "")
    return Letter(record.id, record.title, reach.address, reach.name, made.subject, text, html)

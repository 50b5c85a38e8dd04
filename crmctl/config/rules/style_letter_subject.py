"""The template of a letter does not say what the letter is about.

A stage that writes a letter (`on_enter: [{mail: letters/parcel.txt}]`) names the template alone: its first
line is the subject, `Subject: Your parcel is on its way`. Without it the letter has the record's title.
"""

import re
from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.files import resolve_inside
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.errors import BadValue

RULE = style("letter-subject")
_SUBJECT = re.compile(rb"(?:\xef\xbb\xbf)?subject[ \t]*:[ \t]*[^ \t\r\n]", re.IGNORECASE)
_LONGEST = 1000


def check(project: Project) -> Iterator[Fault]:
    """Yield the letters whose template does not begin with a subject; one that is not there has a rule of its own."""
    for _, action in project.actions():
        letter = action.get("mail")
        if letter is None:
            continue
        try:
            path = resolve_inside(project.folder, letter.value)
            with path.open("rb") as file:
                begun = file.read(_LONGEST)
        except (BadValue, OSError):
            continue
        if not _SUBJECT.match(begun):
            message = f'"{letter.value}" does not begin with a subject'
            yield Fault(letter, message, "let its first line be: Subject: ...")

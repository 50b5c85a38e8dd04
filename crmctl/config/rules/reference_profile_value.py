r"""An import profile has a pattern, a date format or an encoding that is none, or a name that another has.

Patterns are run by RE2, date formats are those of strptime and tell day, month and year. Profiles are called by their
names, of which `none` means that there is no profile.

    strip: '\s*\[\d+\]$'
    date_format: '%d.%m.%Y'
    encodings: [utf-8-sig, windows-1251]
"""

from collections.abc import Iterator

from crmctl import dates
from crmctl.config.document import Fault, Node
from crmctl.config.profile_parts import spots
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.errors import BadValue, WrongUse
from crmctl.file_formats import codec_of
from crmctl.model.field_types.pattern import compiled
from crmctl.text import name_key

RULE = Rule("reference-profile-value")


def check(project: Project) -> Iterator[Fault]:
    """Yield what cannot be used as what it stands for."""
    for profile in project.profiles:
        yield from _formats(profile.top)
        for encoding in profile.top.each("encodings"):
            yield from _encoding(encoding)
        for spot in spots(profile):
            if spot.place:
                yield from _formats(spot.place)
                yield from _pattern(spot.place.get("strip"))
    yield from _names(project)


def _formats(node: Node) -> Iterator[Fault]:
    found = node.get("date_format")
    for pattern in (found.items() if isinstance(found.value, list) else (found,)) if found else ():
        try:
            dates.check_pattern(pattern.value)
        except BadValue as error:
            yield Fault(pattern, f'"{pattern.value}" {error.reason}', error.hint or "")


def _pattern(node: Node | None) -> Iterator[Fault]:
    if node is None:
        return
    try:
        compiled(node.value)
    except BadValue as error:
        yield Fault(node, error.reason)


def _encoding(node: Node) -> Iterator[Fault]:
    try:
        codec_of(node.value)
    except WrongUse as error:
        yield Fault(node, error.message, error.hint or "")


def _names(project: Project) -> Iterator[Fault]:
    first: dict[str, Node] = {}
    for profile in project.profiles:
        name = profile.top.get("profile")
        if name is None:
            continue
        if name_key(name.value) == "none":
            yield Fault(name, '"none" means that there is no profile')
        known = first.setdefault(name_key(name.value), name)
        if known is not name:
            yield Fault(name, f'profile "{name.value}" is declared twice: first in {known.place()}')

"""A profile that was drafted for a file, for a person to go on with: what is not known is said in comments."""

import msgspec

from crmctl.model.import_profile import ImportProfile


class Doubt(msgspec.Struct, frozen=True):
    """Something that somebody has to decide, in a sentence or two."""

    about: str
    told: str


class ProfileDraft(msgspec.Struct, frozen=True):
    """A profile with what is to be said beside it.

    `comments` are of columns, by their names; `undecided` are words, by the same, whose meaning is to be filled in:
    the profile maps them to nothing.
    """

    profile: ImportProfile
    comments: dict[str, str] = {}
    doubts: tuple[Doubt, ...] = ()

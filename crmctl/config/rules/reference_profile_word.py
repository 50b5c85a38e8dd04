"""An import profile translates a word into a stage, user or other value that this workspace does not have.

What `lookup`, `stages`, `users` and `set` say must be understood here: else every row with the word is rejected.
Where the field takes any text, any word will do.

    stages: {Closed Won: sold}       # wrong, where the stage is called won
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.profile_parts import field_of, record_of, spots
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.errors import BadValue
from crmctl.model.choices import Choices
from crmctl.model.field import Field
from crmctl.model.import_profile import CLOSED_AS, ENDINGS
from crmctl.model.records import RecordType
from crmctl.money import find_currency
from crmctl.typed import as_text

RULE = Rule("reference-profile-word")


def check(project: Project) -> Iterator[Fault]:
    """Yield the values that mean nothing in the workspace."""
    for profile in project.profiles if project.configuration else ():
        kind, top = record_of(profile), profile.top
        for spot in spots(profile):
            if spot.place:
                yield from _looked_up(spot.place, spot.target.value, kind, project)
        for key, field in (("stages", field_of("stage", kind, project)), ("users", _user(kind, project))):
            for _, word in top.pairs(key):
                yield from _known(word, field)
        for name, value in top.pairs("set"):
            yield from _known(value, field_of(name, kind, project))


def _user(kind: RecordType, project: Project) -> Field | None:
    return field_of("assignee" if kind is RecordType.TASK else "owner", kind, project)


def _looked_up(place: Node, target: str, kind: RecordType, project: Project) -> Iterator[Fault]:
    field = field_of(target, kind, project)
    words = [word for _, word in place.pairs("lookup")]
    if otherwise := place.get("otherwise"):
        words.append(otherwise)
    for word in words:
        if target == CLOSED_AS:
            if as_text(word.value) not in ("", *ENDINGS):
                yield Fault(
                    word, f'"{as_text(word.value)}" is no end of a record', f"one of: {', '.join(ENDINGS)}"
                )
        else:
            yield from _known(word, field)


def _known(word: Node, field: Field | None) -> Iterator[Fault]:
    text = as_text(word.value)
    if field is None or not text:
        return
    if field.choices is not None and field.choices.get(text) is None:
        hint = suggestion(text, _names(field.choices))
        yield Fault(word, f'there is no {field.choices.noun} "{text}"', hint)
    elif field.kind == "currency":
        try:
            find_currency(text)
        except BadValue as error:
            yield Fault(word, error.reason, error.hint or "")


def _names(choices: Choices) -> Iterator[str]:
    for choice in choices.items:
        # A stage is known by its own id, not by that with its pipeline's.
        yield choice.id.split(" ")[0]

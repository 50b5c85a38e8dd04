"""What a rule answers: a change, or a refusal that says what is missing."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import Detail
from crmctl.model.change import Change
from crmctl.model.field import Field
from crmctl.model.records import Record
from crmctl.text import plural

NO_ACCESS = "no_access"
"""The code of a refusal for want of leave."""
MOST_LISTED = 9
"""Allowed values that a refusal names; more would bury it."""


class Missing(msgspec.Struct, frozen=True):
    """A field that a gate wants filled.

    `stage` is the stage that asks for it, `place` where that is written, `target` which of several
    new records it belongs to. An `upcoming` one is a time that must not be over.
    """

    field: Field
    stage: str = ""
    place: str = ""
    leaving: bool = False
    target: str = ""
    upcoming: bool = False

    @property
    def name(self) -> str:
        """How `-s` names the field: `contact.contact_type` where several records are made at once."""
        return f"{self.target}.{self.field.name}" if self.target else self.field.name

    @property
    def reason(self) -> str:
        """Who asks for it, as a refusal tells it."""
        where = f", {self.place}" if self.place else ""
        if not self.stage:
            return f"required{where}"
        return f'required {"to leave" if self.leaving else "from"} "{self.stage}"{where}'

    def detail(self) -> Detail:
        """Return the line of a refusal, for its text and its JSON."""
        choices = self.field.choices.items if self.field.choices else ()
        allowed = (
            f" (one of: {', '.join(each.id for each in choices)})" if len(choices) <= MOST_LISTED else ""
        )
        return {
            "field": self.name,
            "label": f"{self.target}.{self.field.label}" if self.target else self.field.label,
            "message": self.reason + (allowed if choices else ""),
            "stage": self.stage,
            "place": self.place,
        }


class Refusal(msgspec.Struct, frozen=True):
    """A "no": what was asked, and either the missing fields or another reason in `message`.

    `tried` is the move that fields are missing for: who may not make it is not told of them.
    """

    record: Record | None
    message: str
    missing: tuple[Missing, ...] = ()
    hint: str = ""
    details: tuple[dict[str, object], ...] = ()
    code: str = "refused"
    tried: Change | None = None

    def all_details(self) -> tuple[Detail, ...]:
        """Return the lines under the message."""
        return (*(missing.detail() for missing in self.missing), *self.details)


def empty_fields(missing: Sequence[Missing]) -> str:
    """Return how many fields are missing, as refusals tell it: `2 required fields are empty`."""
    return f"{plural(len(missing), 'required field')} {'is' if len(missing) == 1 else 'are'} empty"


def placeholder(field: Field) -> str:
    """Return what a suggested command shows in place of a value; the gate refuses it as one."""
    return f"<{field.title or field.name}>"

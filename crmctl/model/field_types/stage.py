"""The stage of a record. Not for own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices, archived_title
from crmctl.model.field_types.list import ListType
from crmctl.text import fold, name_key

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.field_types.base import Test
    from crmctl.model.records import Scalar


class StageType(ListType):
    """Read together with its pipeline, as `shipping wholesale`: one title may name stages of several.

    The field's choices are such pairs, each with the stage's id, title and aliases as its aliases.
    """

    searched = False
    carries_pair = False

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Return the id of the stage meant; which pipeline's it is, the rules know."""
        return self._meant(text, field)[0].id.partition(" ")[0]

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the stage's title; one that the configuration no longer has is marked."""
        if field.choices is None or str(value) in field.choices.places:
            return super().display(value, field, conventions)
        return archived_title(str(value).partition(" ")[0])

    def sort_key(self, value: Scalar, field: Field) -> int:
        """Sort by the place in the pipeline, stages that are gone last."""
        places = field.choices.places if field.choices else {}
        return places.get(str(value), len(places))

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare with every stage that `text` names, in whatever pipeline."""
        if op == "~":
            needle = fold(text)
            return lambda value: (
                needle in fold(f"{value.partition(' ')[0]}\n{self.display(value, field, conventions)}")
            )
        if op != "=":
            raise BadValue(f"stages have no {op} comparison", hint="use = != in or ~")
        wanted = {choice.id for choice in self._meant(text, field)}
        known, gone = field.choices.places if field.choices else {}, f"{text} "
        # A stage that this pipeline no longer has may go by the same id as one that another has.
        return lambda value: value in wanted or (value not in known and value.startswith(gone))

    def _meant(self, text: str, field: Field) -> list[Choice]:
        assert field.choices is not None
        key = name_key(text)
        exact = [choice for choice in field.choices.items if name_key(choice.id.partition(" ")[0]) == key]
        named = [
            choice for choice in field.choices.items if any(name_key(name) == key for name in choice.names)
        ]
        if not exact and not named:
            _stages(field.choices).find(text)
        return list(dict.fromkeys(exact + named))


def _stages(choices: Choices) -> Choices:
    """Return the stages without their pipelines: a miss lists each id once."""
    plain = {(stage := choice.id.partition(" ")[0]): Choice(stage, choice.title) for choice in choices.items}
    return Choices(choices.noun, tuple(plain.values()))


TYPE = StageType()

"""Fields as the program uses them: the standard ones and a workspace's own, with their choices filled in."""

from collections.abc import Mapping

import msgspec

from crmctl.config.document import Json
from crmctl.config.words import as_texts
from crmctl.model.choices import Choice, Choices
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import CHOSEN_FROM, STANDARD_FIELDS
from crmctl.typed import as_text


class Vocabulary(msgspec.Struct, frozen=True):
    """What fields choose from: the value lists by id, and the users where they are declared."""

    lists: Mapping[str, Choices] = {}
    users: Choices | None = None


def value_list(name: str, entries: list[Json]) -> Choices:
    """Return a value list of `lists:`."""
    return Choices(f'value of list "{name}"', tuple(_entry(entry) for entry in entries))


def own_field(name: str, raw: Mapping[str, Json], words: Vocabulary, owned_by: str = "") -> Field:
    """Return a field of `fields:`; `owned_by` is the pipeline whose records alone have it."""
    kind = str(raw["type"])
    return Field(
        name,
        kind,
        title=raw.get("title", ""),
        help=raw.get("help", ""),
        example=as_text(raw.get("example")),
        default=as_texts(raw["default"]) if "default" in raw else None,
        pattern=raw.get("pattern", ""),
        min=as_text(raw.get("min")),
        max=as_text(raw.get("max")),
        multiple=bool(raw.get("multiple")) or kind == "tags",
        unique=bool(raw.get("unique")),
        aliases=tuple(raw.get("aliases", ())),
        choices=words.users if kind == "user" else words.lists.get(raw.get("list", "")),
        to=raw.get("to", ""),
        owned_by=owned_by,
    )


def standard_fields(kind: RecordType, words: Vocabulary) -> list[Field]:
    """Return the standard fields of a record type; one whose list is not declared takes any text."""
    return [_with_choices(field, words) for field in STANDARD_FIELDS.get(kind, ())]


def _with_choices(field: Field, words: Vocabulary) -> Field:
    choices = words.users if field.kind == "user" else words.lists.get(CHOSEN_FROM.get(field.name, ""))
    return field if choices is None else msgspec.structs.replace(field, choices=choices)


def _entry(raw: Json) -> Choice:
    if isinstance(raw, str):
        return Choice(raw)
    return Choice(raw["id"], raw.get("title", ""), tuple(raw.get("aliases", ())))

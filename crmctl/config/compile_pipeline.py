"""A pipeline file as the program uses it. The document has passed its schema."""

from datetime import timedelta

from crmctl import dates
from crmctl.config.compile_field import Vocabulary, own_field
from crmctl.config.document import Document, Json, Node
from crmctl.errors import BadValue
from crmctl.model.pipeline import Action, Outcome, Permission, Pipeline, Requirement, Stage
from crmctl.model.records import RecordType

ACTIONS = ("task", "set", "assign", "convert", "mail", "notify")
"""What an entry of `on_enter` and `on_leave` can do: it has one of these keys."""

_PROBABILITY = {Outcome.WON: 100, Outcome.LOST: 0}


def compile_pipeline(document: Document, words: Vocabulary) -> Pipeline:
    """Return the pipeline of a file."""
    top = document.top
    name = top.text("pipeline")
    reasons, moves = top.get("reasons"), top.value.get("moves", {})
    return Pipeline(
        name,
        top.text("title") or name,
        RecordType(top.text("record")),
        tuple(_stage(stage) for stage in top.each("stages")),
        reasons=reasons.text("list") if reasons else "",
        skip=moves.get("skip", True),
        back=moves.get("back", True),
        fields=tuple(own_field(field, raw.value, words, owned_by=name) for field, raw in top.pairs("fields")),
        place=f"{document.path}:1",
        aliases=tuple(top.value.get("aliases", ())),
        access=tuple(_permission(entry) for entry in top.each("access")),
    )


def _permission(entry: Node) -> Permission:
    actions, stages = entry.value["actions"], entry.value.get("stages", ())
    return Permission(entry.text("role"), tuple(actions), tuple(stages), entry.text("where"), entry.place())


def requirements(node: Node, key: str) -> tuple[Requirement, ...]:
    """Return the requirements that stand under a key, each with the place that asks for it."""
    return tuple(_requirement(entry) for entry in node.each(key))


def _requirement(entry: Node) -> Requirement:
    if isinstance(entry.value, str):
        return Requirement(entry.value, place=entry.place())
    return Requirement(entry.text("field"), entry.text("when"), entry.place())


def _stage(node: Node) -> Stage:
    outcome = Outcome(node.text("outcome") or "open")
    name = node.text("stage")
    probability = node.value.get("probability", _PROBABILITY.get(outcome))
    following = node.value.get("next")
    return Stage(
        name,
        node.text("title") or name,
        outcome,
        aliases=tuple(node.value.get("aliases", ())),
        probability=None if probability is None else int(probability),
        max_age=_length(node.text("max_age")),
        require=requirements(node, "require"),
        require_to_leave=requirements(node, "require_to_leave"),
        on_enter=_actions(node.value.get("on_enter", [])),
        on_leave=_actions(node.value.get("on_leave", [])),
        next=None if following is None else tuple(following),
        moved_from=tuple(node.value.get("moved_from", ())),
        place=node.place(),
    )


def _length(text: str) -> timedelta | None:
    try:
        return dates.read_duration(text) if text else None
    except BadValue:
        return None  # a finding of its own


def _actions(entries: list[Json]) -> tuple[Action, ...]:
    # An entry with nothing but an unknown key is told of already.
    kinds = ((next((kind for kind in ACTIONS if kind in entry), ""), entry) for entry in entries)
    return tuple(Action(kind, dict(entry)) for kind, entry in kinds if kind)

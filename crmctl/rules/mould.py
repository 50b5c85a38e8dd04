"""Creating many records that look alike: what follows from which fields are given is worked out once.

An import brings a hundred thousand rows of a few shapes. Which defaults apply, where a record starts, what being there
writes and whether a gate lets it through follow from the fields that are filled, where no gate asks for more. So the
first record of a shape is decided on as any other, and what that added is added to those that come after it.
"""

from collections.abc import Mapping

import msgspec

from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.rules.context import Context
from crmctl.rules.create import NewRecord, built_title, create
from crmctl.rules.decision import Refusal

_MOST_SHAPES = 1000
_Shape = tuple[str, ...]


class _Mould(msgspec.Struct, frozen=True):
    """What is added to the values of a record of one shape, and which of them it may not keep.

    One `untitled` gets the title that its own values make up.
    """

    added: dict[str, Value]
    taken: tuple[str, ...]
    untitled: bool


class Moulds:
    """Creates records of one type as `create` does."""

    def __init__(self, kind: RecordType, context: Context) -> None:
        self._kind = kind
        self._context = context
        self._moulds: dict[_Shape, _Mould | None] = {}

    def create(self, record_id: str, new: NewRecord) -> Change | Refusal:
        """Decide on a new record. Raises what `create` raises."""
        values = new.values
        # Nearly always all are true; zero and false are, for once, values like any other.
        if not all(values.values()) and any(map(is_empty, values.values())):
            return create(record_id, new, self._context)
        shape = (new.pipeline, new.stage, *values)
        mould = self._moulds.get(shape)
        if mould is None:
            return self._first(shape, record_id, new)
        made: dict[str, Value] = {**mould.added, **values}  # type: ignore[dict-item]
        made["id"] = record_id
        for name in mould.taken:
            del made[name]
        record = Record(made)
        if mould.untitled:
            if not (title := built_title(record)):
                return create(record_id, new, self._context)
            made["title"] = title
        return Change("create", None, record)

    def _first(self, shape: _Shape, record_id: str, new: NewRecord) -> Change | Refusal:
        answer = create(record_id, new, self._context)
        if shape not in self._moulds and len(self._moulds) < _MOST_SHAPES:
            self._moulds[shape] = self._mould(new.values, answer)
        return answer

    def _mould(self, given: Mapping[str, Value | None], answer: Change | Refusal) -> _Mould | None:
        """Return what makes the like of a record, or nothing where that depends on more than its shape."""
        if isinstance(answer, Refusal) or "items" in given or self._asks(answer.record):
            return None
        made = answer.record.values
        if any(name in made and made[name] != value for name, value in given.items()):
            return None
        own = {"title", *given}
        added = {name: value for name, value in made.items() if name not in own}
        return _Mould(added, tuple(name for name in given if name not in made), "title" not in given)

    def _asks(self, record: Record) -> bool:
        """Tell whether what a record must hold depends on what it holds."""
        pipeline, stage = self._context.pipeline_of(record), self._context.stage_of(record)
        asking = pipeline.asking(stage) if pipeline and stage else ()
        required = [
            *self._context.configuration.require.get(record.type, ()),
            *(requirement for each in asking for requirement in each.require),
        ]
        return record.type is RecordType.TASK or any(each.when for each in required)

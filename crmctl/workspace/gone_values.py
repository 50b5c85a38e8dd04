"""Values that records still hold although the configuration dropped them: task templates, results, types and users."""

from collections.abc import Iterable

from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.storage.interface import Reader, column

_CHOSEN = {RecordType.TASK: ("template", "type", "result")}


def gone_values(kind: RecordType, fields: Iterable[Field], reader: Reader) -> dict[str, dict[str, list[str]]]:
    """Return by field and value the ids of the records of a type that hold what their field no longer knows."""
    named = _CHOSEN.get(kind, ())
    asked = [each for each in fields if each.choices and (each.kind == "user" or each.name in named)]
    found: dict[str, dict[str, list[str]]] = {}
    if not asked:
        return found
    known = {each.name: {choice.id for choice in each.choices.items} for each in asked if each.choices}
    columns = [(each.name, column(each.name)) for each in asked]
    for row in reader.scan(kind, ("id", *known)):
        for name, get in columns:
            held = get(row)
            for value in held if isinstance(held, list) else [held] if held else []:
                if value not in known[name]:
                    found.setdefault(name, {}).setdefault(str(value), []).append(row.f_id)
    return found

"""A plan as one JSON object."""

from collections.abc import Mapping, Sequence

from crmctl.rules.difference import Difference
from crmctl.rules.migration import Effect


def plan_object(
    against: str,
    differences: Sequence[Difference],
    effects: Sequence[Effect],
    summary: Mapping[str, object],
    tasks: Sequence[Mapping[str, object]] = (),
) -> dict[str, object]:
    """Return a plan under its JSON keys; what there is none of is null."""
    return {
        "against": against or None,
        "changes": [_difference(each) for each in differences],
        "records": [_effect(each) for each in effects],
        "summary": dict(summary),
        **({"tasks": [dict(each) for each in tasks]} if tasks else {}),
    }


def _difference(each: Difference) -> dict[str, object]:
    return {
        "what": each.what.value,
        "place": each.place,
        "name": each.name,
        "change": each.change.value,
        "from": each.old or None,
        "to": each.new or None,
    }


def _effect(each: Effect) -> dict[str, object]:
    return {
        "id": each.id,
        "verdict": each.fate.value,
        "reason": each.what.value,
        "place": each.place,
        "name": each.name,
        "field": each.field or None,
        "from": each.old or None,
        "to": each.new or None,
        "why": each.why or None,
    }

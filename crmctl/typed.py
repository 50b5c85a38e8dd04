"""Values of JSON and YAML as the text that somebody might have typed for them."""

from collections.abc import Mapping

from crmctl.errors import BadValue


def as_text(value: object) -> str:
    """Return a scalar as it would be typed on the command line, nothing for none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return "" if value is None else str(value)


def _line(value: Mapping[object, object]) -> object:
    """Return a line of a deal's items as it would be typed; what else is nested stays as it is."""
    if not {"product", "price"} <= value.keys() or not value.keys() <= {"product", "quantity", "price"}:
        return value
    return f"{as_text(value['product'])} {as_text(value.get('quantity', 1))} x {as_text(value['price'])}"


def typed_texts(value: object) -> tuple[str, ...]:
    """Return the texts that set a field to a value: one for each of a list, an empty one for none.

    Raises BadValue for what is nested.
    """
    values = [
        _line(one) if isinstance(one, dict) else one
        for one in (value if isinstance(value, list) else [value])
    ]
    if not all(one is None or isinstance(one, str | int | float) for one in values):
        raise BadValue("neither text, a number, true, false nor a list of them")
    return tuple(map(as_text, values))

"""Workflow commands, which GitHub shows as annotations at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from crmctl.model.place import Place
from crmctl.text import visible


def workflow_command(level: str, title: str, message: str, place: Place | None = None) -> str:
    """Return a command; without a place it is about the whole run."""
    properties = {"file": place.path} if place else {}
    if place and place.line:
        properties |= {"line": str(place.line), "col": str(place.column or 1)}
    properties["title"] = title
    pairs = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {pairs}::{_data(message)}\n"


def _data(text: str) -> str:
    shown = visible(text, multiline=True)
    return shown.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

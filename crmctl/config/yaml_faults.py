"""What the YAML parser's errors mean, in the words of someone who writes the file."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from crmctl.config.document import Mark
from crmctl.text import visible

_COLON = 'put text that holds ": " in quotes'


class Opened(NamedTuple):
    """A list or mapping in brackets that is not closed yet: what it is called, and where it begins."""

    name: str
    mark: Mark


class Told(NamedTuple):
    """An error as it is told."""

    message: str
    mark: Mark
    hint: str = ""


def told(error: Any, text: str, opened: Sequence[Opened]) -> Told:
    """Return what a parser's error means; `opened` are the brackets that are open where it stopped.

    What never ends is reported where it begins, all else where reading failed.
    """
    problem, at = str(error.problem), error.problem_mark or error.context_mark
    if "end of stream" in problem and error.context_mark:
        return Told("the quoted text that begins here never ends", _mark(error.context_mark))
    if at is None:
        return Told(problem, Mark(1, 1))
    if opened and at.index >= len(text.rstrip()):
        return Told(f"the {opened[-1].name} that begins here is never closed", opened[-1].mark)
    mark, character = _mark(at), text[at.index : at.index + 1]
    if "cannot start any token" in problem and character == "\t":
        return Told("a tab stands where the line is indented", mark, "indent by spaces")
    if "cannot start any token" in problem:
        return Told(f'text cannot begin with "{visible(character)}"', mark, "put the text in quotes")
    if opened and "did not find expected ','" in problem:
        begins = f"the {opened[-1].name} begins on line {opened[-1].mark.line}"
        on_its_line = opened[-1].mark.line == mark.line
        hint = _COLON if on_its_line and character == ":" else begins
        return Told(f"a comma or the end of the {opened[-1].name} is missing before this", mark, hint)
    return _structure(error, problem, mark)


def _structure(error: Any, problem: str, mark: Mark) -> Told:
    """Tell of lines that do not fit together; what is not known better is told in the parser's words."""
    context = error.context_mark
    begins = f"{error.context} that begins on line {context.line + 1}" if error.context and context else ""
    if "mapping values are not allowed" in problem:
        return Told("a second key on the line, or a line indented too deep", mark, _COLON)
    if "could not find expected ':'" in problem and context:
        return Told("a key without a colon and a space behind it", _mark(context))
    if "did not find expected key" in problem or "did not find expected '-'" in problem:
        return Told("this is no part of the mapping or list around it", mark, begins)
    return Told(problem, mark, begins)


def _mark(place: Any) -> Mark:
    return Mark(place.line + 1, place.column + 1)

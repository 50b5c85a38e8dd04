"""`# crmctl: ignore[rule-id, ...]`: the comments that silence rules on their line."""

import re
from collections.abc import Iterator, Sequence

from crmctl.config.document import Ignore, Mark
from crmctl.config.lines import BREAK

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*?crmctl:[ \t]*ignore\b(?:\[([^\]\n]*)\])?")
_RULE = re.compile(r"[^\s,]+")


def ignores_in(text: str, scalars: Sequence[tuple[Mark, Mark]]) -> tuple[Ignore, ...]:
    """Return what the comments of a file silence; `scalars` are texts that only look so."""
    if "crmctl:" not in text:
        return ()
    return tuple(ignore for ignore in _all(text) if not any(a <= ignore.mark < b for a, b in scalars))


def _all(text: str) -> Iterator[Ignore]:
    for number, line in enumerate(BREAK.split(text), 1):
        for comment in _COMMENT.finditer(line):
            named = [
                Ignore(rule[0], Mark(number, comment.start(1) + rule.start() + 1))
                for rule in _RULE.finditer(comment[1] or "")
            ]
            # One that names no rule silences nothing, which its writer should hear.
            yield from named or [Ignore("", Mark(number, comment.start() + 1))]

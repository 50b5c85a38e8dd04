r"""A field's pattern is no regular expression that crmctl can run.

Patterns are run by RE2, whose time grows only linearly with the text, so that none can hang an import. It
has no look-around and no back-references; \w and \d are ASCII, \p{L} is a letter of any alphabet.

    waybill: {type: text, pattern: '^\d{11,14}$'}
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.errors import BadValue
from crmctl.model.field_types.pattern import compiled

RULE = Rule("reference-pattern")


def check(project: Project) -> Iterator[Fault]:
    """Yield the patterns that the engine refuses."""
    for field in project.own_fields():
        pattern = field.node.get("pattern")
        if pattern is None:
            continue
        try:
            compiled(pattern.value)
        except BadValue as error:
            hint = "look-around and back-references cannot be used" if "(?" in pattern.value else ""
            yield Fault(pattern, error.reason, hint)

"""A value list is named that `lists:` does not declare.

The lists of standard fields (source, lost_reason, reject_reason, contact_type, company_type, industry)
need not be declared: without them those fields take any text. Any other list is meant to be there.

    fields:
      deal:
        delivery: {type: list, list: deliveries}    # wrong where lists: has only "delivery"
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.standard_fields import CHOSEN_FROM

RULE = Rule("reference-unknown-list", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no list has."""
    if project.workspace is None:
        return
    for name in _names(project):
        if name.value not in project.words.lists and name.value not in CHOSEN_FROM.values():
            hint = suggestion(name.value, project.words.lists) or "declare it under lists: in crmctl.yaml"
            yield Fault(name, f'there is no list "{name.value}"', hint)


def _names(project: Project) -> Iterator[Node]:
    for field in project.own_fields():
        if name := field.node.get("list"):
            yield name
    for document in project.pipelines:
        reasons = document.top.get("reasons")
        if reasons and (name := reasons.get("list")):
            yield name

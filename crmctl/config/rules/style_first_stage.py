"""The first stage does not tell the team what to do.

The first stage of a lead pipeline is where unworked leads lie. "Новый лид", "Не обработан" or "New" say
what a lead is; "Связаться с клиентом", "Contact the client" say what to do. A deal pipeline must not
begin with leads ("Новый лид"): they have a pipeline of their own.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.instruction import instructs
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.config.wording import LEADS, STATE, is_open, title_of

RULE = style("first-stage")

_APART = "keep leads in a pipeline of their own, with record: lead"
_INSTRUCT = 'call it by the next step, such as "Связаться с клиентом" or "Contact the client"'


def check(project: Project) -> Iterator[Fault]:
    """Yield the first stages whose names are no instructions."""
    for document in project.pipelines:
        first = next((stage for stage in document.top.each("stages") if is_open(stage)), None)
        if first is None:
            continue
        title = title_of(first)
        if document.top.text("record") == "deal":
            if LEADS.search(title.value):
                yield Fault(title, f'a deal pipeline begins with leads: "{title.value}"', _APART)
        elif STATE.search(title.value) and not instructs(title.value):
            yield Fault(title, f'the first stage does not say what to do: "{title.value}"', _INSTRUCT)

"""Leads and deals are mixed in one pipeline.

A lead is a contact that may come to something, a deal is something to be sold. In one pipeline the
funnel counts both as one, and the share of deals won means nothing. Give leads a pipeline with `record:
lead` and convert the good ones: a last step such as "Convert to a deal" belongs to leads.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.config.wording import DEALS, HAND_OVER, LEADS, is_open, title_of

RULE = style("mixed-records")

_OTHER = {"deal": ("leads", LEADS), "lead": ("deals", DEALS)}


def check(project: Project) -> Iterator[Fault]:
    """Yield the first stage of each pipeline that speaks of the other records."""
    for document in project.pipelines:
        kind = document.top.text("record")
        others, words = _OTHER[kind]
        titles = [title_of(stage) for stage in document.top.each("stages") if is_open(stage)]
        if kind == "lead":
            titles = [title for title in titles if not HAND_OVER.search(title.value)]
        stray = next((title for title in titles if words.search(title.value)), None)
        if stray:
            message = f'a pipeline of {kind}s has a stage for {others}: "{stray.value}"'
            yield Fault(stray, message, f"give {others} a pipeline of their own")

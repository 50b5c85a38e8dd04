"""A pipeline lacks an open, a won or a lost stage.

New records start at the first open stage; records leave the pipeline by being won or lost. Without all
three, creating, converting or rejecting has nowhere to go.

    - {stage: won, title: Завершить сделку, outcome: won}
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.pipeline import Outcome

RULE = Rule("reference-outcomes")


def check(project: Project) -> Iterator[Fault]:
    """Yield the outcomes that no stage has."""
    for document, pipeline in project.compiled:
        present = {stage.outcome for stage in pipeline.stages}
        stages = document.top.get("stages")
        for outcome in Outcome:
            if outcome not in present and stages:
                hint = "" if outcome is Outcome.OPEN else f"add a stage with outcome: {outcome.value}"
                message = f'pipeline "{pipeline.id}" has no {outcome.value} stage'
                yield Fault(stages, message, hint, at_key=True)

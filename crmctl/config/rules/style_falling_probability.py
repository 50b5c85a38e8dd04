"""The probability of winning falls along the way.

Open stages come in the order in which records go through them: each is nearer to the sale than the one
before. A forecast weighted by probabilities that fall counts progress as a loss.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style
from crmctl.config.wording import is_open

RULE = style("falling-probability")


def check(project: Project) -> Iterator[Fault]:
    """Yield the probabilities that are lower than one before."""
    for document in project.pipelines:
        highest = 0
        for stage in document.top.each("stages"):
            probability = stage.get("probability")
            if probability is None or not is_open(stage):
                continue
            if probability.value < highest:
                yield Fault(probability, f"probability falls from {highest} to {probability.value}")
            highest = max(highest, probability.value)

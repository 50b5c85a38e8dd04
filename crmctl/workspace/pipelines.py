"""`pipeline`: the pipelines as programs read them, with how many records are where."""

from collections import Counter
from collections.abc import Mapping

from crmctl.errors import NotFound
from crmctl.model.pipeline import Pipeline, Requirement
from crmctl.model.records import RecordType
from crmctl.workspace.workspace import Workspace

Counts = Mapping[tuple[str, str], int]
"""Records by pipeline and stage."""


def stage_counts(workspace: Workspace) -> Counts:
    """Return how many records are on which stage; none where the database is not made yet."""
    counts: Counter[tuple[str, str]] = Counter()
    try:
        reader = workspace.read()
    except NotFound:
        return counts
    for kind in (RecordType.LEAD, RecordType.DEAL):
        counts.update((row.f_pipeline, row.f_stage) for row in reader.scan(kind, ("pipeline", "stage")))
    return counts


def pipeline_object(pipeline: Pipeline, counts: Counts) -> dict[str, object]:
    """Return a pipeline with its stages, requirements and counts."""
    return {
        "pipeline": pipeline.id,
        "title": pipeline.title,
        "record": pipeline.record.value,
        "stages": [
            {
                "stage": stage.id,
                "title": stage.title,
                "outcome": stage.outcome.value,
                "aliases": stage.aliases,
                "probability": stage.probability,
                "require": [_requirement(each) for each in stage.require],
                "require_to_leave": [_requirement(each) for each in stage.require_to_leave],
                "records": counts.get((pipeline.id, stage.id), 0),
            }
            for stage in pipeline.stages
        ],
    }


def _requirement(requirement: Requirement) -> dict[str, str]:
    found = {"field": requirement.field}
    return {**found, "when": requirement.when} if requirement.when else found

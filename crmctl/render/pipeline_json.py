"""A pipeline as programs read it."""

from collections.abc import Mapping

from crmctl.model.pipeline import Permission, Pipeline, Requirement, Stage


def pipeline_object(pipeline: Pipeline, counts: Mapping[tuple[str, str], int]) -> dict[str, object]:
    """Return a pipeline under its JSON keys; `counts` are the records by pipeline and stage."""
    return {
        "pipeline": pipeline.id,
        "title": pipeline.title,
        "record": pipeline.record.value,
        "stages": [_stage(stage, counts.get((pipeline.id, stage.id), 0)) for stage in pipeline.stages],
        "access": [_permission(each) for each in pipeline.access],
    }


def _permission(permission: Permission) -> dict[str, object]:
    found: dict[str, object] = {"role": permission.role, "actions": permission.actions}
    if permission.stages:
        found["stages"] = permission.stages
    return {**found, "where": permission.where} if permission.where else found


def _stage(stage: Stage, count: int) -> dict[str, object]:
    return {
        "stage": stage.id,
        "title": stage.title,
        "outcome": stage.outcome.value,
        "aliases": stage.aliases,
        "probability": stage.probability,
        "require": [_requirement(each) for each in stage.require],
        "require_to_leave": [_requirement(each) for each in stage.require_to_leave],
        "records": count,
    }


def _requirement(requirement: Requirement) -> dict[str, str]:
    found = {"field": requirement.field}
    return {**found, "when": requirement.when} if requirement.when else found

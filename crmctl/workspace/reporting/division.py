"""What `--by` divides the records of a pipeline by, and how its values are told."""

from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.table import NO_VALUE
from crmctl.reports.division import Division
from crmctl.workspace.workspace import Workspace


def division_of(workspace: Workspace, pipeline: Pipeline, by: Field | None) -> Division | None:
    """Return the division by a field, if there is one."""
    if by is None:
        return None
    conventions, title = workspace.conventions, by.title or by.name
    if by.kind != "stage":
        return Division(
            by.name, lambda value: by.display(value, conventions) if value else NO_VALUE, title=title
        )
    here = f" {pipeline.id}"
    # A stage is read with its pipeline, which the row names by itself.
    return Division(
        by.name,
        lambda value: by.display(f"{value.removesuffix(here)}{here}", conventions) if value else NO_VALUE,
        lambda value: value.removesuffix(here) if value else value,
        title,
    )


def division_of_records(workspace: Workspace, by: Field | None) -> Division | None:
    """Return the division of records without a pipeline by a field, if there is one."""
    if by is None:
        return None
    conventions = workspace.conventions
    return Division(
        by.name,
        lambda value: by.display(value, conventions) if value else NO_VALUE,
        title=by.title or by.name,
    )

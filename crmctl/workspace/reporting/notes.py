"""What a reader of any report should know of the records it could not count."""

from collections.abc import Collection, Sequence

from crmctl.model.pipeline import Permission
from crmctl.model.records import RecordType
from crmctl.text import plural
from crmctl.workspace.reporting.late_entries import recorded_later
from crmctl.workspace.reporting.part import Gathered
from crmctl.workspace.workspace import Workspace


def standing_notes(
    workspace: Workspace, gathered: Sequence[Gathered], others: Collection[RecordType] = ()
) -> list[str]:
    """Return notes on records without a date, in other currencies, hidden by access, or entered later.

    `others` are types of records that were looked at beside those of pipelines.
    """
    found = []
    for each in gathered:
        title = each.pipeline.title
        if each.undated:
            found.append(f"{title}: {plural(each.undated, 'record')} left out for want of a date")
        if each.passed_over:
            found.append(f"{title}: {plural(each.passed_over, 'record')} in other currencies passed over")
    limits = workspace.configuration.limits_of(workspace.by)
    if any(_hides(limits.get(each.pipeline.id, ())) for each in gathered):
        found.append("records that access does not let you view are not counted")
    return [*found, *recorded_later(workspace, {*others, *(each.pipeline.record for each in gathered)})]


def _hides(permissions: Sequence[Permission]) -> bool:
    """Tell whether all that a user may do in a pipeline leaves records that they may not view."""
    return bool(permissions) and not any("view" in each.actions and each.everywhere for each in permissions)

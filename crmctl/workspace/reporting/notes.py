"""What a reader of any report should know of the records it could not count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from crmctl.model.pipeline import Permission
from crmctl.model.records import RecordType
from crmctl.text import plural
from crmctl.workspace.reporting.late_entries import recorded_later
from crmctl.workspace.reporting.part import Gathered
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.workspace.reporting.records import GatheredRecords


def standing_notes(
    workspace: Workspace, gathered: Sequence[Gathered], beside: Collection[RecordType] = ()
) -> list[str]:
    """Return notes on records without a date, in other currencies, hidden by access, or entered later.

    `beside` are the types of further records that figures hang on.
    """
    found = []
    for each in gathered:
        title = each.pipeline.title
        if each.undated:
            found.append(f"{title}: {plural(each.undated, 'record')} left out for want of a date")
        if each.passed_over:
            found.append(f"{title}: {_passed_over(plural(each.passed_over, 'record'))}")
    limits = workspace.configuration.limits_of(workspace.by)
    pipelines = [each.pipeline for each in gathered]
    pipelines += [each for kind in beside for each in workspace.configuration.pipelines_of(kind)]
    if any(_hides(limits.get(each.id, ())) for each in pipelines):
        found.append("records that access does not let you view are not counted")
    return [*found, *recorded_later(workspace, {*beside, *(each.record for each in pipelines)})]


def records_notes(gathered: Sequence[GatheredRecords]) -> list[str]:
    """Return notes on records without pipelines that are in other currencies."""
    return [
        _passed_over(plural(each.passed_over, each.kind.value, each.kind.table))
        for each in gathered
        if each.passed_over
    ]


def _passed_over(records: str) -> str:
    return f"{records} in other currencies passed over"


def _hides(permissions: Sequence[Permission]) -> bool:
    """Tell whether all that a user may do in a pipeline leaves records that they may not view."""
    return bool(permissions) and not any("view" in each.actions and each.everywhere for each in permissions)

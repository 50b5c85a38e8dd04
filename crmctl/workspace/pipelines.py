"""`pipeline`: how many records are where."""

from collections import Counter
from collections.abc import Mapping

from crmctl.errors import NotFound
from crmctl.model.records import RecordType
from crmctl.workspace.workspace import Workspace


def stage_counts(workspace: Workspace) -> Mapping[tuple[str, str], int]:
    """Return how many records are in which pipeline at which stage; none where there is no database yet."""
    counts: Counter[tuple[str, str]] = Counter()
    try:
        reader = workspace.read()
    except NotFound:
        return counts
    for kind in (RecordType.LEAD, RecordType.DEAL):
        counts.update((row.f_pipeline, row.f_stage) for row in reader.scan(kind, ("pipeline", "stage")))
    return counts

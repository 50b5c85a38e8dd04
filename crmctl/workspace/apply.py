"""`apply`: the stored records, brought to the present configuration in one run that can be undone."""

import msgspec

from crmctl.errors import Refused
from crmctl.render.plan_words import effect_told, grouped, named
from crmctl.text import plural
from crmctl.workspace.applied import keep_applied
from crmctl.workspace.next_step import way_out
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.plan import Plan, PlanRequest, plan_on
from crmctl.workspace.transaction import transaction, until_settled
from crmctl.workspace.workspace import Workspace


class Applied(msgspec.Struct, frozen=True):
    """What was migrated, by which plan; `kept` tells whether the configuration is newly the one last applied."""

    plan: Plan
    outcome: Outcome
    kept: bool


@until_settled
def apply(
    workspace: Workspace, asked: PlanRequest, options: WriteOptions, agreed: Plan | None = None
) -> Applied:
    """Migrate every record that the present configuration has another place for, all of them or none.

    The configuration is from then on the one that was last applied, also where no record changed. Raises Refused
    where anything has nowhere to go, or where a plan was `agreed` to and the records changed since.
    """
    with transaction(workspace, options) as tx:
        found = plan_on(workspace, tx.writer, asked)
        if not options.dry_run:
            check_free(found, asked)
        if agreed and agreed.effects != found.effects:
            raise Refused(
                "the records changed since the plan was shown, so nothing was changed", hint="crmctl plan"
            )
        run = tx.begin_run("apply") if found.changes else None
        for change in found.changes:
            tx.apply(change)
        kept = bool(found.differences or found.changes or not found.against)
        if kept:
            keep_applied(tx.writer, tx.configuration, run.id if run else "")
        outcome = tx.commit()
        if not tx.changed and not options.dry_run:
            tx.writer.commit()
    return Applied(found, outcome, kept)


def check_free(found: Plan, asked: PlanRequest) -> None:
    """Raise Refused where anything has nowhere to go: nothing is lost, and nothing left behind."""
    if not found.blocked:
        return
    details = [
        {
            "label": "/".join(dict.fromkeys((each[0].place, each[0].name))),
            "message": f"{effect_told(each)}: {named([one.id for one in each])}",
        }
        for each in grouped(found.blocked)
    ]
    count = plural(len({each.id for each in found.blocked}), "record")
    told = f"{count} cannot be migrated, so nothing was changed"
    raise Refused(told, details=details, hint=way_out(found, asked))

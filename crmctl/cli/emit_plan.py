"""Telling what a changed configuration means for the records, and what was done about it."""

import msgspec

from crmctl.cli.emit_changes import foretell
from crmctl.cli.output import Output
from crmctl.cli.session import Session
from crmctl.errors import Refused
from crmctl.render.plan import plan_text
from crmctl.render.plan_json import plan_object
from crmctl.render.plan_words import effect_told, map_option, named, remedy
from crmctl.rules.migration import Fate
from crmctl.text import plural
from crmctl.workspace.apply import Applied, check_free
from crmctl.workspace.next_step import next_command
from crmctl.workspace.plan import APPLIED, Plan, PlanRequest, plan
from crmctl.workspace.workspace import Workspace


def emit_plan(output: Output, found: Plan, asked: PlanRequest) -> None:
    """Write what changed, with the records; last a line that sums it up and the command that goes on from here."""
    if output.format == "json":
        output.json(
            plan_object(found.against, found.differences, found.effects, found.summary(), _tasks(found))
        )
        return
    if output.format == "ids":
        output.text("".join(f"{name}\n" for name in dict.fromkeys(each.id for each in found.effects)))
        return
    output.text(plan_text(found.differences, found.effects, output.style))
    output.status(summary_line(found))
    for each in found.tasks:
        held = plural(len(each.tasks), "task")
        told = f'{held} with {each.field} "{each.value}", which is gone: {named(each.tasks)}'
        output.note(f"{told}; they stay as they are, {each.list} lists them")
    if following := next_command(found, asked):
        output.status(f"next: {following}")


def _tasks(found: Plan) -> list[dict[str, object]]:
    return [msgspec.to_builtins(each) for each in found.tasks]


def summary_line(found: Plan) -> str:
    """Return what was compared, and how many records it means something for."""
    compared = {APPLIED: "what was applied last", "": ""}.get(found.against, found.against)
    changed = plural(len(found.differences), "difference") if found.differences else "no difference"
    told = f"{changed} from {compared}" if compared else "nothing is known of what was applied last"
    if found.records is None:
        return f"{told}; there is no database, so no record was looked at"
    counts = found.counts
    parts = {
        "to migrate": counts[Fate.MIGRATES],
        "with nowhere to go": counts[Fate.BLOCKS],
        "lacking what is required now": counts[Fate.LACKS],
    }
    records = ", ".join(f"{count:,} {what}" for what, count in parts.items() if count)
    return f"{told}; {plural(found.records, 'record')}: {records or 'all in order'}"


def confirm_plan(session: Session, asked: PlanRequest) -> Plan | None:
    """Ask before records are migrated; a person is shown the plan first. Returns the plan that was agreed to.

    Raises Refused where something has nowhere to go: nobody is asked in vain.
    """
    if session.given.yes or session.given.dry_run:
        return None
    found = plan(session.workspace, asked)
    check_free(found, asked)
    if found.changes:
        if session.may_ask:
            emit_plan(session.output, found, asked)
        session.confirm(f"migrate {plural(len(found.changes), 'record')}")
    return found


def emit_applied(output: Output, applied: Applied, workspace: Workspace) -> int:
    """Tell what was migrated, or would be; returns the exit code."""
    found, outcome = applied.plan, applied.outcome
    if outcome.dry_run:
        refused = [
            Refused(
                f"{each.id}: {effect_told([each])}", record=each.id, hint=map_option(each) or remedy(each)
            )
            for each in found.blocked
        ]
        foretell(output, found.changes, refused, workspace)
        return 1 if refused else 0
    if output.format == "json":
        summary = {**found.summary(), "run": outcome.run or None}
        output.json(plan_object(found.against, found.differences, found.effects, summary, _tasks(found)))
    elif output.format == "ids":
        output.text("".join(f"{change.record.id}\n" for change in outcome.changes))
    _tell(output, applied)
    return 0


def _tell(output: Output, applied: Applied) -> None:
    found, outcome = applied.plan, applied.outcome
    if outcome.run:
        migrated = f"{plural(len(outcome.changes), 'record')} migrated"
        output.status(f"{outcome.run}: {migrated} (undo: crmctl undo {outcome.run})")
    else:
        output.status("no record had to change" if applied.kept else "nothing to do")
    if any(each.field == "stage" for each in found.effects):
        output.note("no gate was asked and no action set off; gates hold at the next move")
    lacking = [each.id for each in found.effects if each.fate is Fate.LACKS]
    if lacking:
        names = list(dict.fromkeys(lacking))
        lack = "lacks" if len(names) == 1 else "lack"
        told = f"{plural(len(names), 'record')} {lack} what is required now ({named(names)})"
        output.note(f"{told}: crmctl validate --data")
    for note in outcome.notes:
        output.note(note)

"""How to go on from a plan: the command to paste, or else what would clear the way."""

from shlex import quote

from crmctl.render.plan_words import map_option, remedy
from crmctl.workspace.plan import Plan, PlanRequest

_MOST_MAPS = 3
"""Mappings that a suggested command shows; more would bury it."""


def next_command(found: Plan, asked: PlanRequest) -> str:
    """Return the command that goes on from a plan, empty where there is nothing to do or no mapping helps."""
    if found.records is None or not (found.differences or found.changes or found.blocked):
        return ""
    if not all(each.mapping for each in found.blocked):
        return ""
    said = [f"--map {quote(text)}" for text in asked.maps]
    said += [
        f"--set {quote(each.field + each.operator + text)}" for each in asked.fills for text in each.texts
    ]
    options = list(dict.fromkeys(map(map_option, found.blocked)))
    more = ["..."] if len(options) > _MOST_MAPS else []
    return " ".join(["crmctl apply", *said, *options[:_MOST_MAPS], *more])


def way_out(found: Plan, asked: PlanRequest) -> str:
    """Return what to do where something has nowhere to go: the next command, or what helps where no mapping does."""
    stuck = (each for each in found.blocked if not each.mapping)
    return next_command(found, asked) or "; ".join(dict.fromkeys(map(remedy, stuck)))

"""The words of a plan: what changed, what becomes of records, and the mapping that would help."""

from collections.abc import Iterable, Mapping, Sequence
from shlex import quote

from crmctl.rules.difference import Difference, How, What
from crmctl.rules.migration import Effect, Fate
from crmctl.text import plural

MOST_NAMED = 10
"""Records that a line names one by one; `-o ids` and `-o json` have all."""

_DIFFERENCES: Mapping[tuple[What, How | None], str] = {
    (What.PIPELINE, How.TITLED): 'the title: "{old}" -> "{new}"',
    (What.PIPELINE, None): "the pipeline{titled}",
    (What.STAGE, How.RENAMED): "stage {name} is now {new}",
    (What.STAGE, How.MERGED): "stage {name} goes into {new}",
    (What.STAGE, How.TITLED): 'stage {name}: "{old}" -> "{new}"',
    (What.STAGE, How.REORDERED): "stage {name} stands elsewhere",
    (What.STAGE, None): "stage {name}{titled}",
    (What.OUTCOME, None): "stage {name}: {old} -> {new}",
    (What.REQUIREMENT, None): "{whose} requires {name}{when}",
    (What.LEAVING, None): "{whose} requires {name}{when}, to leave it",
    (What.FIELD, None): "field {name}{titled}",
    (What.TYPE, None): "field {name}: {old} -> {new}",
    (What.LIST, How.REMOVED): "the list: its fields take any text",
    (What.LIST, None): "the list: its fields take nothing else",
    (What.VALUE, None): "value {name}",
}
_STRAYS = {
    What.PIPELINE: "the pipeline is not there",
    What.REQUIREMENT: "{whose} requires {name}",
    What.TYPE: "field {name} takes something else",
}
_MOVED = ("{count} goes to {new}", "{count} go to {new}")
_NOWHERE = ("{count} has nowhere to go", "{count} have nowhere to go")
_EFFECTS = {
    (What.STAGE, Fate.BLOCKS): _NOWHERE,
    (What.PIPELINE, Fate.BLOCKS): _NOWHERE,
    (What.STAGE, Fate.MIGRATES): _MOVED,
    (What.PIPELINE, Fate.MIGRATES): _MOVED,
    (What.OUTCOME, Fate.MIGRATES): ("{count} is {new} now", "{count} are {new} now"),
    (What.REQUIREMENT, Fate.LACKS): ("{count} lacks it", "{count} lack it"),
    (What.REQUIREMENT, Fate.MIGRATES): ("{count} gets {new}", "{count} get {new}"),
    (What.FIELD, Fate.BLOCKS): ("{count} holds a value{why}", "{count} hold a value{why}"),
    (What.FIELD, Fate.MIGRATES): ("{count} moves it to {new}", "{count} move it to {new}"),
    (What.TYPE, Fate.BLOCKS): (
        "{count} holds what it does not take{why}",
        "{count} hold what it does not take{why}",
    ),
    (What.TYPE, Fate.MIGRATES): ("{count} has its value read anew", "{count} have their values read anew"),
    (What.VALUE, Fate.BLOCKS): ("{count} holds it as {field}", "{count} hold it as {field}"),
    (What.VALUE, Fate.MIGRATES): ("{count} gets {new} as {field}", "{count} get {new} as {field}"),
}
_REMEDIES = {
    What.FIELD: "map {name} to another field, change the records, or put the field back",
    What.TYPE: "change the records, or put back what {name} took",
}
_OTHERWISE = "map {name} to something else, or change the records"


def difference_told(each: Difference) -> str:
    """Return a difference in words, without whose it is."""
    words = _DIFFERENCES.get((each.what, each.change)) or _DIFFERENCES[each.what, None]
    about = each.old or each.new
    return words.format(
        name=each.name,
        old=each.old,
        new=each.new,
        titled=f" ({about})" if about else "",
        when=f" {about}" if about else "",
        whose=_whose(each.place),
    )


def stray_told(what: What, place: str, name: str) -> str:
    """Return what records hold that the configuration has not, where no difference is known that made it so."""
    words = _STRAYS.get(what, "{what} {name} is not there")
    return words.format(what=what.value, name=name, whose=_whose(place))


def effect_told(effects: Sequence[Effect]) -> str:
    """Return what becomes of records in words; the effects differ in nothing but the record."""
    one = effects[0]
    singular, many = _EFFECTS[one.what, one.fate]
    return (singular if len(effects) == 1 else many).format(
        count=plural(len(effects), "record"),
        new=one.new,
        field=one.field,
        why=f" ({one.why})" if one.why else "",
    )


def grouped(effects: Iterable[Effect]) -> list[list[Effect]]:
    """Return effects that are told in one sentence together, in the order of the first of each."""
    found: dict[tuple[object, ...], list[Effect]] = {}
    for each in effects:
        # Values that are read anew go each its own way, which `-o json` tells.
        goes_to = "" if each.what is What.TYPE else each.new
        key = (each.what, each.place, each.name, each.field, each.fate, goes_to, each.why)
        found.setdefault(key, []).append(each)
    return list(found.values())


def map_option(effect: Effect) -> str:
    """Return the option that clears the way of what has nowhere to go, as a shell takes it; empty where none does."""
    return f"--map {quote(effect.mapping)}" if effect.mapping else ""


def remedy(effect: Effect) -> str:
    """Return what helps what has nowhere to go where no mapping of it does."""
    return _REMEDIES.get(effect.what, _OTHERWISE).format(name=effect.name)


def named(ids: Sequence[str]) -> str:
    """Return the first ids, and how many more there are."""
    more = f" and {len(ids) - MOST_NAMED:,} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(ids[:MOST_NAMED]) + more


def _whose(place: str) -> str:
    return place.partition("/")[2] or f"every {place}"

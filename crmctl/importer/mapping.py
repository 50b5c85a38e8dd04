"""Which column holds which field.

What is written by hand decides first, then what a profile presumes, then names: of fields their ids, then
their titles, then their aliases, all compared without regard to case, composition and kind of white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from crmctl.errors import CrmError, Refused, WrongUse
from crmctl.importer.column_map import ColumnMap, Entered
from crmctl.importer.targets import ENTERED, ITEM, OTHERS, Target, Targets
from crmctl.model.field import Field
from crmctl.model.import_profile import CLOSED_AS, PASSED
from crmctl.model.standard_fields import KEPT_FROM_IMPORT
from crmctl.text import close_names, name_key, names_hint, shortened

TYPED_FORMS = {"phone_typed": "phone"}
"""Columns that tell how the values of another field were typed, and which field that is."""
_SEPARATE = frozenset({"id", "revision", "external_id"})
_IGNORE = frozenset({"", PASSED})
_PASSED = Target(PASSED)


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Return the columns and fields of `Column=field` options; no field, or `-`, passes a column over.

    Raises WrongUse for text of another form and for a column that is named twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column.strip():
            raise WrongUse(
                f'"{pair}" is no mapping', hint='write --map "Column=field", or "Column=-" to leave it out'
            )
        if name_key(column) in map(name_key, found):
            raise WrongUse(f'column "{column.strip()}" is mapped twice')
        found[column.strip()] = field.strip()
    return found


def map_columns(
    header: Sequence[str],
    known: Targets | Mapping[str, Field],
    pairs: Mapping[str, str] | None = None,
    *,
    presumed: Mapping[str, str | Target] | None = None,
    ignore_unknown: bool = False,
) -> ColumnMap:
    """Return which column is for what of `known`: the fields that `Configuration.fields_of` gives, or more.

    `pairs` (see `read_pairs`) must name columns of the file; `presumed` are the same from a profile: those of
    columns that the file lacks mean nothing, and a column whose field the workspace lacks is passed over. Raises
    WrongUse for columns and fields that are not known, and Refused for two columns that would be one value.
    """
    targets = known if isinstance(known, Targets) else Targets(known)
    keys = {name_key(name): at for at, name in enumerate(header) if name}
    for pair in (pairs or {}).items():
        _check_pair(pair, header, targets)
    chosen = {**_presumed(keys, targets, presumed or {}), **_by_hand(keys, targets, pairs or {})}
    for at in keys.values():
        if at not in chosen and (named := targets.find(header[at])) not in (None, ENTERED):
            chosen[at] = Target(named)
    unknown = [at for at in keys.values() if at not in chosen]
    if unknown and not ignore_unknown:
        raise _unknown_columns([header[at] for at in unknown], targets)
    return _sorted_out(tuple(header), targets, {**chosen, **dict.fromkeys(unknown, _PASSED)})


def _by_hand(keys: Mapping[str, int], targets: Targets, pairs: Mapping[str, str]) -> dict[int, Target]:
    found = {}
    for column, text in pairs.items():
        name = PASSED if text in _IGNORE else targets.find(text)
        assert name is not None  # it was checked
        found[keys[name_key(column)]] = Target(name)
    return found


def _presumed(
    keys: Mapping[str, int], targets: Targets, presumed: Mapping[str, str | Target]
) -> dict[int, Target]:
    found = {}
    for column, each in presumed.items():
        at, target = keys.get(name_key(column)), Target(each) if isinstance(each, str) else each
        if at is None:
            continue
        named = None if target.name in _IGNORE else targets.find(target.name)
        if target.name not in _IGNORE:
            # What the workspace does not know by the profile's name it may know by the column's.
            named = named or targets.find(column)
        found[at] = msgspec.structs.replace(target, name=named) if named else _PASSED
    return found


def _check_pair(pair: tuple[str, str], header: Sequence[str], targets: Targets) -> None:
    """Raise WrongUse for a mapping by hand of a column that the file lacks or to what is no field."""
    column, target = pair
    if name_key(column) not in map(name_key, header):
        raise _no_such_column(column, header)
    if target in _IGNORE:
        return
    found = targets.find(target)
    if found is None or not targets.is_known(found):
        hint = names_hint(target, targets.ids(), "fields")
        raise WrongUse(f'column "{column}" is mapped to "{target}", which is no field', hint=hint)
    if found == ENTERED:
        raise WrongUse(f'column "{column}" is mapped to "{target}"', hint='write the stage: "entered.STAGE"')
    field = targets.field(found)
    if field and field.computed and field.name not in {*_SEPARATE, *KEPT_FROM_IMPORT, *TYPED_FORMS}:
        raise WrongUse(f'column "{column}" is mapped to {found}, which crmctl works out itself')


def _no_such_column(column: str, header: Sequence[str]) -> CrmError:
    near = close_names(column, [name for name in header if name])
    listed = near or [name for name in header if name]
    columns = ", ".join(f'"{shortened(name)}"' for name in listed)
    return WrongUse(
        f'the file has no column "{column}"', hint=f"{'close are' if near else 'it has'}: {columns}"
    )


def _unknown_columns(columns: list[str], targets: Targets) -> CrmError:
    known = list(targets.names())
    details = []
    for column in columns:
        near = close_names(column, known, most=1)
        close = f'; close is "{near[0]}"' if near else ""
        details.append({"message": f'"{shortened(column)}" is no field{close}', "column": column})
    told = "1 column is" if len(columns) == 1 else f"{len(columns)} columns are"
    return WrongUse(
        f"{told} not known",
        hint=f'add --map "{shortened(columns[0])}=FIELD" for each, or pass over them with --ignore-unknown',
        details=details,
    )


def _sorted_out(header: tuple[str, ...], known: Targets, targets: Mapping[int, Target]) -> ColumnMap:
    """Return the columns by what they are for."""
    parts: dict[str, dict[int, Target]] = {}
    others = [at for at, target in sorted(targets.items()) if target.name == OTHERS]
    _check_one(header, OTHERS, others)
    for at, target in sorted(targets.items()):
        if at in others:
            continue
        head, dot, name = target.name.partition(".")
        part, bare = (head, name) if dot else (ENTERED if head == ENTERED else "", head)
        parts.setdefault(part, {})[at] = msgspec.structs.replace(target, name=bare)
    own = parts.get("", {})
    ended = [at for at, target in own.items() if target.name == CLOSED_AS]
    _check_one(header, CLOSED_AS, ended)
    return msgspec.structs.replace(
        _of_record(header, known.fields, {at: each for at, each in own.items() if at not in ended}),
        linked={
            kind: _of_record(header, fields, parts[kind.value], f"{kind.value}.")
            for kind, fields in known.linked.items()
            if kind.value in parts
        },
        items=_items(header, parts.get(ITEM, {})),
        entered=tuple(
            Entered(at, each.stage or each.name, each.pipeline) for at, each in parts.get(ENTERED, {}).items()
        ),
        closed_as=ended[0] if ended else None,
        others=others[0] if others else None,
    )


def _of_record(
    header: tuple[str, ...], fields: Mapping[str, Field], targets: Mapping[int, Target], head: str = ""
) -> ColumnMap:
    """Return the columns of one record, whose fields messages call by a name with `head` before it."""
    places: dict[str, list[int]] = {}
    for at, target in targets.items():
        places.setdefault(target.name, []).append(at)
    passed = [header[at] for at in places.pop(PASSED, [])]
    for name, found in places.items():
        if name in _SEPARATE or name in KEPT_FROM_IMPORT or (name in fields and not fields[name].computed):
            _check_one(header, head + name, [] if fields[name].multiple else found)
    first = {name: found[0] for name, found in places.items()}
    separate = {name: at for name, at in first.items() if name in _SEPARATE}
    kept = {name: at for name, at in first.items() if name in KEPT_FROM_IMPORT}
    typed = {name: at for name, at in first.items() if name in TYPED_FORMS}
    rest = {name: tuple(found) for name, found in places.items() if name not in {*separate, *kept, *typed}}
    written = {name: found for name, found in rest.items() if name in fields and not fields[name].computed}
    return ColumnMap(
        header=header,
        fields=written,
        separate=separate,
        kept=kept,
        typed=typed,
        passed=tuple(passed),
        computed=tuple(header[found[0]] for name, found in rest.items() if name not in written),
        several=frozenset(each.name for each in targets.values() if each.several),
        lenient=frozenset(each.name for each in targets.values() if each.lenient),
        made=frozenset(each.name for each in targets.values() if each.made),
        head=head,
    )


def _items(header: tuple[str, ...], targets: Mapping[int, Target]) -> dict[str, int]:
    places: dict[str, list[int]] = {}
    for at, target in targets.items():
        places.setdefault(target.name, []).append(at)
    for name, found in places.items():
        _check_one(header, f"{ITEM}.{name}", found)
    return {name: found[0] for name, found in places.items()}


def _check_one(header: Sequence[str], name: str, places: Sequence[int]) -> None:
    """Raise Refused for several columns of what holds one value."""
    if len(places) < 2:
        return
    columns = " and ".join(f'"{shortened(header[at])}"' for at in places)
    raise Refused(
        f"columns {columns} are both {name}, which holds one value",
        hint=f'leave one out with --map "{shortened(header[places[1]])}=-"',
    )

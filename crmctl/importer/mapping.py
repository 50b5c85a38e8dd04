"""Which column holds which field.

What is written by hand decides first, then what a profile presumes, then names: of fields their ids, then
their titles, then their aliases, all compared without regard to case, composition and kind of white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from crmctl.errors import CrmError, Refused, WrongUse
from crmctl.model.field import Field
from crmctl.model.standard_fields import KEPT_FROM_IMPORT
from crmctl.text import close_names, name_key, names_hint, visible

TYPED_FORMS = {"phone_typed": "phone"}
"""Columns that tell how the values of another field were typed, and which field that is."""
_SEPARATE = frozenset({"id", "revision", "external_id"})
_DERIVED = frozenset({"outcome"})
_IGNORE = frozenset({"", "-"})


class ColumnMap(msgspec.Struct, frozen=True):
    """Where each field's cells are, by position in a row.

    `fields` are to be written, each from one column or, many-valued, from several; `separate` are `id`,
    `revision` and `external_id`; `kept` are the upkeep fields whose originals come along; `typed` the columns
    of `TYPED_FORMS`. `passed` names the columns that nobody reads, `computed` those that crmctl works out.
    """

    header: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    separate: Mapping[str, int]
    kept: Mapping[str, int]
    typed: Mapping[str, int]
    passed: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()

    def place(self, field: str) -> int | None:
        """Return where a field's first cell is, or nothing where no column holds it."""
        several = self.fields.get(field)
        return several[0] if several else {**self.separate, **self.kept, **self.typed}.get(field)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the names of the columns that are read, each with its field, in the order of the file."""
        one = {**self.separate, **self.kept, **self.typed}
        found = [(at, name) for name, at in one.items()]
        found += [(at, name) for name, places in self.fields.items() for at in places]
        return [(self.header[at], name) for at, name in sorted(found)]


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
    fields: Mapping[str, Field],
    pairs: Mapping[str, str] | None = None,
    *,
    presumed: Mapping[str, str] | None = None,
    ignore_unknown: bool = False,
) -> ColumnMap:
    """Return which column holds which field of `fields`, as `Configuration.fields_of` gives them.

    `pairs` (see `read_pairs`) must name columns of the file; `presumed` are the same from a profile, and
    those of columns that the file lacks are passed over. Raises WrongUse for columns and fields that are not
    known, and Refused for two columns that would be one value.
    """
    names = _field_names(fields)
    keys = {name_key(name): at for at, name in enumerate(header) if name}
    for pair in (pairs or {}).items():
        _check_pair(pair, header, fields)
    chosen = _chosen(keys, names, {**(presumed or {}), **(pairs or {})})
    targets = {at: chosen.get(at, names.get(key)) for key, at in keys.items()}
    unknown = [header[at] for at, target in targets.items() if target is None]
    if unknown and not ignore_unknown:
        raise _unknown_columns(unknown, fields)
    known = {at: target for at, target in targets.items() if target is not None}
    return _sorted_out(tuple(header), fields, known, unknown)


def _chosen(keys: Mapping[str, int], names: Mapping[str, str], pairs: Mapping[str, str]) -> dict[int, str]:
    """Return the field of each column that is mapped by its name; empty for one to be passed over."""
    found: dict[int, str] = {}
    for column, target in pairs.items():
        at = keys.get(name_key(column))
        name = "" if target in _IGNORE else names.get(name_key(target))
        if at is not None and name is not None:
            found[at] = name
    return found


def _field_names(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the field that each name means, by the name's key; ids win over titles, titles over aliases."""
    found = {name_key(name): name for name in fields}
    for field in fields.values():
        found.setdefault(name_key(field.title), field.name)
    for field in fields.values():
        for alias in field.aliases:
            found.setdefault(name_key(alias), field.name)
    for name in _DERIVED:
        found.setdefault(name, name)
    found.pop("", None)
    return found


def _check_pair(pair: tuple[str, str], header: Sequence[str], fields: Mapping[str, Field]) -> None:
    """Raise WrongUse for a mapping by hand of a column that the file lacks or to what is no field."""
    column, target = pair
    if name_key(column) not in map(name_key, header):
        raise _no_such_column(column, header)
    if target in _IGNORE:
        return
    found = _field_names(fields).get(name_key(target))
    if found is None or found not in fields:
        hint = names_hint(target, fields, "fields")
        raise WrongUse(f'column "{column}" is mapped to "{target}", which is no field', hint=hint)
    if fields[found].computed and found not in {*_SEPARATE, *KEPT_FROM_IMPORT, *TYPED_FORMS}:
        raise WrongUse(f'column "{column}" is mapped to {found}, which crmctl works out itself')


def _no_such_column(column: str, header: Sequence[str]) -> CrmError:
    near = close_names(column, [name for name in header if name])
    listed = near or [name for name in header if name]
    columns = ", ".join(f'"{visible(name)}"' for name in listed)
    return WrongUse(
        f'the file has no column "{column}"', hint=f"{'close are' if near else 'it has'}: {columns}"
    )


def _unknown_columns(columns: list[str], fields: Mapping[str, Field]) -> CrmError:
    known = [name for field in fields.values() for name in (field.name, field.title, *field.aliases) if name]
    details = []
    for column in columns:
        near = close_names(column, known, most=1)
        close = f'; close is "{near[0]}"' if near else ""
        details.append({"message": f'"{visible(column)}" is no field{close}', "column": column})
    told = "1 column is" if len(columns) == 1 else f"{len(columns)} columns are"
    return WrongUse(
        f"{told} not known",
        hint=f'add --map "{visible(columns[0])}=FIELD" for each, or pass over them with --ignore-unknown',
        details=details,
    )


def _sorted_out(
    header: tuple[str, ...], fields: Mapping[str, Field], targets: Mapping[int, str], passed: list[str]
) -> ColumnMap:
    places: dict[str, list[int]] = {}
    for at, name in sorted(targets.items()):
        places.setdefault(name, []).append(at)
    passed += [header[at] for at in places.pop("", [])]
    for name, found in places.items():
        if name in _SEPARATE or name in KEPT_FROM_IMPORT or (name in fields and not fields[name].computed):
            _check_single(header, fields[name], found)
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
    )


def _check_single(header: Sequence[str], field: Field, places: list[int]) -> None:
    if len(places) < 2 or field.multiple:
        return
    columns = " and ".join(f'"{visible(header[at])}"' for at in places)
    raise Refused(
        f"columns {columns} are both {field.name}, which holds one value",
        hint=f'leave one out with --map "{visible(header[places[1]])}=-"',
    )

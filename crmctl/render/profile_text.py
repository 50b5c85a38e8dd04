"""A drafted profile as YAML."""

import re
from collections.abc import Iterable, Iterator, Mapping

from crmctl.model.import_profile import ImportProfile, JoinedColumns, ProfileColumn
from crmctl.model.profile_draft import ProfileDraft

_SCHEMA = "# yaml-language-server: $schema=../.crmctl/schemas/profile.schema.json"
_PLAIN = re.compile(r"[^\W\d_][\w .()/%@+№-]*(?<! )")
_SHORT = {"\n": "\\n", "\t": "\\t", "\u00a0": "\\_"}
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def profile_text(draft: ProfileDraft) -> str:
    """Return a draft as the file of a profile, with a comment wherever somebody has to decide."""
    profile, doubts = draft.profile, {each.about: each.told for each in draft.doubts}
    lines = [_SCHEMA, "version: 1", f"profile: {_text(profile.name)}"]
    lines.append(f"record: {profile.record.value}{_decide('record', doubts)}")
    lines += [*_detection(profile), *_settings(profile, doubts), *_patterns(profile)]
    for key, words in (("users", profile.users), ("stages", profile.stages)):
        if words:
            lines += ["", f"{key}:", *_words(words, doubts)]
    if profile.set:
        lines += ["", f"set: {{{_pairs(profile.set)}}}"]
    if profile.join:
        lines += ["", "join:", *_joins(profile)]
    lines += ["", "columns:"]
    for name, places in profile.columns.items():
        comment = draft.comments.get(name)
        lines += _column(name, places, doubts, f"  # {comment}" if comment else "")
    return "\n".join(lines) + "\n"


def _decide(about: str, doubts: Mapping[str, str]) -> str:
    return f"  # decide: {_one_line(doubts[about])}" if about in doubts else ""


def _detection(profile: ImportProfile) -> Iterator[str]:
    ways = []
    for each in profile.detect:
        named = {"all": each.all, "any": each.any, "none": each.none}
        ways.append(f"{{{', '.join(f'{key}: [{_list(names)}]' for key, names in named.items() if names)}}}")
    if len(ways) == 1:
        yield f"detect: {ways[0]}"
    elif ways:
        yield "detect:"
        yield from (f"  - {way}" for way in ways)


def _settings(profile: ImportProfile, doubts: Mapping[str, str]) -> Iterator[str]:
    if profile.encodings:
        yield f"encodings: [{_list(profile.encodings)}]"
    if profile.delimiter:
        yield f"delimiter: {'tab' if profile.delimiter == chr(9) else _text(profile.delimiter)}"
    if profile.repeats:
        yield f"repeats: {profile.repeats}"
    if profile.decimal:
        yield f"decimal: {_text(profile.decimal)}"
    if profile.date_format:
        yield f"date_format: [{_list(profile.date_format)}]"
    for key in ("decimal", "date_format"):
        if key in doubts:
            yield f"# {key}: decide: {_one_line(doubts[key])}"
    if profile.empty:
        yield f"empty: [{_list(profile.empty)}]"
    if profile.only:
        yield f"only: {_cells(profile.only)}"


def _patterns(profile: ImportProfile) -> Iterator[str]:
    if profile.history:
        yield "history:"
        yield from (f"  - {{column: {_text(pattern)}}}" for pattern in profile.history)
    if profile.items:
        yield "items:"
        for each in profile.items:
            named = {"product": each.product, "price": each.price, "quantity": each.quantity}
            yield f"  - {{{_pairs({key: name for key, name in named.items() if name})}}}"


def _joins(profile: ImportProfile) -> Iterator[str]:
    """Yield the fields that are made of several columns; a field that is made in several ways has a list of them."""
    fields: dict[str, list[JoinedColumns]] = {}
    for each in profile.join:
        fields.setdefault(each.field, []).append(each)
    for field, ways in fields.items():
        yield f"  {_text(field)}:"
        for way in ways:
            head, indent = ("    - ", "      ") if len(ways) > 1 else ("    ", "    ")
            yield f"{head}columns: [{_list(way.columns)}]"
            if way.by:
                yield f"{indent}by: {_text(way.by)}"
            if way.needs:
                yield f"{indent}needs: [{_list(way.needs)}]"


def _column(
    name: str, places: tuple[ProfileColumn, ...], doubts: Mapping[str, str], comment: str
) -> Iterator[str]:
    if len(places) == 1 and not places[0].lookup:
        yield f"  {_text(name)}: {_place(places[0])}{comment}"
        return
    yield f"  {_text(name)}:{comment}"
    for place in places:
        head, indent = ("    - ", "      ") if len(places) > 1 else ("    ", "    ")
        yield f"{head}field: {_text(place.field)}"
        yield from (f"{indent}{each}" for each in _changes(place))
        if place.lookup:
            yield f"{indent}lookup:"
            yield from (f"{indent}{line}" for line in _words(place.lookup, doubts))


def _place(place: ProfileColumn) -> str:
    changes = list(_changes(place))
    return f"{{{', '.join([f'field: {_text(place.field)}', *changes])}}}" if changes else _text(place.field)


def _changes(place: ProfileColumn) -> Iterator[str]:
    for key in ("strip", "prefix", "split", "json", "missing"):
        if text := getattr(place, key):
            yield f"{key}: {_text(text)}"
    for key in ("empty", "date_format", "unless"):
        if texts := getattr(place, key):
            yield f"{key}: [{_list(texts)}]"
    if place.factors:
        yield f"factors: {{{', '.join(f'{_text(word)}: {factor}' for word, factor in place.factors.items())}}}"
    if place.when:
        yield f"when: {_cells(place.when)}"
    if place.otherwise is not None:
        yield f"otherwise: {_text(place.otherwise) if place.otherwise else 'null'}"


def _words(words: Mapping[str, str], doubts: Mapping[str, str]) -> Iterator[str]:
    for word, meant in words.items():
        told = doubts.get(word)
        comment = f"  # decide: {_one_line(told)}" if told and not meant else ""
        yield f"  {_text(word)}: {_text(meant) if meant else 'null'}{comment}"


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{_text(key)}: {_text(value)}" for key, value in values.items())


def _cells(columns: Mapping[str, Iterable[str]]) -> str:
    """Return columns with the cells that are meant of each."""
    return f"{{{', '.join(f'{_text(name)}: [{_list(cells)}]' for name, cells in columns.items())}}}"


def _list(values: Iterable[str]) -> str:
    return ", ".join(map(_text, values))


def _text(text: str) -> str:
    """Return text as YAML reads it back, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if not text.isprintable():
        return '"' + "".join(map(_escaped, text)) + '"'
    return "'" + text.replace("'", "''") + "'"


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return _SHORT.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}")


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""An import profile out of a document that has passed its schema."""

from collections.abc import Iterator, Mapping

from crmctl.config.document import Document, Json
from crmctl.model.import_profile import (
    Detect,
    ExportColumn,
    ExportLayout,
    ImportProfile,
    ItemColumns,
    JoinedColumns,
    ProfileColumn,
)
from crmctl.model.records import RecordType
from crmctl.text import name_key
from crmctl.typed import as_text


def compile_profile(document: Document, *, own: bool) -> ImportProfile:
    """Return what a file says; `own` tells one of the workspace from one that is shipped."""
    raw = document.data
    return ImportProfile(
        name=raw["profile"],
        record=RecordType(raw["record"]),
        columns={name: tuple(_places(value)) for name, value in raw["columns"].items()},
        title=raw.get("title", ""),
        detect=tuple(map(_detect, _listed(raw.get("detect")))),
        encodings=tuple(raw.get("encodings", ())),
        delimiter=raw.get("delimiter", ""),
        decimal=raw.get("decimal", ""),
        date_format=tuple(_listed(raw.get("date_format"))),
        repeats=raw.get("repeats", ""),
        empty=_keys(raw.get("empty")),
        only={column: _keys(cells) for column, cells in raw.get("only", {}).items()},
        history=tuple(each["column"] for each in raw.get("history", ())),
        join=tuple(
            _joined(field, each) for field, ways in raw.get("join", {}).items() for each in _listed(ways)
        ),
        items=tuple(ItemColumns(**each) for each in _listed(raw.get("items"))),
        users=_words(raw.get("users")),
        stages=_words(raw.get("stages")),
        set={field: as_text(value) for field, value in raw.get("set", {}).items()},
        export=_layout(raw["export"]) if "export" in raw else None,
        own=own,
    )


def _detect(raw: Mapping[str, Json]) -> Detect:
    return Detect(_keys(raw.get("all")), _keys(raw.get("any")), _keys(raw.get("none")))


def _places(raw: Json) -> Iterator[ProfileColumn]:
    for each in _listed(raw):
        if isinstance(each, str):
            yield ProfileColumn(each)
        else:
            yield ProfileColumn(
                field=each["field"],
                empty=_keys(each.get("empty")),
                strip=each.get("strip", ""),
                lookup=_words(each.get("lookup")),
                otherwise=as_text(each["otherwise"]) if "otherwise" in each else None,
                date_format=tuple(_listed(each.get("date_format"))),
                prefix=each.get("prefix", ""),
                split=each.get("split", ""),
                json=each.get("json", ""),
                factors={name_key(letter): factor for letter, factor in each.get("factors", {}).items()},
                unless=tuple(each.get("unless", ())),
                when={column: _keys(cells) for column, cells in each.get("when", {}).items()},
                missing=each.get("missing", ""),
            )


def _joined(field: str, raw: Mapping[str, Json]) -> JoinedColumns:
    return JoinedColumns(field, tuple(raw["columns"]), raw.get("by", ""), tuple(raw.get("needs", ())))


def _layout(raw: Mapping[str, Json]) -> ExportLayout:
    columns = tuple(ExportColumn(**each) for each in raw["columns"])
    return ExportLayout(columns, raw.get("delimiter", ","), raw.get("bom", False))


def _listed(raw: Json) -> list[Json]:
    """Return what may be written alone or as a list."""
    if raw is None:
        return []
    return raw if isinstance(raw, list) else [raw]


def _keys(raw: Json) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name_key(as_text(text)) for text in raw or ()))


def _words(raw: Json) -> dict[str, str]:
    return {name_key(word): as_text(meant) for word, meant in (raw or {}).items()}

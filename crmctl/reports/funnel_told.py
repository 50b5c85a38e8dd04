"""What a funnel's figures mean, and whom they count, in words: `--explain` and `--ids`."""

from collections.abc import Mapping, Sequence

from crmctl.model.table import Block, Passage, Row
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.counting import Mode
from crmctl.reports.division import Division
from crmctl.reports.funnel import Look

_COUNTS = {
    Mode.SNAPSHOT: "records by the stage they are on; no conversion can be read from it",
    Mode.VISITED: "records that ever entered the stage",
    Mode.REACHED: (
        "records that came as far as the stage: one that is not lost counts in every open stage up to the"
        " furthest it entered and in the won stages it entered, one that ever entered a won stage in all open"
        " stages, one that is lost only in the stages it entered"
    ),
    Mode.STRICT: "records that entered the stage after every open stage before it, in order",
    Mode.ENTRIES: "entries into the stage, repeats counted; amounts are counted as often",
}
_STEPS = {
    "conversion": "count of the next row / count of this one",
    "cumulative": "count / count of the first row",
    "open": "of those counted, the records that are on an open stage now",
}


def definitions(mode: Mode, *, grouped: bool) -> dict[str, str]:
    """Return what each column of a funnel is, by its key; `grouped` where funnels stand side by side."""
    share = f"count / all records of the {'group' if grouped else 'cohort'}"
    return {"count": _COUNTS[mode], "share": share, **({} if mode is Mode.SNAPSHOT else _STEPS)}


def cohort_text(cohort: Cohort | None, stage: str, period: str) -> str:
    """Return a cohort in words: `created in 2026-Q4`; `stage` is the title of the one entered, if one is."""
    if cohort is None:
        return ""
    entered = f'entered "{stage}"' if cohort.event is Event.ENTERED else cohort.event.value
    return f"{entered} in {period}" if period else entered


def records_behind(heading: str, made: Sequence[Block], look: Look, by: Division | None) -> Passage | None:
    """Return the ids of each row that has any, under the name of the row; nothing where no row has."""
    rows = [row for block in made if block.key for row in block.rows]
    lines = [(_name(row, look, by), " ".join(ids)) for row in rows if (ids := _ids(row))]
    return Passage(heading, tuple(lines)) if lines else None


def _ids(row: Mapping[str, object]) -> list[str]:
    ids = row.get("ids")
    return ids if isinstance(ids, list) else []


def _name(row: Row, look: Look, by: Division | None) -> str:
    """Return what a row is called among others: its group, and its stage or reason."""
    called = str(row["title"]) if "title" in row else f"Lost, {look.show_reason(row['reason'])}"
    return f"{by.shown(row)}: {called}" if by else called

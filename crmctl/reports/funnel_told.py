"""What a funnel's figures mean, whom they count and whom they leave out, in words: `--explain` and `--ids`."""

from collections.abc import Callable, Iterable

from crmctl.model.table import Cell, Passage, Row
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.counting import Mode

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
_STEPS = (
    ("Share", "count / all records of the cohort"),
    ("To next", "count of the next row / count of this one"),
    ("Of first", "count / count of the first row"),
    ("Still open", "of those counted, the records that are on an open stage now"),
)


def definitions(mode: Mode) -> list[tuple[str, str]]:
    """Return what each column of a funnel is."""
    return [("Count", _COUNTS[mode]), *(_STEPS[:1] if mode is Mode.SNAPSHOT else _STEPS)]


def cohort_text(cohort: Cohort | None, stage: str, period: str) -> str:
    """Return a cohort in words: `created in 2026-Q4`; `stage` is the title of the one entered, if one is."""
    if cohort is None:
        return ""
    entered = f'entered "{stage}"' if cohort.event is Event.ENTERED else cohort.event.value
    return f"{entered} in {period}" if period else entered


def records_behind(
    heading: str, rows: Iterable[Row], lost_rows: Iterable[Row], name: Callable[[Row], str]
) -> Passage | None:
    """Return the ids of each row that has any, under the name of the row; nothing where no row has."""
    lines = [(name(row), _listed(row["ids"])) for row in (*rows, *lost_rows) if row.get("ids")]
    return Passage(heading, tuple(lines)) if lines else None


def _listed(ids: Cell) -> str:
    return " ".join(ids) if isinstance(ids, list) else ""

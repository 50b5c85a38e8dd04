"""The jobs that are measured, by each program that can do them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from programs import SCHEMA, TASKS_AT_MOST, Command, Place, copy_pipelines, has, ours, sql, tiny

LARGE = 100_000
"""The leads at which the bars of large databases hold; beyond, there are none."""
ROW = '{"id": "L-0", "title": "new"}'
SOURCES = "report sources"
"""The job that is over deals, too."""
QUERY = "select count(*) from leads where stage = 'new' and cast(amount as real) >= 50000"
FUNNEL = "select stage, count(*), sum(cast(amount as real)) from leads group by stage"
BY_SOURCE = """
with days as (
  select source, julianday(closed_at) - julianday(created_at) as days from deals where stage = 'won'
), placed as (
  select source, days, row_number() over (partition by source order by days) as place,
    count(*) over (partition by source) as number from days
), medians as (
  select source, avg(days) as median_days from placed
  where place in ((number + 1) / 2, number / 2 + 1) group by source
), came as (
  select source, count(*) as leads, sum(stage = 'rejected') as junk from leads group by source
), sold as (
  select source, count(*) as deals, sum(stage = 'won') as won, sum(stage = 'lost') as lost,
    sum(case when stage = 'won' then cast(amount as real) end) as revenue from deals group by source
)
select source, leads, junk, deals, won, 1.0 * won / (won + lost) as win_rate, revenue, revenue / won as average_won,
  median_days from came left join sold using (source) left join medians using (source) order by leads desc
"""
EXPRESSION = '$stage == "new" && $amount >= 50000'


class Job(NamedTuple):
    """A job with the command of each program, which may differ from round to round.

    `bar` is the most that the ratio to the `rival` may be, `stock_bar` that to stock TinyDB; where one is None, nothing
    is promised.
    """

    name: str
    ours: Callable[[int], Command]
    peers: Mapping[str, Callable[[int], Command]]
    bar: float | None = None
    rival: str = "sqlite-utils"
    stdin: str = ""
    stock_bar: float | None = None


def jobs(place: Place) -> list[Job]:
    """Return the jobs over the leads of a folder."""
    return [
        version(),
        Job(
            "show L-500",
            always(ours(place, "show", "L-500")),
            {
                "sqlite-utils": always(_rows(place, "--where", "id = 'L-500'")),
                "TinyDB": always(tiny(place, "show")),
                **_task(place, "500", "info"),
            },
            _bar(place, 1.0, 1.0),
        ),
        Job(
            "search L-500",
            always(ours(place, "search", "L-500")),
            {
                "sqlite-utils": always(_rows(place, "--where", "id = 'L-500'")),
                "TinyDB": always(tiny(place, "show")),
            },
            _bar(place, 1.0, None),
        ),
        Job(
            "list --limit 20",
            always(ours(place, "list", "leads", "--limit", "20")),
            {
                "sqlite-utils": always(_rows(place, "--limit", "20")),
                "TinyDB": always(tiny(place, "list")),
                **_task(place, "limit:20", "list"),
            },
            _bar(place, 1.0, None),
        ),
        Job(
            "create",
            always(ours(place, "create", "lead", "new", "-q")),
            {
                "sqlite-utils": always(["sqlite-utils", "insert", place.database, "leads", "-"]),
                "TinyDB": always(tiny(place, "create")),
                **_task(place, "add", "new"),
            },
            _bar(place, 1.0, 1.5),
            stdin=ROW,
            stock_bar=_bar(place, None, 0.125),
        ),
        Job(
            "move",
            lambda number: ours(place, "move", "L-500", _stage(number), "--pipeline", "leads", "-q"),
            {
                "sqlite-utils": lambda number: sql(
                    place, f"update leads set stage = '{_stage(number)}' where id = 'L-500'"
                ),
                "TinyDB": lambda number: tiny(place, "move", _stage(number)),
                **_task(place, "500", "modify", "project:in_work"),
            },
            _bar(place, 1.0, 1.5),
            stock_bar=_bar(place, None, 0.125),
        ),
        *_figures(place),
    ]


def _figures(place: Place) -> list[Job]:
    where = "stage = new and amount >= 50k"
    miller = ["mlr", "--icsv", "--ojson"]
    counted = [*miller, "filter", EXPRESSION, "then", "count", place.table]
    summed = [*miller, "stats1", "-a", "count,sum", "-f", "amount", "-g", "stage", place.table]
    duck = [
        ["duckdb", "-c", query.replace("from leads", f"from '{place.table}'")] for query in (QUERY, FUNNEL)
    ]
    return [
        Job(
            "filter, two conditions",
            always(ours(place, "filter", "leads", where, "--count")),
            {
                "sqlite-utils": always(sql(place, QUERY)),
                "TinyDB": always(tiny(place, "filter")),
                "Miller": always(counted),
                "DuckDB": always(duck[0]),
            },
            _bar(place, 1.2, 1.2),
        ),
        Job(
            "funnel",
            always(ours(place, "funnel", "leads")),
            {
                "sqlite-utils": always(sql(place, FUNNEL)),
                "TinyDB": always(tiny(place, "funnel")),
                "Miller": always(summed),
                "DuckDB": always(duck[1]),
            },
            _bar(place, 1.2, 1.2),
        ),
    ]


def sources(place: Place) -> Job:
    """Return the job of telling what came of each source, once there are deals."""
    return Job(
        SOURCES,
        always(ours(place, "report", "sources")),
        {"sqlite-utils": always(sql(place, BY_SOURCE))},
        _bar(place, 1.2, 1.2),
    )


def version() -> Job:
    """Return the job of starting and ending, beside a Python that does nothing."""
    here = Place(SCHEMA.parent, 0)
    nothing = always([ours(here)[0].replace("crmctl", "python"), "-c", "pass"])
    return Job(
        "--version", always([ours(here)[0], "--version"]), {"python -c pass": nothing}, 6, "python -c pass"
    )


def validation(place: Place) -> Job:
    """Return the job of validating many pipelines; a cold cache, since the folder is new."""
    files = copy_pipelines(place)
    workspace = Place(place.folder / "many", 0)
    return Job(
        f"validate {len(files)} pipelines",
        always(ours(workspace, "validate", *files)),
        {"check-jsonschema": always(["check-jsonschema", "--schemafile", str(SCHEMA), *files])},
        1.0,
        "check-jsonschema",
    )


def bar_of_import(place: Place) -> float | None:
    """Return the bar of the import, which is one for many rows."""
    return _bar(place, None, 0.5)


def _bar(place: Place, small: float | None, large: float | None) -> float | None:
    if place.count > LARGE:
        return None
    return large if place.count == LARGE else small


def always(command: Command) -> Callable[[int], Command]:
    """Return the command that is the same in every round."""
    return lambda _: command


def _stage(number: int) -> str:
    """Return another stage in every round: what is there already would not be written."""
    return ("in_work", "no_answer")[number % 2]


def _rows(place: Place, *options: str) -> Command:
    return ["sqlite-utils", "rows", place.database, "leads", *options]


def _task(place: Place, *argv: str) -> dict[str, Callable[[int], Command]]:
    fits = has("Taskwarrior") and place.count <= TASKS_AT_MOST
    return {"Taskwarrior": always([*place.tasks, *argv])} if fits else {}

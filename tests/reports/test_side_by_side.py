"""Funnels side by side: rows for programs, a column a value for people."""

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import Look
from crmctl.reports.journey import Journey
from crmctl.reports.side_by_side import Division, side_by_side

STAGES = (Stage("new", "New"), Stage("won", "Won", Outcome.WON), Stage("lost", "Lost", Outcome.LOST))
SALES = Pipeline("sales", "Sales", RecordType.DEAL, STAGES)
DEALS = [
    Journey("D-1", "sales", "new", group="site", stages=("new",)),
    Journey("D-2", "sales", "won", group="site", stages=("new", "won")),
    Journey("D-3", "sales", "lost", reason="price", stages=("new", "lost")),
]


def made() -> list:
    by = Division("source", lambda value: value.title() if value else "(none)")
    return side_by_side(SALES, DEALS, by, Look(Mode.SNAPSHOT, "Sales", str))


def test_every_row_for_programs_names_its_value_none_included() -> None:
    rows, lost, _ = made()
    assert [(row["source"], row["stage"], row["count"]) for row in rows.rows] == [
        ("site", "new", 1),
        ("site", "won", 1),
        (None, "new", 0),
        (None, "won", 0),
    ]
    assert [(row["source"], row["reason"]) for row in lost.rows] == [(None, "price")]
    assert not rows.shown
    assert not lost.shown


def test_people_get_one_table_with_a_column_a_value_and_all_at_its_end() -> None:
    table = made()[-1]
    assert [column.title for column in table.columns] == ["Stage", "Site", "(none)"]
    assert [tuple(row.values()) for row in table.rows] == [
        ("New", 1, 0),
        ("Won", 1, 0),
        ("Still open", 1, 0),
        ("Lost", 0, 1),
        ("All", 2, 1),
    ]
    assert table.key == ""


def test_archived_stages_stand_before_the_closing_rows_whichever_group_knows_them() -> None:
    deals = [*DEALS, Journey("D-4", "sales", "trial", group="fair", stages=("trial",))]
    by = Division("source", lambda value: value or "(none)")
    table = side_by_side(SALES, deals, by, Look(Mode.SNAPSHOT, "Sales", str))[-1]
    assert [row["title"] for row in table.rows] == [
        "New",
        "Won",
        "trial (archived)",
        "Still open",
        "Lost",
        "All",
    ]
    archived = table.rows[2]
    assert sorted(archived[column.name] for column in table.columns[1:]) == [0, 0, 1]
    assert all(row.keys() == {column.name for column in table.columns} for row in table.rows)


def test_a_value_under_a_key_that_rows_have_already_gets_one_of_its_own() -> None:
    assert Division("stage", str).key == "by_stage"
    assert Division("source", str).key == "source"


def test_without_records_there_is_no_table() -> None:
    by = Division("source", lambda value: value or "(none)")
    assert side_by_side(SALES, [], by, Look(Mode.SNAPSHOT, "Sales", str))[-1].rows == []

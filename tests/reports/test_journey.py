"""A record's way through its pipeline, out of its history."""

from crmctl.model.change import Entry
from crmctl.reports.journey import Journey, Stay, grouped, stays

CREATED = "2026-10-01T08:00:00+00:00"


def moved(gen: int, before: str | None, after: str, *, pipeline: str = "", at: str = "2026-11-01") -> Entry:
    changes: dict = {"stage": (before, after)}
    if pipeline:
        changes["pipeline"] = ("old", pipeline)
    return Entry("D-1", gen, f"{at}T10:00:00+00:00", "anna", "move", changes=changes)


def stages(*entries: Entry, stage: str) -> list[str]:
    return [stay.stage for stay in stays("p", stage, CREATED, entries)]


def places(pipeline: str, stage: str, *entries: Entry) -> list[tuple[str, str]]:
    return [(stay.pipeline, stay.stage) for stay in stays(pipeline, stage, CREATED, entries)]


def test_a_record_that_never_moved_entered_the_stage_it_is_on() -> None:
    assert stays("p", "new", CREATED, []) == [Stay("p", "new", CREATED)]


def test_every_stay_begins_with_the_move_that_led_to_it() -> None:
    entries = [moved(2, "new", "offer", at="2026-11-02"), moved(3, "offer", "won", at="2026-11-05")]
    assert stays("p", "won", CREATED, entries) == [
        Stay("p", "new", CREATED),
        Stay("p", "offer", "2026-11-02T10:00:00+00:00"),
        Stay("p", "won", "2026-11-05T10:00:00+00:00"),
    ]


def test_the_first_stage_is_what_the_first_move_left() -> None:
    assert stages(moved(2, "new", "offer"), moved(3, "offer", "won"), stage="won") == ["new", "offer", "won"]


def test_moves_count_in_the_order_in_which_they_happened_not_in_which_they_were_recorded() -> None:
    entries = [moved(2, "new", "won", at="2026-11-05"), moved(3, "won", "offer", at="2026-11-02")]
    assert stages(*entries, stage="offer") == ["new", "offer", "won"]


def test_every_stay_is_in_the_pipeline_the_record_was_in_then() -> None:
    entries = [moved(2, "new", "offer"), moved(3, "offer", "call", pipeline="p")]
    assert places("p", "call", *entries) == [("old", "new"), ("old", "offer"), ("p", "call")]


def test_a_stage_of_the_same_id_in_the_new_pipeline_is_a_stay_of_its_own() -> None:
    entry = Entry("D-1", 2, "2026-11-01T10:00:00+00:00", "anna", "move", changes={"pipeline": ("old", "p")})
    assert places("p", "new", entry) == [("old", "new"), ("p", "new")]


def test_a_group_is_called_as_most_of_its_records_are() -> None:
    journeys = [
        Journey(f"D-{at}", "p", "new", group=name) for at, name in enumerate(["SITE", "site", "site"])
    ]
    assert [name for name, _ in grouped(journeys, lambda journey: journey.group)] == ["site"]


def test_the_largest_group_comes_first_and_case_makes_no_difference() -> None:
    journeys = [
        Journey(f"D-{at}", "p", "new", group=name) for at, name in enumerate(["call", None, "Site", "site"])
    ]
    found = [(name, len(group)) for name, group in grouped(journeys, lambda journey: journey.group)]
    assert found == [("site", 2), (None, 1), ("call", 1)]


def test_of_groups_as_large_the_one_without_a_name_is_first() -> None:
    records = [
        Journey(f"D-{at}", "p", "new", reason=reason) for at, reason in enumerate(("b", None, "a", "b"))
    ]
    assert [name for name, _ in grouped(records, lambda each: each.reason)] == ["b", None, "a"]

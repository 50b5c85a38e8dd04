"""A record's way through its pipeline, out of its history."""

from crmctl.model.change import Entry
from crmctl.reports.journey import Journey, grouped, stays, summed


def moved(gen: int, before: str | None, after: str, *, pipeline: str = "", at: str = "2026-11-01") -> Entry:
    changes: dict = {"stage": (before, after)}
    if pipeline:
        changes["pipeline"] = ("old", pipeline)
    return Entry("D-1", gen, f"{at}T10:00:00+00:00", "anna", "move", changes=changes)


def stages(*entries: Entry, stage: str) -> list[str]:
    return [name for _, name in stays("p", stage, entries)]


def test_a_record_that_never_moved_entered_the_stage_it_is_on() -> None:
    assert stays("p", "new", []) == [("p", "new")]


def test_the_first_stage_is_what_the_first_move_left() -> None:
    assert stages(moved(2, "new", "offer"), moved(3, "offer", "won"), stage="won") == ["new", "offer", "won"]


def test_moves_count_in_the_order_in_which_they_happened_not_in_which_they_were_recorded() -> None:
    entries = [moved(2, "offer", "won", at="2026-11-05"), moved(3, "new", "offer", at="2026-11-02")]
    assert stages(*entries, stage="won") == ["new", "offer", "won"]


def test_every_stay_is_in_the_pipeline_the_record_was_in_then() -> None:
    entries = [moved(2, "new", "offer"), moved(3, "offer", "call", pipeline="p")]
    assert stays("p", "call", entries) == [("old", "new"), ("old", "offer"), ("p", "call")]


def test_a_stage_of_the_same_id_in_the_new_pipeline_is_a_stay_of_its_own() -> None:
    entry = Entry("D-1", 2, "2026-11-01T10:00:00+00:00", "anna", "move", changes={"pipeline": ("old", "p")})
    assert stays("p", "new", [entry]) == [("old", "new"), ("p", "new")]


def test_amounts_are_summed_by_currency_exactly() -> None:
    journeys = [
        Journey("D-1", "p", "new", "0.10", "UAH"),
        Journey("D-2", "p", "new", "0.20", "UAH"),
        Journey("D-3", "p", "new", "5.00", "EUR"),
        Journey("D-4", "p", "new"),
    ]
    assert summed(journeys) == {"EUR": "5.00", "UAH": "0.30"}


def test_the_largest_group_comes_first_and_case_makes_no_difference() -> None:
    journeys = [
        Journey(f"D-{at}", "p", "new", group=name) for at, name in enumerate(["call", None, "Site", "site"])
    ]
    found = [(name, len(group)) for name, group in grouped(journeys, lambda journey: journey.group)]
    assert found == [("Site", 2), (None, 1), ("call", 1)]

"""A plan as people read it."""

from crmctl.render.colour import Style
from crmctl.render.plan import plan_text
from crmctl.rules.difference import Difference, How, What
from crmctl.rules.migration import Effect, Fate

GONE = Difference(What.STAGE, "sales", "placed", How.REMOVED, "Размещён")
MIGRATES, BLOCKS, LACKS = Fate


def stuck(number: int) -> Effect:
    about = (What.STAGE, "sales", "placed", "stage", "sales/placed")
    return Effect(f"D-{number}", BLOCKS, *about, mapping="sales/placed=STAGE")


def test_a_difference_that_means_nothing_for_any_record_is_one_line() -> None:
    assert plan_text([GONE], []) == "pipeline sales\n  - stage placed (Размещён)\n"


def test_the_records_stand_under_what_they_are_there_for_the_first_ten_by_id() -> None:
    effects = [stuck(number) for number in range(1, 3001)]
    assert plan_text([GONE], effects).splitlines()[2:] == [
        "      3,000 records have nowhere to go: D-1, D-2, D-3, D-4, D-5, D-6, D-7, D-8,",
        "      D-9, D-10 and 2,990 more",
        "      --map sales/placed=STAGE",
    ]


def test_what_no_difference_explains_comes_last_with_a_mark_of_its_own() -> None:
    assert plan_text([], [stuck(7)]).splitlines()[:3] == [
        "pipeline sales",
        "  ! stage placed is not there",
        "      1 record has nowhere to go: D-7",
    ]


def test_records_that_go_different_ways_stand_apart() -> None:
    about = (What.VALUE, "ways", "post", "way", "post")
    effects = [
        Effect("D-1", MIGRATES, *about, "van"),
        Effect("D-2", BLOCKS, *about, mapping="way:post=VALUE"),
        Effect("D-3", MIGRATES, *about, "van"),
    ]
    assert plan_text([Difference(What.VALUE, "ways", "post", How.REMOVED)], effects).splitlines() == [
        "list ways",
        "  - value post",
        "      2 records get van as way: D-1, D-3",
        "      1 record holds it as way: D-2",
        "      --map way:post=VALUE",
    ]


def test_what_stands_in_the_way_for_another_reason_stands_apart() -> None:
    about = (What.TYPE, "deal", "size", "size")
    effects = [
        Effect("D-1", BLOCKS, *about, "a", why='not a number: "a"'),
        Effect("D-2", BLOCKS, *about, "b", why='not a number: "b"'),
        Effect("D-3", BLOCKS, *about, "a", why='not a number: "a"'),
    ]
    assert plan_text([], effects).splitlines()[2:] == [
        '      2 records hold what it does not take (not a number: "a"): D-1, D-3',
        "      change the records, or put back what size took",
        '      1 record holds what it does not take (not a number: "b"): D-2',
        "      change the records, or put back what size took",
    ]


def test_a_mapping_is_shown_as_a_shell_takes_it() -> None:
    effect = Effect("D-1", BLOCKS, What.VALUE, "ways", "by van", "way", mapping="way:by van=VALUE")
    assert plan_text([], [effect]).endswith("      --map 'way:by van=VALUE'\n")


def test_fields_requirements_and_lists_are_told_by_whose_they_are() -> None:
    found = [
        Difference(What.REQUIREMENT, "sales/visit", "source", How.ADDED, "", "when amount > 5"),
        Difference(What.LEAVING, "sales/visit", "amount", How.REMOVED),
        Difference(What.STAGE, "sales", "order", How.REORDERED, "a, b", "b, a"),
        Difference(What.OUTCOME, "sales", "order", How.CHANGED, "open", "won"),
        Difference(What.FIELD, "sales", "depth", How.ADDED, "", "number"),
        Difference(What.TYPE, "deal", "weight", How.CHANGED, "text", "number"),
        Difference(What.REQUIREMENT, "contact", "city", How.REMOVED),
        Difference(What.LIST, "ways", "ways", How.ADDED),
    ]
    assert plan_text(found, []).splitlines() == [
        "pipeline sales",
        "  + visit requires source when amount > 5",
        "  - visit requires amount, to leave it",
        "  ~ stage order stands elsewhere",
        "  ~ stage order: open -> won",
        "  + field depth (number)",
        "deal",
        "  ~ field weight: text -> number",
        "contact",
        "  - every contact requires city",
        "list ways",
        "  + the list: its fields take nothing else",
    ]


def test_nothing_in_a_value_can_drive_a_terminal() -> None:
    effect = Effect("D-1", BLOCKS, What.TYPE, "deal", "size", "size", "\x1b[2J", "", 'unknown "\x1b[2J"')
    assert "\x1b" not in plan_text([], [effect])
    assert "\x1b[31m" in plan_text([], [effect], Style(colour=True))


def test_lines_keep_to_the_terminal() -> None:
    effects = [stuck(number) for number in range(100_000, 100_030)]
    assert max(map(len, plan_text([GONE], effects, Style(width=60)).splitlines())) <= 60

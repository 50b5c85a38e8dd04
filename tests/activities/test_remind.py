"""Of which tasks one is reminded now."""

from crmctl.activities.remind import Moments, due_reminders

NOW = "2026-11-21T08:00:00+00:00"
EARLIER, LATER = "2026-11-21T07:00:00+00:00", "2026-11-21T08:00:01+00:00"


def task(number: int = 1, due: str | None = None, remind_at: str | None = None) -> Moments:
    return f"T-{number}", remind_at, due


def ids(tasks: list[Moments], told: dict[str, str] | None = None) -> list[str]:
    return [task for task, _ in due_reminders(tasks, told or {}, NOW)]


def test_one_is_reminded_when_that_was_said_and_else_when_a_task_is_due() -> None:
    tasks = [
        task(1, due=LATER),
        task(2, due=EARLIER),
        task(3, due=LATER, remind_at=NOW),
        task(4, due=EARLIER, remind_at=LATER),
        task(5),
    ]
    assert ids(tasks) == ["T-2", "T-3"]


def test_reminders_come_in_the_order_of_their_moments_and_numbers() -> None:
    assert ids([task(10, due=EARLIER), task(3, due=NOW), task(9, due=EARLIER)]) == ["T-9", "T-10", "T-3"]


def test_what_was_told_comes_again_only_for_another_moment() -> None:
    assert ids([task(1, due=EARLIER), task(2, due=EARLIER)], {"T-1": EARLIER, "T-2": NOW}) == ["T-2"]

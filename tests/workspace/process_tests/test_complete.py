"""Tests of the process that end tasks: with which result, what follows, and which results are reached."""

SOLD = "given: {deal: {title: Acme}, task: {template: call, for: D-1}}\nwhen: {complete: sold}\n"


def test_a_task_ends_and_the_client_is_what_the_test_is_about(failures) -> None:
    assert not failures(SOLD + "expect: {tasks: [], stage: offer, fields: {title: Acme}}")


def test_without_a_client_the_test_is_about_the_task(failures) -> None:
    assert not failures("""
        given: {contact: {contact_type: client}, task: {template: call, for: C-1}}
        when: {complete: sold}
        expect: {fields: {status: done, result: sold}}
    """)


def test_a_result_of_another_template_is_refused(failures) -> None:
    assert not failures(SOLD.replace("sold", "later") + "expect: {refused: [result]}")


def test_the_next_task_is_named_or_said_not_to_come(failures) -> None:
    given = "given: {deal: {title: Acme}, task: {type: message, for: D-1}}\n"
    assert not failures(given + "when: {complete: done}\nexpect: {refused: [no_next_step]}")
    assert not failures(given + "when: {complete: done, no_next: true}\nexpect: {tasks: []}")
    assert not failures(given + "when: {complete: done, next: 'call:+2d'}\nexpect: {tasks: [call]}")
    assert not failures("given: {lead: {title: A}}\nwhen: {move: talk, next: call}\nexpect: {tasks: [call]}")


def test_a_result_is_reached_by_a_task_that_ends_with_it(ran) -> None:
    told = ran(SOLD + "expect: {tasks: []}")
    (tasks,) = (each for each in told["unreached"] if each["part"] == "tasks")
    assert tasks["results"] == ["later"]


def test_a_test_that_ends_a_task_without_one_is_a_finding(firm, crm) -> None:
    text = "given: {deal: {title: Acme}}, when: {complete: sold}, expect: {tasks: []}"
    (firm / "tests" / "a.test.yaml").write_text(f"version: 1\ntests: [{{name: a, {text}}}]\n", "utf-8")
    ran = crm("validate", "-o", "parsable")
    assert (ran.code, "no task is given that it could be done to" in ran.out) == (1, True)


def test_a_date_that_is_over_is_what_a_result_is_refused_for(firm, failures) -> None:
    tasks = (firm / "tasks.yaml").read_text("utf-8")
    visit = "later: {fields: {day: {type: date}}, next: {task: call, due: day}}"
    for old, new in (
        ("call: {type: call, results: [sold]", "call: {type: call, results: [sold, later]"),
        ("later: {next: call}", visit),
    ):
        assert old in tasks
        tasks = tasks.replace(old, new)
    (firm / "tasks.yaml").write_text(tasks, "utf-8")
    when = SOLD.replace("complete: sold", "complete: later, set: {day: 2020-01-01}")
    assert not failures(f"{when}expect: {{refused: [day]}}")

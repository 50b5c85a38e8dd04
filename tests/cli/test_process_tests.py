"""`crmctl test`: which files are run, how it ends, and what it leaves alone."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.cli.main import run
from crmctl.resources import folder, template_names

DEAL = "{pipeline: wholesale, stage: order, amount: 1000 UAH, payment_details: card, visit_date: 2026-01-10}"
PARCEL = f"""\
version: 1
tests:
  - name: a parcel needs a waybill
    given: {{deal: {DEAL}}}
    when: {{move: shipping}}
    expect: {{refused: [waybill]}}
  - name: the waybill opens the gate and a tracking task follows
    given: {{deal: {DEAL}}}
    when: {{move: shipping, set: {{waybill: '20450123456789'}}}}
    expect: {{stage: shipping, tasks: [track_parcel]}}
"""
WRONG = PARCEL.replace("stage: shipping, tasks", "stage: order, tasks")


@pytest.fixture
def tests(workspace: Path) -> Path:
    """A workspace with two tests that pass, and none of the template's own."""
    for file in (workspace / "tests").iterdir():
        file.unlink()
    (workspace / "tests" / "wholesale.test.yaml").write_text(PARCEL, "utf-8")
    return workspace


def test_tests_that_pass_are_listed_below_their_file(tests: Path, crm) -> None:
    ran = crm("test")
    assert (ran.code, ran.err) == (0, "2 tests: 2 passed\n")
    assert ran.out.splitlines()[:3] == [
        "tests/wholesale.test.yaml",
        "  ok    a parcel needs a waybill",
        "  ok    the waybill opens the gate and a tracking task follows",
    ]
    assert (
        "\nreached by no test\n  all of courses, leads, retail, retail_repeat, wholesale_repeat\n" in ran.out
    )


def test_a_test_that_fails_is_exit_1_and_tells_its_place(tests: Path, crm) -> None:
    (tests / "tests" / "wholesale.test.yaml").write_text(WRONG, "utf-8")
    ran = crm("test")
    assert (ran.code, ran.err) == (1, "2 tests: 1 passed, 1 failed\n")
    assert "\n        tests/wholesale.test.yaml:10: stage: expected order, got shipping\n" in ran.out


def test_files_in_folders_below_are_run_and_others_are_not(tests: Path, crm) -> None:
    for name in ("below/a.test.yaml", "below/.hidden/b.test.yaml", "c.yaml", "d.test.yml"):
        (tests / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / "tests" / name).write_text(PARCEL, "utf-8")
    found = json.loads(crm("test", "-o", "json").out)["results"]
    assert {each["path"] for each in found} == {"tests/below/a.test.yaml", "tests/wholesale.test.yaml"}


def test_a_link_out_of_the_workspace_is_not_followed(tests: Path, crm, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.test.yaml"
    outside.write_text("nonsense", "utf-8")
    (tests / "tests" / "a.test.yaml").symlink_to(outside)
    assert crm("test").code == 0
    assert crm("validate").code == 0


def test_files_and_folders_are_run_as_they_are_named(tests: Path, crm) -> None:
    (tests / "more").mkdir()
    (tests / "more" / "a.test.yaml").write_text(WRONG, "utf-8")
    (tests / "more" / "draft.yaml").write_text(PARCEL, "utf-8")
    assert crm("test").code == 0
    assert "more/a.test.yaml:10:" in crm("test", "more").out
    assert crm("test", "more/draft.yaml").code == 0
    assert crm("test", "more", "tests/wholesale.test.yaml").err == "4 tests: 3 passed, 1 failed\n"


def test_without_tests_it_says_so_and_ends_well(tests: Path, crm) -> None:
    (tests / "tests" / "wholesale.test.yaml").unlink()
    told = "no tests: write tests/NAME.test.yaml\n"
    assert crm("test") == (0, "", told)
    (tests / "tests").rmdir()
    assert crm("test") == (0, "", told)
    assert crm("test", "-o", "tap").out == "TAP version 14\n1..0 # SKIP no tests\n"
    assert json.loads(crm("test", "-o", "json").out)["results"] == []
    assert len(ET.fromstring(crm("test", "-o", "junit").out)) == 0


def test_a_path_that_is_not_there_is_exit_4(tests: Path, crm) -> None:
    ran = crm("test", "tests/nothing.test.yaml")
    assert (ran.code, ran.err) == (4, 'error: "tests/nothing.test.yaml" does not exist\n')


def test_only_tests_with_a_text_in_their_name_are_run(tests: Path, crm) -> None:
    ran = crm("test", "-k", "TRACKING")
    assert (ran.code, ran.err) == (0, "1 test: 1 passed\n")
    assert "reached by no test" not in ran.out
    ran = crm("test", "-k", "nothing")
    assert (ran.code, ran.err) == (4, 'error: no test has "nothing" in its name\n')


def test_a_file_that_is_wrong_is_told_as_validate_tells_it_and_the_others_run(tests: Path, crm) -> None:
    (tests / "tests" / "a.test.yaml").write_text(PARCEL.replace("move: shipping}", "move: shiping}"), "utf-8")
    (tests / "tests" / "b.test.yaml").write_text("version: 1\ntests: [\n", "utf-8")
    ran = crm("test")
    assert (ran.code, ran.err) == (1, "2 tests: 2 passed; 2 files cannot be run\n")
    line = '5 |     when: {move: shiping}\n  |                  ^\nhint: did you mean "shipping"?\n'
    assert f'pipeline "wholesale" has no stage "shiping" [reference-test-name]\n{line}' in ran.out
    assert "tests/b.test.yaml:2:8: error: not YAML" in ran.out
    assert crm("validate", "-o", "parsable").out.splitlines()[0].startswith("tests/a.test.yaml:5:18: error: ")


def test_a_file_is_checked_with_its_workspace_wherever_it_lies(tests: Path, crm) -> None:
    (tests / "more").mkdir()
    (tests / "more" / "a.test.yaml").write_text(PARCEL.replace("shipping", "shiping"), "utf-8")
    ran = crm("validate", "more/a.test.yaml", "-o", "parsable")
    assert (ran.code, len(ran.out.splitlines())) == (1, 3)
    assert "more/a.test.yaml:5:18: error: pipeline" in ran.out
    assert crm("validate", "tests/wholesale.test.yaml").code == 0


def test_a_warning_about_a_file_does_not_keep_it_from_running(tests: Path, crm) -> None:
    text = PARCEL.replace("tests:\n", "tests:    # crmctl: ignore[style-first-stage]\n")
    (tests / "tests" / "wholesale.test.yaml").write_text(text, "utf-8")
    ran = crm("test")
    assert (ran.code, ran.err) == (0, "2 tests: 2 passed\n")
    assert "[style-unused-ignore]" in ran.out


def test_an_invalid_configuration_runs_nothing_be_the_error_in_the_tasks_alone(tests: Path, crm) -> None:
    tasks = (tests / "tasks.yaml").read_text("utf-8")
    (tests / "tasks.yaml").write_text(tasks.replace("ends: sale", "ends: soon"), "utf-8")
    ran = crm("test")
    assert (ran.code, ran.out, "tasks.yaml:" in ran.err) == (3, "", True)
    (tests / "tasks.yaml").write_text(tasks, "utf-8")
    (tests / "pipelines" / "retail.yaml").write_text("version: 1\n", "utf-8")
    ran = crm("test")
    assert (ran.code, ran.out) == (3, "")
    assert "pipelines/retail.yaml" in ran.err


def test_outside_a_workspace_there_is_nothing_to_test(tmp_path: Path, crm, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert crm("test").code == 3


def test_errors_in_tests_stop_no_other_command(tests: Path, crm) -> None:
    (tests / "tests" / "a.test.yaml").write_text("tests: [\n", "utf-8")
    assert crm("create", "lead", "Ирина").code == 0
    assert crm("validate").code == 1


def test_github_gets_annotations_by_itself(tests: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    (tests / "tests" / "wholesale.test.yaml").write_text(WRONG, "utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    first, second = crm("test").out.splitlines()
    title = "title=the waybill opens the gate and a tracking task follows"
    assert (
        first
        == f"::error file=tests/wholesale.test.yaml,line=10,col=14,{title}::stage: expected order, got shipping"
    )
    assert second.startswith(
        "::notice title=reached by no test::contact, gates: contact_type%0Acourses, stages: new"
    )
    assert crm("test", "-o", "text").out.startswith("tests/wholesale.test.yaml\n")


def test_the_database_is_neither_needed_nor_changed(tests: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    before = {
        path: path.read_bytes() for path in tests.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
    assert crm("test").code == 0
    assert {path: path.read_bytes() for path in before} == before
    (tests / "crm.json").write_text("damaged", "utf-8")
    assert crm("test").code == 0
    (tests / "crm.json").unlink()
    assert crm("test").code == 0
    assert not (tests / "crm.json").exists()


@pytest.mark.parametrize("template", template_names())
def test_every_template_comes_with_tests_that_pass(template: str, tmp_path: Path, crm) -> None:
    assert crm("init", str(tmp_path), "--template", template, "-q").code == 0
    for where in (folder("pipelines") / template, tmp_path):
        found = json.loads(crm("-C", str(where), "test", "-o", "json").out)
        assert (found["failed"], found["findings"]) == (0, [])
        assert found["passed"] >= 3


ODD = st.sampled_from(["12x", "2026-01-10", "C-1", "-", "", 7, True, None, ["a", 1]])
STAGE = st.sampled_from(["new", "shipping", "won", "lost", "junk", "Передано на отправку"])
SOUND = {
    "lead": {"title": "Ирина", "phone": "050 123 45 67", "amount": 5, "reject_reason": "spam"},
    "deal": {
        "title": "Опт",
        "pipeline": "retail",
        "amount": "5 USD",
        "waybill": "20450123456789",
        "contact": "C-1",
    },
    "contact": {
        "first_name": "Анна",
        "contact_type": "client",
        "tags": ["a", "b"],
        "created_at": "2026-01-10",
    },
    "task": {"title": "Позвонить"},
}
KIND = st.sampled_from(list(SOUND))


def fields(kind: str) -> st.SearchStrategy[dict[str, object]]:
    """Some fields of a record type, mostly with values that they take."""
    values = {name: st.one_of(st.just(value), st.just(value), ODD) for name, value in SOUND[kind].items()}
    if kind in ("lead", "deal"):
        values["stage"] = STAGE
    return st.fixed_dictionaries({}, optional=values)


GIVEN = {kind: st.one_of(fields(kind), st.lists(fields(kind), min_size=1, max_size=2)) for kind in SOUND}
SET = KIND.flatmap(fields)
ALONG = {
    "set": SET,
    "reason": st.sampled_from(["price", "spam", "?"]),
    "pipeline": st.sampled_from(["retail", "x"]),
}
ROWS = st.lists(SET, min_size=1, max_size=2)
WHEN = st.one_of(
    st.fixed_dictionaries({"move": STAGE}, optional=ALONG),
    st.fixed_dictionaries({"create": KIND}, optional={"set": SET}),
    st.fixed_dictionaries({"update": SET}),
    st.fixed_dictionaries(
        {"convert": st.lists(st.sampled_from(["contact", "deal"]), min_size=1, unique=True)}, optional=ALONG
    ),
    st.fixed_dictionaries({"reject": ALONG["reason"]}),
    st.fixed_dictionaries({"import": st.fixed_dictionaries({"record": KIND, "rows": ROWS})}),
)
EXPECT = {
    "refused": st.one_of(st.booleans(), st.just(["waybill"])),
    "stage": st.sampled_from(["new", "shipping", "lost"]),
    "tasks": st.lists(st.just("track_parcel"), max_size=2),
    "created": st.one_of(st.lists(KIND, max_size=2), st.dictionaries(KIND, SET, max_size=2)),
    "fields": SET,
    "where": st.sampled_from(["open", "amount > 5", "stage = new", "tags has a"]),
    "findings": st.lists(st.sampled_from(["data-gate", "data-stage"]), unique=True),
    "report": st.fixed_dictionaries({"name": st.just("funnel")}, optional={"rows": ROWS, "totals": SET}),
}
TEST = st.fixed_dictionaries(
    {
        "name": st.just("any"),
        "given": st.fixed_dictionaries({}, optional=GIVEN),
        "when": WHEN,
        "expect": st.fixed_dictionaries({}, optional=EXPECT).filter(bool),
    }
)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(TEST, min_size=3, max_size=6))
def test_no_test_however_odd_is_a_bug_of_crmctl_or_touches_the_database(
    tests: Path, found: list[object]
) -> None:
    before = (tests / "crm.json").read_bytes()
    for number, test in enumerate(found):
        # JSON is YAML, too.
        text = json.dumps({"version": 1, "tests": [test]}, ensure_ascii=False)
        (tests / "tests" / f"{number}.test.yaml").write_text(text, "utf-8")
    assert run(("test", "-q", "-o", "json")) in (0, 1)
    assert (tests / "crm.json").read_bytes() == before

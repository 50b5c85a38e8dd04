"""What tests of the process came to, in every format."""

import json
import re
import xml.etree.ElementTree as ET

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.finding import Finding, Severity
from crmctl.model.place import Place
from crmctl.model.process_result import Failure, ProcessResult, ProcessRun, Unreached
from crmctl.render.colour import PLAIN, Style
from crmctl.render.findings import no_source
from crmctl.render.format_names import TEST_FORMATS
from crmctl.render.process_tests import render_process_run, summary

PATH = "tests/wholesale.test.yaml"
PASSED = ProcessResult("a parcel needs a waybill", Place(PATH, 4, 5), notes=("not shown",))
FAILED = ProcessResult(
    "it moves # on",
    Place(PATH, 8, 5),
    (
        Failure("stage", Place(PATH, 11, 14), "shipping", "order"),
        Failure("move", Place(PATH, 10, 12), "it to be done", "a refusal: no\n  waybill   required"),
    ),
    ("D-1 lacks amount",),
)
BROKEN = Finding("tests/b.test.yaml", 3, 7, "reference-test-name", Severity.ERROR, "no such stage", "a cure")
WARNING = Finding("tests/c.test.yaml", 0, 0, "style-unused-ignore", Severity.WARNING, "unused")
MISSED = (
    Unreached("courses", ("new", "won"), ("won: amount",), whole=True),
    Unreached("wholesale", ("visit",), ("lost: lost_reason",), ("new -> order",)),
)
RUN = ProcessRun((PASSED, FAILED), (BROKEN, WARNING), (PATH,), MISSED)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLACE = st.builds(Place, st.sampled_from([PATH, "tests/б.test.yaml"]), st.integers(0, 50), st.integers(0, 50))
RUNS = st.builds(
    ProcessRun,
    st.lists(
        st.builds(
            ProcessResult,
            TEXT,
            PLACE,
            st.lists(st.builds(Failure, TEXT, PLACE, TEXT, TEXT), max_size=2).map(tuple),
            st.lists(TEXT, max_size=1).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    st.lists(
        st.builds(
            Finding, TEXT, st.integers(0, 5), st.integers(0, 5), TEXT, st.sampled_from(Severity), TEXT, TEXT
        ),
        max_size=2,
    ).map(tuple),
    unreached=st.none()
    | st.lists(st.builds(Unreached, TEXT, st.lists(TEXT, max_size=2).map(tuple))).map(tuple),
)


def render(name: str, run: ProcessRun = RUN, style: Style = PLAIN) -> str:
    return render_process_run(name, run, no_source, style)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(WrongUse, match='unknown output format "tab"'):
        render("tab")


def test_text_tells_failures_with_their_places_then_findings_then_what_is_missed() -> None:
    assert render("text").splitlines() == [
        "tests/wholesale.test.yaml",
        "  ok    a parcel needs a waybill",
        "  FAIL  it moves # on",
        "        tests/wholesale.test.yaml:11: stage: expected shipping, got order",
        "        tests/wholesale.test.yaml:10: move: expected it to be done, got a refusal: no",
        "          waybill   required",
        "        note: D-1 lacks amount",
        "",
        "tests/b.test.yaml:3:7: error: no such stage [reference-test-name]",
        "hint: a cure",
        "",
        "tests/c.test.yaml: warning: unused [style-unused-ignore]",
        "",
        "reached by no test",
        "  all of courses",
        "  wholesale, stages: visit",
        "  wholesale, gates: lost: lost_reason",
        "  wholesale, transitions: new -> order",
    ]


def test_what_is_missed_is_wrapped_at_a_terminal() -> None:
    run = ProcessRun((PASSED,), unreached=(Unreached("deals", tuple(f"stage_{n}" for n in range(20))),))
    lines = render("text", run, Style(width=40)).splitlines()
    assert max(map(len, lines[3:])) <= 40
    assert lines[4].startswith("  deals, stages: stage_0, ")
    assert lines[5].startswith("    stage_")


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (RUN, "2 tests: 1 passed, 1 failed; 1 file cannot be run"),
        (ProcessRun((PASSED,)), "1 test: 1 passed"),
        (ProcessRun((FAILED,)), "1 test: 1 failed"),
        (ProcessRun((), (BROKEN,), (PATH,)), "1 file cannot be run"),
        (ProcessRun(), "no tests: write tests/NAME.test.yaml"),
    ],
)
def test_the_summary_is_a_line(run: ProcessRun, told: str) -> None:
    assert summary(run) == told


def test_a_run_fails_by_a_test_or_by_a_file_that_cannot_be_run_and_by_no_warning() -> None:
    assert [
        run.failed for run in (RUN, ProcessRun((PASSED,), (BROKEN,)), ProcessRun((PASSED,), (WARNING,)))
    ] == [
        True,
        True,
        False,
    ]


def test_tap_has_a_plan_points_diagnostics_and_comments() -> None:
    lines = render("tap").splitlines()
    assert lines[:5] == [
        "TAP version 14",
        "1..3",
        "ok 1 - tests/wholesale.test.yaml: a parcel needs a waybill",
        r"not ok 2 - tests/wholesale.test.yaml: it moves \# on",
        "  ---",
    ]
    assert lines[-4:] == [
        "# reached by no test: courses, gates: won: amount",
        "# reached by no test: wholesale, stages: visit",
        "# reached by no test: wholesale, gates: lost: lost_reason",
        "# reached by no test: wholesale, transitions: new -> order",
    ]
    first, second = diagnostics(render("tap"))
    assert first["failures"][1] == {
        "at": "tests/wholesale.test.yaml:10",
        "key": "move",
        "expected": "it to be done",
        "actual": "a refusal: no\n  waybill   required",
    }
    assert first["notes"] == ["D-1 lacks amount"]
    assert second == {"findings": ["tests/b.test.yaml:3:7: no such stage (a cure) [reference-test-name]"]}


def diagnostics(tap: str) -> list[dict]:
    return [
        yaml.safe_load(block)
        for block in re.findall(r"^  ---\n(.*?)^  \.\.\.$", tap, re.MULTILINE | re.DOTALL)
    ]


def test_junit_has_a_suite_a_file_and_properties_of_what_is_missed() -> None:
    root = ET.fromstring(render("junit"))
    assert root.attrib == {"name": "crmctl test", "tests": "3", "failures": "1", "errors": "1"}
    wholesale, broken, missed = root
    assert (wholesale.get("name"), wholesale.get("tests"), wholesale.get("failures")) == (PATH, "2", "1")
    passed, failed = wholesale
    assert (passed.get("name"), passed.get("line"), list(passed)) == ("a parcel needs a waybill", "4", [])
    assert failed[0].tag == "failure"
    assert failed[0].get("message") == "stage: expected shipping, got order"
    assert "tests/wholesale.test.yaml:10: move: expected" in (failed[0].text or "")
    assert [each.tag for each in broken[0]] == ["error"]
    found = {each.get("name"): each.get("value") for each in missed.iter("property")}
    assert found["wholesale.transitions"] == "new -> order"


def test_junit_calls_a_broken_file_by_its_first_error() -> None:
    warning = msgspec.structs.replace(BROKEN, line=1, severity=Severity.WARNING, message="odd")
    (broken,) = ET.fromstring(render("junit", ProcessRun(findings=(warning, BROKEN))))
    assert broken[0][0].get("message") == "no such stage"


def test_github_gets_a_command_for_each_failure_and_a_notice() -> None:
    lines = render("github").splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "::error",
        "::warning",
        "::error",
        "::error",
        "::notice",
    ]
    assert lines[2].startswith(
        "::error file=tests/wholesale.test.yaml,line=11,col=14,title=it moves # on::stage: expected shipping"
    )
    assert lines[4].endswith("%0Awholesale, transitions: new -> order")


def test_json_is_one_object() -> None:
    told = json.loads(render("json"))
    assert (told["passed"], told["failed"]) == (1, 1)
    assert told["results"][1]["failures"][0] == {
        "key": "stage",
        "path": PATH,
        "line": 11,
        "column": 14,
        "expected": "shipping",
        "actual": "order",
    }
    assert told["unreached"][1] == {
        "part": "wholesale",
        "stages": ["visit"],
        "gates": ["lost: lost_reason"],
        "transitions": ["new -> order"],
    }


@settings(deadline=None)
@given(RUNS)
def test_whatever_tests_are_called_every_format_stays_what_it_is(run: ProcessRun) -> None:
    tap = render("tap", run).splitlines()
    points = [line for line in tap if re.match(r"(not )?ok \d+ - ", line)]
    assert tap[1].startswith(f"1..{len(points)}")
    assert len(diagnostics(render("tap", run))) == run.failures + len(run.broken_files)
    root = ET.fromstring(render("junit", run))
    assert len(list(root.iter("testcase"))) == int(root.get("tests", "")) == len(points)
    assert len(json.loads(render("json", run))["results"]) == len(run.results)
    assert all(line.startswith("::") for line in render("github", run).splitlines())


@settings(deadline=None)
@given(RUNS)
def test_nothing_that_tests_are_called_drives_a_terminal(run: ProcessRun) -> None:
    for name in TEST_FORMATS:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", render(name, run))

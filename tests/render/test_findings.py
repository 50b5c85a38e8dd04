import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.finding import Finding, Severity
from crmctl.render.colour import PLAIN, Style
from crmctl.render.findings import Background, render_findings, summary
from crmctl.render.format_names import FINDING_FORMATS
from crmctl.render.width import display_width

PATH = "pipelines/wholesale.yaml"
LINE = "  - {stage: order, title: Формирование заказа, require: [waybil, {field: address}]}"
UNKNOWN = Finding(
    PATH,
    18,
    LINE.index("waybil") + 1,
    "unknown-field",
    Severity.ERROR,
    'unknown field "waybil"',
    'did you mean "waybill"?',
)
WARNING = Finding("crmctl.yaml", 0, 0, "no-reasons", Severity.WARNING, "no reasons")

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ANY_FINDING = st.builds(
    Finding,
    ANY_TEXT,
    st.integers(0, 50),
    st.integers(0, 200),
    ANY_TEXT,
    st.sampled_from(list(Severity)),
    ANY_TEXT,
    ANY_TEXT,
)


def source(path, line):
    return LINE if (path, line) == (PATH, 18) else None


def render(name, *findings, style=PLAIN):
    return render_findings(name, findings, Background(source), style)


def test_an_unknown_format_is_refused():
    with pytest.raises(WrongUse, match='unknown output format "sariff"'):
        render("sariff")


def test_text_shows_the_line_with_a_caret_and_the_cure():
    assert render("text", UNKNOWN).splitlines() == [
        'pipelines/wholesale.yaml:18:58: error: unknown field "waybil" [unknown-field]',
        f"18 | {LINE}",
        "   | " + " " * LINE.index("waybil") + "^",
        'hint: did you mean "waybill"?',
    ]


def test_text_of_a_whole_file_has_no_line():
    assert render("text", WARNING) == "crmctl.yaml: warning: no reasons [no-reasons]\n"


def test_findings_have_an_empty_line_between_them():
    assert (
        render("text", WARNING, WARNING).split("\n")
        == ["crmctl.yaml: warning: no reasons [no-reasons]", ""] * 2
    )


@pytest.mark.parametrize("width", [30, 60, 81, 100])
def test_the_caret_stays_under_the_fault_in_a_narrow_terminal(width):
    _, excerpt, caret, _ = render("text", UNKNOWN, style=Style(width=width)).splitlines()
    assert display_width(excerpt) <= width
    assert excerpt[caret.index("^") :].startswith("waybil")


def test_the_caret_counts_wide_characters_by_their_columns():
    finding = Finding("a.yaml", 1, 3, "r", Severity.ERROR, "m")
    text = render_findings("text", [finding], Background(lambda _path, _line: "日本x"), PLAIN)
    assert text.splitlines()[1:] == ["1 | 日本x", "  |     ^"]


def test_a_line_that_cannot_be_read_is_left_out():
    assert len(render_findings("text", [UNKNOWN]).splitlines()) == 2


def test_parsable_is_one_line_a_finding():
    assert render("parsable", UNKNOWN, WARNING).splitlines() == [
        'pipelines/wholesale.yaml:18:58: error: unknown field "waybil" [unknown-field]',
        "crmctl.yaml:1:1: warning: no reasons [no-reasons]",
    ]


def test_json_is_an_array_of_objects_with_every_key():
    assert json.loads(render("json", UNKNOWN, WARNING)) == [
        {
            "rule": "unknown-field",
            "severity": "error",
            "message": 'unknown field "waybil"',
            "path": PATH,
            "line": 18,
            "column": 58,
            "hint": 'did you mean "waybill"?',
        },
        {
            "rule": "no-reasons",
            "severity": "warning",
            "message": "no reasons",
            "path": "crmctl.yaml",
            "line": 0,
            "column": 0,
            "hint": None,
        },
    ]


def test_json_of_no_findings_is_an_empty_array():
    assert render("json") == "[]\n"


def test_github_gets_an_annotation_at_the_place():
    assert render("github", UNKNOWN) == (
        "::error file=pipelines/wholesale.yaml,line=18,col=58,title=unknown-field::"
        'unknown field "waybil"%0Ahint: did you mean "waybill"?\n'
    )


def test_github_properties_and_messages_are_escaped():
    finding = Finding("a,b:c%.yaml", 0, 0, "r", Severity.WARNING, "100%\n::error::x")
    assert render("github", finding) == "::warning file=a%2Cb%3Ac%25.yaml,title=r::100%25%0A::error::x\n"


def test_sarif_names_the_tool_the_rules_and_the_places():
    run = json.loads(render("sarif", UNKNOWN, WARNING))["runs"][0]
    assert run["tool"]["driver"]["name"] == "crmctl"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["no-reasons", "unknown-field"]
    first = run["results"][0]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("unknown-field", 1, "error")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": PATH},
        "region": {"startLine": 18, "startColumn": 58},
    }


def test_sarif_paths_are_uris_and_a_whole_file_has_no_region():
    finding = Finding("файл 1.yaml", 0, 0, "r", Severity.ERROR, "m")
    place = json.loads(render("sarif", finding))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "%D1%84%D0%B0%D0%B9%D0%BB%201.yaml"}}


def test_sarif_addresses_from_the_root_say_so():
    finding = Finding("/srv/crm/a b.yaml", 0, 0, "r", Severity.ERROR, "m")
    place = json.loads(render("sarif", finding))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "file:///srv/crm/a%20b.yaml"}}


def test_sarif_explains_the_rules_that_found_something():
    background = Background(explanations={"no-reasons": "No\nreasons.\n\nNobody knows why."})
    run = json.loads(render_findings("sarif", [WARNING, UNKNOWN], background))["runs"][0]
    assert run["tool"]["driver"]["rules"] == [
        {
            "id": "no-reasons",
            "shortDescription": {"text": "No reasons."},
            "fullDescription": {"text": "Nobody knows why."},
            "help": {
                "text": "No\nreasons.\n\nNobody knows why.",
                "markdown": "No\nreasons.\n\nNobody knows why.",
            },
        },
        {"id": "unknown-field"},
    ]


def test_sarif_of_no_findings_is_a_run_without_results():
    document = json.loads(render("sarif"))
    assert (document["version"], document["runs"][0]["results"]) == ("2.1.0", [])


def test_junit_fails_for_errors_and_not_for_warnings():
    suite = ET.fromstring(render("junit", UNKNOWN, WARNING)).find("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.find("failure") is not None for case in suite] == [True, False]


def test_junit_fails_for_warnings_where_they_fail():
    suite = ET.fromstring(render_findings("junit", [WARNING], Background(strict=True))).find("testsuite")
    assert suite.get("failures") == "1"
    assert suite.find("testcase/failure").get("message") == "no reasons"


def test_junit_of_no_findings_is_one_passed_case():
    suite = ET.fromstring(render("junit")).find("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


@pytest.mark.parametrize("name", ["text", "parsable", "github", "junit"])
def test_control_characters_in_messages_are_shown(name):
    text = render(name, Finding("a\x1b.yaml", 0, 0, "r", Severity.ERROR, "m\x07\u202e", "h\x9b"))
    assert not set(text) & set("\x1b\x07\u202e\x9b")


def test_control_characters_in_an_excerpt_are_shown():
    finding = Finding("a.yaml", 1, 1, "r", Severity.ERROR, "m")
    assert "\x1b" not in render_findings(
        "text", [finding], Background(lambda _path, _line: "a: \x1b[2J"), PLAIN
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY_FINDING, max_size=4))
def test_documents_are_well_formed_whatever_was_found(findings):
    assert len(json.loads(render("json", *findings))) == len(findings)
    assert len(json.loads(render("sarif", *findings))["runs"][0]["results"]) == len(findings)
    assert len(ET.fromstring(render("junit", *findings)).find("testsuite")) == max(len(findings), 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY_FINDING, max_size=4), st.sampled_from(["parsable", "github"]))
def test_one_finding_is_one_line_whatever_is_in_it(findings, name):
    assert render(name, *findings).count("\n") == len(findings)


@settings(max_examples=50, deadline=None)
@given(ANY_FINDING, ANY_TEXT, st.sampled_from([None, 30, 80]))
def test_any_excerpt_can_be_drawn(finding, line, width):
    assert render_findings(
        "text", [finding], Background(lambda _path, _line: line), Style(width=width)
    ).endswith("\n")


@pytest.mark.parametrize("name", FINDING_FORMATS)
def test_every_format_ends_with_a_newline(name):
    assert render(name, UNKNOWN).endswith("\n")


@pytest.mark.parametrize(
    ("findings", "checked", "text"),
    [
        ([], "1 file", "no errors in 1 file"),
        ([UNKNOWN, UNKNOWN, UNKNOWN, WARNING], "5 files", "3 errors, 1 warning in 5 files"),
        ([WARNING, WARNING], "2 files", "2 warnings in 2 files"),
    ],
)
def test_the_summary_counts_each_severity(findings, checked, text):
    assert summary(findings, checked) == text

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl import resources
from crmctl.config.check import check_workspace, report_paths, report_workspace
from crmctl.errors import NotFound
from crmctl.model.finding import Severity

MakeWorkspace = Callable[..., Path]


def misspelt(pipeline: str) -> str:
    """Return a pipeline with one fault that hides nothing else."""
    return pipeline.replace("title: Сделки", "titel: Сделки")


def test_findings_stand_in_the_order_of_their_places(make_workspace: MakeWorkspace, deals: str) -> None:
    folder = make_workspace(
        "timezon: UTC\n", {"pipelines/b.yaml": misspelt(deals), "pipelines/a.yaml": "x: 1\nx: 2\n"}
    )
    found = check_workspace(folder).findings
    assert found == tuple(sorted(found))
    assert {one.path for one in found} == {"crmctl.yaml", "pipelines/a.yaml", "pipelines/b.yaml"}


def test_a_workspace_with_an_error_has_no_configuration(make_workspace: MakeWorkspace) -> None:
    assert check_workspace(make_workspace()).configuration is not None
    assert check_workspace(make_workspace("timezon: UTC\n")).configuration is None


def test_warnings_leave_the_configuration_standing(make_workspace: MakeWorkspace) -> None:
    checked = check_workspace(make_workspace("spend: spend.csv\n"))
    assert [one.rule for one in checked.findings] == ["reference-data-file"]
    assert checked.configuration is not None


@pytest.mark.parametrize("tasks", [None, "version: 1\ntypes: []\n", "version: [\n"])
def test_errors_in_the_tasks_stop_only_the_tasks(
    make_workspace: MakeWorkspace, tasks: str | None, deals: str
) -> None:
    files = {"pipelines/deals.yaml": deals} | ({"tasks.yaml": tasks} if tasks else {})
    checked = check_workspace(make_workspace("tasks: tasks.yaml\n", files))
    assert checked.configuration is not None
    assert checked.findings == ()
    assert len(checked.tasks_findings) == 1


def test_without_crmctl_yaml_that_is_the_finding(tmp_path: Path) -> None:
    found = check_workspace(tmp_path).findings
    assert [(one.path, one.message) for one in found] == [("crmctl.yaml", "the file does not exist")]


def test_one_broken_file_makes_no_name_unknown_that_it_may_declare(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    folder = make_workspace(
        "default: {deal: sales}\n", {"pipelines/a.yaml": "x: [\n", "pipelines/b.yaml": deals}
    )
    assert {one.rule for one in check_workspace(folder).findings} == {"syntax-yaml"}


def test_a_broken_crmctl_yaml_leaves_the_other_files_checked(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    folder = make_workspace("mode: both\n", {"pipelines/deals.yaml": misspelt(deals)})
    assert {one.path for one in check_workspace(folder).findings} == {"crmctl.yaml", "pipelines/deals.yaml"}


def test_a_file_of_another_version_is_told_nothing_else(make_workspace: MakeWorkspace, deals: str) -> None:
    folder = make_workspace(
        files={"pipelines/deals.yaml": misspelt(deals).replace("version: 1", "version: 2")}
    )
    assert [one.rule for one in check_workspace(folder).findings] == ["schema-version"]


def test_tests_of_the_process_are_checked_with_their_workspace(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    folder = make_workspace(files={"pipelines/deals.yaml": deals, "tests/a.test.yaml": "version: 1\n"})
    report = report_workspace(folder)
    assert [(one.path, one.message) for one in report.findings] == [
        ("tests/a.test.yaml", 'the file lacks "tests"')
    ]
    assert set(report.files) == {"crmctl.yaml", "pipelines/deals.yaml", "tests/a.test.yaml"}


def test_paths_are_named_as_they_were_given(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, deals: str
) -> None:
    folder = make_workspace(files={"pipelines/deals.yaml": misspelt(deals)})
    monkeypatch.chdir(folder.parent)
    for target in ("workspace", "workspace/crmctl.yaml", "workspace/pipelines/deals.yaml"):
        found = report_paths([Path(target)]).findings
        assert [one.path for one in found] == ["workspace/pipelines/deals.yaml"]
    monkeypatch.chdir(folder)
    assert [one.path for one in report_paths([Path()]).findings] == ["pipelines/deals.yaml"]


def test_a_file_of_a_workspace_is_checked_with_what_it_refers_to(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    gated = deals.replace("probability: 20", "require: [waybill]")
    folder = make_workspace("timezone: Nowhere\n", {"pipelines/deals.yaml": gated})
    file = folder / "pipelines" / "deals.yaml"
    assert [one.rule for one in report_paths([file]).findings] == ["reference-unknown-field"]
    make_workspace("timezone: Nowhere\nfields: {deal: {waybill: {type: text}}}\n")
    assert report_paths([file]).findings == ()


def test_the_files_of_a_workspace_named_come_to_what_it_comes_to(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    folder = make_workspace("", {f"pipelines/p{number}.yaml": misspelt(deals) for number in range(3)})
    named = report_paths(sorted((folder / "pipelines").iterdir())).findings
    whole = report_workspace(folder).findings
    assert len(whole) == 5  # three keys, and one pipeline that is declared three times
    assert [(Path(one.path).name, one.line, one.rule) for one in named] == [
        (Path(one.path).name, one.line, one.rule) for one in whole
    ]


def test_a_file_without_a_workspace_is_checked_by_itself(tmp_path: Path, deals: str) -> None:
    file = tmp_path / "deals.yaml"
    file.write_text(deals.replace("probability: 20", "require: [waybill], next: [absent]"))
    assert [one.rule for one in report_paths([file]).findings] == ["reference-unknown-stage"]


def test_a_file_named_twice_is_told_of_once(tmp_path: Path, deals: str) -> None:
    file = tmp_path / "deals.yaml"
    file.write_text(misspelt(deals))
    assert len(report_paths([file, file, tmp_path]).findings) == 1


def test_a_path_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        report_paths([Path("absent")])


def test_a_silenced_error_that_is_needed_stays_and_the_comment_is_told(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    text = deals.replace("version: 1\n", "version: 1\n").replace(
        "stages:", "stages:    # crmctl: ignore[reference-outcomes]"
    )
    folder = make_workspace(files={"pipelines/deals.yaml": text.replace("outcome: won", "outcome: open")})
    assert [(one.rule, one.message) for one in check_workspace(folder).findings] == [
        ("reference-outcomes", 'pipeline "deals" has no won stage'),
        ("style-unused-ignore", '"reference-outcomes" cannot be silenced'),
    ]


def test_a_reference_that_nothing_needs_can_be_silenced(make_workspace: MakeWorkspace, deals: str) -> None:
    text = deals.replace("max_age: 2d}", "next: [won]}").replace(
        "outcome: lost}", "outcome: lost}  # crmctl: ignore[reference-unreachable-stage]"
    )
    assert check_workspace(make_workspace(files={"pipelines/deals.yaml": text})).findings == ()


TASKS = "version: 1\ntypes: {call: {clients: one}}\n"


@pytest.mark.parametrize(
    ("added", "more"),
    [
        ("", {"pipelines/broken.yaml": "x: [\n", "tasks.yaml": TASKS}),
        ("", {"tasks.yaml": TASKS + "nope: [\n"}),
        ("", {"tasks.yaml": TASKS.replace("one", "two")}),
        ("", {}),
        ("currency: EUR\n", {"tasks.yaml": TASKS}),
    ],
)
def test_a_comment_is_not_unused_where_its_rule_could_not_look(
    make_workspace: MakeWorkspace, deals: str, added: str, more: dict[str, str]
) -> None:
    silenced = deals.replace("stages:", "stages:    # crmctl: ignore[style-no-next-step]")
    folder = make_workspace(f"tasks: tasks.yaml\n{added}", {"pipelines/deals.yaml": silenced, **more})
    assert "style-unused-ignore" not in {one.rule for one in report_workspace(folder).findings}
    whole = make_workspace("tasks: tasks.yaml\n", {"pipelines/deals.yaml": silenced, "tasks.yaml": TASKS})
    (whole / "pipelines" / "broken.yaml").unlink(missing_ok=True)
    assert report_workspace(whole).findings == ()


def test_a_comment_is_not_unused_in_a_file_that_is_checked_alone(tmp_path: Path, deals: str) -> None:
    file = tmp_path / "deals.yaml"
    file.write_text(deals.replace("stages:", "stages:    # crmctl: ignore[style-no-next-step]"), "utf-8")
    assert report_paths([file]).findings == ()


def test_a_comment_for_tasks_is_unused_where_there_are_none(
    make_workspace: MakeWorkspace, deals: str
) -> None:
    silenced = deals.replace("stages:", "stages:    # crmctl: ignore[style-no-next-step]")
    folder = make_workspace(files={"pipelines/deals.yaml": silenced})
    assert [one.rule for one in report_workspace(folder).findings] == ["style-unused-ignore"]


@pytest.mark.parametrize("link", ["pipelines/more.yaml", "tasks.yaml"])
def test_a_link_out_of_the_workspace_is_refused_and_not_read(
    make_workspace: MakeWorkspace, link: str
) -> None:
    folder = make_workspace("tasks: tasks.yaml\n")
    secret = folder.parent / "secret.yaml"
    secret.write_text("password: hunter2\n")
    (folder / link).symlink_to(secret)
    checked = check_workspace(folder)
    found = [one for one in (*checked.findings, *checked.tasks_findings) if "link" in one.message]
    assert [one.message for one in found] == [f'"{link}" is a link that leads out of the workspace']
    assert not any(one.path == link for one in checked.findings)


@pytest.mark.parametrize("folder", ["A" * 300, "../elsewhere", "no\0thing"])
def test_a_folder_of_pipelines_that_cannot_be_is_an_error_and_not_looked_into(
    make_workspace: MakeWorkspace, folder: str
) -> None:
    workspace = make_workspace()
    (workspace.parent / "elsewhere").mkdir()
    (workspace.parent / "elsewhere" / "other.yml").touch()
    path = workspace / "crmctl.yaml"
    path.write_text(
        re.sub(r"(?m)^pipelines:.*\n", "", path.read_text()) + f"pipelines: {json.dumps(folder)}\n"
    )
    checked = check_workspace(workspace)
    assert checked.configuration is None
    assert not any("other.yml" in one.message for one in checked.findings)


def test_a_link_within_the_workspace_is_read(make_workspace: MakeWorkspace) -> None:
    folder = make_workspace()
    (folder / "shared").mkdir()
    (folder / "pipelines" / "deals.yaml").rename(folder / "shared" / "deals.yaml")
    (folder / "pipelines" / "deals.yaml").symlink_to("../shared/deals.yaml")
    checked = check_workspace(folder)
    assert checked.findings == ()
    assert checked.configuration is not None
    assert [pipeline.id for pipeline in checked.configuration.pipelines] == ["deals"]


def test_links_in_a_circle_end(make_workspace: MakeWorkspace) -> None:
    folder = make_workspace()
    (folder / "pipelines" / "again").symlink_to(".")
    (folder / "pipelines" / "loop.yaml").symlink_to("loop.yaml")
    assert check_workspace(folder).findings != ()


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 1000),
    st.sampled_from(
        ["", "x", "me", "same", "2026-01-01", "+2d", "^(", "..", "/", "a,-b", "open and", "deal", "won"]
    ),
    st.sampled_from([[], {}, ["x"], [1], {"a": 1}, [[]], [{}]]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_a_file_checking_it_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    source = resources.folder("pipelines") / "trade"
    broken = data.draw(st.sampled_from(sorted(source.rglob("*.yaml"))))
    for file in source.rglob("*.yaml"):
        target = tmp_path / file.relative_to(source)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    content = yaml.safe_load(broken.read_text("utf-8"))
    owner: Any = content
    while True:
        key = data.draw(st.sampled_from(list(owner) if isinstance(owner, dict) else range(len(owner))))
        if not owner[key] or not isinstance(owner[key], dict | list) or data.draw(st.booleans()):
            break
        owner = owner[key]
    owner[key] = data.draw(ODD)
    (tmp_path / broken.relative_to(source)).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    checked = check_workspace(tmp_path)
    assert (checked.configuration is None) == any(one.severity is Severity.ERROR for one in checked.findings)

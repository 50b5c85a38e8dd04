"""F10 to F12: paths that lead out of the workspace, files that would run, secrets that would be told."""

import shutil
from pathlib import Path

import pytest

PASSWORD = "geheim"
ADDRESS = f"postgresql://u:{PASSWORD}@h/db"


@pytest.fixture
def outside(workspace: Path, tmp_path_factory) -> Path:
    """A folder outside the workspace with a sound pipeline and a file of rates in it."""
    folder = tmp_path_factory.mktemp("outside")
    for page in (workspace / "pipelines").iterdir():
        shutil.copy(page, folder)
    (folder / "tasks.yaml").write_text("version: 1\n")
    return folder


def configured(workspace: Path, key: str, value: str) -> None:
    """Give a key at the top of crmctl.yaml another value."""
    file = workspace / "crmctl.yaml"
    lines = file.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    lines[at] = f"{key}: {value}"
    file.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.mark.parametrize("key", ["pipelines", "rates"])
@pytest.mark.parametrize("how", ["..", "absolute", "home", "link", "within"])
def test_f10_no_path_leads_out_of_the_workspace(
    workspace: Path, outside: Path, crm, refused, key: str, how: str
) -> None:
    (workspace / "link").symlink_to(outside)
    name = "leads.yaml" if key == "pipelines" else "rates.csv"
    (outside / "rates.csv").write_text("date,currency,rate\n")
    ways = {
        "..": f"../{outside.name}/{name}",
        "absolute": f"{outside}/{name}",
        "home": f"~/{name}",
        "link": f"link/{name}",
        "within": f"pipelines/../../{outside.name}/{name}",
    }
    configured(workspace, key, f"[{ways[how]}]" if key == "pipelines" else ways[how])
    err = refused("list", "leads", code=3)
    assert "crmctl.yaml:" in err
    assert "out of the workspace" in err
    found = crm("validate", "-o", "parsable")
    assert (found.code, "reference-path" in found.out) == (1, True)


def test_f10_a_linked_file_among_the_pipelines_is_no_pipeline(workspace: Path, outside: Path, crm) -> None:
    (outside / "evil.yaml").write_text(
        (outside / "retail.yaml").read_text("utf-8").replace("pipeline: retail", "pipeline: evil"), "utf-8"
    )
    (workspace / "pipelines" / "evil.yaml").symlink_to(outside / "evil.yaml")
    (workspace / "pipelines" / "more").symlink_to(outside)
    ran = crm("pipeline", "list", "-o", "json")
    assert "evil" not in ran.out


HOOK = "#!/bin/sh\ntouch pwned\n"


def test_f11_nothing_in_the_folder_is_run(workspace: Path, crm, process, environment) -> None:
    hooks = workspace / ".crmctl" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("before-change", "after-change", "after-import", "on-reminder"):
        (hooks / name).write_text(HOOK)
        (hooks / name).chmod(0o777)
    for name in ("crmctl.py", "sitecustomize.py", "conftest.py", "json.py", "yaml.py"):
        (workspace / name).write_text("open('pwned', 'w')\n")
    for name in ("less", "git", "sed", "python3"):
        (workspace / name).write_text(HOOK)
        (workspace / name).chmod(0o777)
    (workspace / "leads.csv").write_text("title\nA\n")
    # As the installed program is started: the present folder is not among those that modules come from.
    script = "import sys; sys.path.remove(''); from crmctl.cli.main import main; main()"
    for argv in (("create", "lead", "A"), ("import", "leads", "leads.csv"), ("validate",), ("list", "leads")):
        assert process(*argv, script=script).code == 0
    assert not (workspace / "pwned").exists()


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system [touch pwned]", "'${{ touch pwned }}'", "'`id`'"]
)
def test_f11_configuration_never_runs(workspace: Path, crm, value: str) -> None:
    configured(workspace, "name", value)
    assert crm("list", "leads").code == (3 if value.startswith("!!") else 0)
    assert crm("validate").code == (1 if value.startswith("!!") else 0)
    assert not (workspace / "pwned").exists()


@pytest.mark.parametrize(
    "argv",
    [
        ("--db", ADDRESS, "list", "leads"),
        ("--db", ADDRESS, "list", "leads", "-v", "-o", "json"),
        ("--db", ADDRESS, "init"),
        ("--db", ADDRESS, "db", "check"),
        ("list", "leads", ADDRESS),
        ("list", ADDRESS),
        (ADDRESS,),
        ("-C", ADDRESS, "list", "leads"),
        ("import", "leads", ADDRESS),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_f12_a_password_in_an_address_is_never_told(
    workspace: Path, crm, argv: tuple[str, ...], broken: bool
) -> None:
    if broken:
        configured(workspace, "version", "2")
    ran = crm(*argv)
    assert ran.code in (2, 3, 4)
    assert PASSWORD not in ran.err + ran.out


def test_f12_what_is_told_of_an_address_is_all_but_its_password(workspace: Path, crm) -> None:
    configured(workspace, "version", "2")
    assert "hint: crmctl --db postgresql://u:***@h/db validate" in crm("--db", ADDRESS, "list", "leads").err


def test_f12_a_configured_password_is_never_told(workspace: Path, crm, monkeypatch) -> None:
    monkeypatch.setenv("CRMCTL_DB", ADDRESS)
    assert PASSWORD not in crm("list", "leads", "-v").err
    monkeypatch.delenv("CRMCTL_DB")
    configured(workspace, "database", ADDRESS)
    for argv in (("list", "leads", "-v"), ("db", "stats"), ("status",), ("validate",)):
        ran = crm(*argv)
        assert PASSWORD not in ran.err + ran.out


BUG = """
import sys
import crmctl.cli.listing as listing
from crmctl.cli.main import main
def broken(*_, **__):
    raise RuntimeError("Secret Name")
listing.list_records = broken
sys.argv[0] = "crmctl"
main()
"""
SECRET = ("--db", ADDRESS, "--user", "Secret Name", "list", "leads", "--where", "title = 'Secret Name'")


def test_f12_the_report_of_a_bug_holds_no_values(workspace: Path, process) -> None:
    ran = process(*SECRET, script=BUG)
    assert ran.code == 70
    (report,) = (workspace / ".crmctl").glob("crash-*.txt")
    text = report.read_text("utf-8")
    assert "command: list\n" in text
    for secret in (PASSWORD, "Secret"):
        assert secret not in text + ran.err + ran.out


def test_f12_nor_does_one_that_cannot_be_put_in_a_file(workspace: Path, process) -> None:
    shutil.rmtree(workspace / ".crmctl")
    (workspace / ".crmctl").write_text("in the way")
    ran = process(*SECRET, script=BUG)
    assert (ran.code, "RuntimeError" in ran.err) == (70, True)
    for secret in (PASSWORD, "Secret"):
        assert secret not in ran.err + ran.out

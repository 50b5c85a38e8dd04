"""What a command does not load: start-up time is most of what a short command takes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("jsonschema", "yaml", "tabulate", "phonenumbers", "re2", "tempfile", "logging")
SCRIPT = """
import sys
from crmctl.cli.main import run
code = run(sys.argv[2:])
print(*(name for name in sys.argv[1].split(",") if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def loaded(folder: Path, *argv: str, also: tuple[str, ...] = (), **environment: str) -> str:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            SCRIPT,
            ",".join((*HEAVY, "crmctl.workspace", "crmctl.model", "tinydb", *also)),
            *argv,
        ],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "CRMCTL_USER": "anna", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "argv",
    [
        ("list", "leads", "-o", "json"),
        ("show", "L-1", "-o", "json"),
        ("create", "lead", "Олег"),
        ("move", "L-1", "in_work"),
        ("delete", "L-1", "--yes"),
        ("export", "leads", "x.csv"),
    ],
)
def test_everyday_commands_load_nothing_heavy(workspace: Path, crm, argv: tuple[str, ...]) -> None:
    crm("create", "lead", "Ирина")
    assert loaded(workspace, *argv).split() == ["crmctl.workspace", "crmctl.model", "tinydb"]


def test_an_export_reads_no_files_and_an_import_writes_none(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    (workspace / "x.csv").write_text("Title\nОлег\n")
    importer, exporter = ("crmctl.importer", "crmctl.workspace.export_layout"), ("crmctl.exporter",)
    cards = ("crmctl.importer.vcard_lines", "crmctl.importer.vcard_file", "crmctl.importer.vcard_rejects")

    assert {*importer}.isdisjoint(loaded(workspace, "export", "leads", "y.csv", also=importer).split())
    ran = loaded(workspace, "import", "leads", "x.csv", "-q", also=(*exporter, *cards)).split()
    assert {*exporter, *cards}.isdisjoint(ran)


@pytest.mark.parametrize(
    "argv",
    [
        ("filter", "leads", "stage = new", "-o", "ids"),
        ("list", "leads", "--count"),
        ("funnel", "leads", "-o", "json"),
    ],
)
def test_figures_are_made_without_opening_documents(workspace: Path, crm, argv: tuple[str, ...]) -> None:
    crm("create", "lead", "Ирина")
    assert loaded(workspace, *argv).split() == ["crmctl.workspace", "crmctl.model"]


def test_a_stage_that_asks_for_a_letter_loads_no_templates_and_no_mail(workspace: Path, crm) -> None:
    leads = workspace / "pipelines" / "leads.yaml"
    text = leads.read_text("utf-8")
    leads.write_text(
        text.replace("stage: in_work,", "stage: in_work, on_enter: [{mail: templates/parcel.txt}],")
    )
    crm("create", "lead", "Ирина")
    heavy = ("jinja2", "email", "smtplib", "crmctl.mail")
    assert not {*loaded(workspace, "move", "L-1", "in_work", also=heavy).split()} & {*heavy}
    assert crm("mail", "--outbox", "-o", "ids").out == "L-1\n"


@pytest.mark.parametrize("argv", [("show", "L-1"), ("move", "L-1", "in_work"), ("create", "lead", "Олег")])
def test_one_record_is_handled_without_the_filter_language(
    workspace: Path, crm, argv: tuple[str, ...]
) -> None:
    crm("create", "lead", "Ирина")
    assert "crmctl.query" not in loaded(workspace, *argv, also=("crmctl.query",))


@pytest.mark.parametrize("argv", [("move", "L-1", "in_work"), ("create", "lead", "Олег")])
def test_without_hooks_nothing_of_them_is_loaded(workspace: Path, crm, argv: tuple[str, ...]) -> None:
    crm("create", "lead", "Ирина")
    hooks = ("crmctl.workspace.hooks", "crmctl.workspace.program", "subprocess", "selectors")
    assert set(hooks).isdisjoint(loaded(workspace, *argv, also=hooks).split())


def test_a_small_file_is_read_without_threads(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    for argv in (("list", "leads"), ("move", "L-1", "in_work")):
        assert "crmctl.storage.arriving" not in loaded(workspace, *argv, also=("crmctl.storage.arriving",))


def test_the_version_needs_click_alone(tmp_path: Path) -> None:
    assert loaded(tmp_path, "--version", also=("msgspec",)) == ""


def completing(folder: Path, words: str, *also: str) -> str:
    asked = {"_CRMCTL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    return loaded(folder, also=also, **asked)


@pytest.mark.parametrize("words", ["crmctl ", "crmctl mo", "crmctl -C . mo"])
def test_the_name_of_a_command_is_completed_by_click_alone(workspace: Path, words: str) -> None:
    assert completing(workspace, words, "msgspec", "crmctl.cli.completion", "crmctl.cli.commands") == ""


@pytest.mark.parametrize(
    "words",
    ["crmctl show L-", "crmctl move D-1 ", "crmctl create deal -s pay", "crmctl list leads --sort ti"],
)
def test_what_is_in_the_workspace_is_completed_without_anything_heavy(
    workspace: Path, crm, words: str
) -> None:
    crm("create", "lead", "Ирина")
    light = {"crmctl.workspace", "crmctl.model", "tinydb"}
    assert set(completing(workspace, words).split()) <= light

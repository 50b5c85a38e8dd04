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


def loaded(folder: Path, *argv: str) -> str:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            SCRIPT,
            ",".join((*HEAVY, "crmctl.workspace", "crmctl.model", "tinydb")),
            *argv,
        ],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "CRMCTL_USER": "anna"},
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
        ("filter", "leads", "stage = new", "-o", "ids"),
        ("create", "lead", "Олег"),
        ("move", "L-1", "in_work"),
    ],
)
def test_everyday_commands_load_nothing_heavy(workspace: Path, crm, argv: tuple[str, ...]) -> None:
    crm("create", "lead", "Ирина")
    assert loaded(workspace, *argv).split() == ["crmctl.workspace", "crmctl.model", "tinydb"]


def test_the_version_needs_click_alone(tmp_path: Path) -> None:
    assert loaded(tmp_path, "--version") == ""

"""crmctl works the same from a wheel, an editable install and a plain checkout."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HERE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module", params=["wheel", "editable"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment in which crmctl is installed, above the packages that are here."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp(request.param)
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    below = subprocess.run(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    target = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(target) / "below.pth").write_text(f"{below}\n")
    how = ["--editable"] if request.param == "editable" else []
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check", *how, str(ROOT)),
        ],
        check=True,
        env=HERE,
    )
    return folder / "bin" / "crmctl"


def run(program: list[str], folder: Path) -> None:
    for argv in (
        ["init", "--template", "b2b"],
        ["validate", "--strict"],
        ["create", "lead", "Acme"],
        ["schema", "pipeline"],
    ):
        ran = subprocess.run(
            [*program, *argv], cwd=folder, capture_output=True, text=True, env=HERE, check=False
        )
        assert ran.returncode == 0, ran.stderr


def test_an_install_has_its_templates_and_schemas(installed: Path, tmp_path: Path) -> None:
    run([str(installed)], tmp_path)


def test_a_plain_checkout_has_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HERE, "PYTHONPATH", str(ROOT))
    run([sys.executable, "-m", "crmctl"], tmp_path)

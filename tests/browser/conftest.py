"""A browser to look at pages with, where one is installed, and workspaces to look at."""

import csv
import os
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
NARROWEST = 500
"""Chromium's windows are no narrower than that."""
WORDS = {
    "en": {
        "firm": "Acme & Sons",
        "pipeline": "Wholesale",
        "stages": ["New", "Visit to the shop", "Waiting for the papers of the logistics department", "Paid"],
        "won": "Done",
        "lost": "Lost",
        "source": "Trade fair in hall",
        "reason": ["Too expensive", "Bought elsewhere"],
    },
    "ru": {
        "firm": "Торговый дом «Весна»",
        "pipeline": "Оптовые продажи",
        "stages": [
            "Новая",
            "Выезд на магазин",
            "Передан на согласование в отдел логистики и склада",
            "Оплачен",
        ],
        "won": "Завершить сделку",
        "lost": "Сделка провалена",
        "source": "Выставка в павильоне",
        "reason": ["Дорого", "Ушёл к конкуренту"],
    },
}


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of Chromium; without it the tests that look are skipped."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no chromium here to look at pages with")
    return found


@pytest.fixture
def look(browser: str, tmp_path: Path) -> Callable[..., str]:
    """Open a file in a window of a size and return what an option of Chromium prints."""

    def opened(page: Path, width: int, height: int, *options: str, dark: bool = False) -> str:
        if width < NARROWEST:
            page = _framed(page, width, height)
        ran = subprocess.run(
            [
                *(
                    browser,
                    *QUIET,
                    f"--user-data-dir={tmp_path / 'browser'}",
                    f"--window-size={width},{height}",
                ),
                *([] if not dark else ["--blink-settings=preferredColorScheme=0"]),
                *(*options, page.resolve().as_uri()),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        )
        shutil.rmtree(tmp_path / "browser", ignore_errors=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return opened


@pytest.fixture
def firm(crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make a workspace in a language, with thirty sources, long names and two currencies; stand in it."""

    def make(language: str) -> Path:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+00:00")
        words = WORDS[language]
        Path("pipelines").mkdir()
        Path("crmctl.yaml").write_text(
            f"version: 1\nname: {words['firm']}\nmode: deals\ncurrency: UAH\npipelines: pipelines\n", "utf-8"
        )
        stages = [f"  - {{stage: s{at}, title: {title}}}\n" for at, title in enumerate(words["stages"])]
        ends = [f"  - {{stage: {end}, title: {words[end]}, outcome: {end}}}\n" for end in ("won", "lost")]
        head = f"version: 1\npipeline: sales\ntitle: {words['pipeline']}\nrecord: deal\nstages:\n"
        Path("pipelines/sales.yaml").write_text(head + "".join([*stages, *ends]), "utf-8")
        assert crm("init", "-q").code == 0
        _write_deals(Path("deals.csv"), words)
        ran = crm("import", "deals", "deals.csv", "-q")
        assert ran.code == 0, ran.err
        return tmp_path

    return make


def _framed(page: Path, width: int, height: int) -> Path:
    """Put a page into a frame as narrow as a window cannot be."""
    frame = page.with_name(f"framed-{page.name}")
    within = f'style="border:0;display:block;width:{width}px;height:{height}px"'
    frame.write_text(
        "<!DOCTYPE html><html><style>:root { color-scheme: light dark } body { margin: 0 }</style>"
        f'<body><iframe {within} srcdoc="{escape(page.read_text("utf-8"))}"></iframe></body></html>',
        "utf-8",
    )
    return frame


def _write_deals(path: Path, words: dict) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["title", "stage", "amount", "currency", "source", "lost_reason", "created_at", "closed_at"]
        )
        for at in range(240):
            stage = ("s0", "s0", "s0", "s1", "s1", "s2", "s3", "won", "won", "lost")[at % 10]
            closed = f"2026-11-{1 + at % 19:02}" if stage in ("won", "lost") else ""
            rows.writerow(
                [
                    f"{words['source']} {at}",
                    stage,
                    f"{1000 + at * 977 % 90000}.50",
                    "EUR" if at % 7 == 0 else "UAH",
                    f"{words['source']} {at * 7 % 30 + 1}",
                    words["reason"][at % 20 // 10] if stage == "lost" else "",
                    f"2026-10-{1 + at % 30:02}",
                    closed,
                ]
            )

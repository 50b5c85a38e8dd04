"""The demo: the files it makes, and the folder it may make anew."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo"
UNTIL = "2026-11-20"


def make(what: str, folder: Path, *arguments: str) -> Path:
    file = folder / f"{what}.csv"
    script = DEMO / f"make_{what}.py"
    command = [sys.executable, "-B", str(script), str(file), "--until", UNTIL, *arguments]
    subprocess.run(command, check=True, timeout=60)
    return file


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


@pytest.fixture(scope="module")
def leads(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    return rows(make("leads", tmp_path_factory.mktemp("leads"), "--rows", "800"))


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    return rows(make("deals", tmp_path_factory.mktemp("deals"), "--rows", "800"))


def is_bad(row: dict[str, str]) -> bool:
    wrong = {"Источник": "ТикТок", "Сумма": "1.234", "Дата создания": "03/04/2026", "Телефон": "123"}
    return any(row[column] == value for column, value in wrong.items())


@pytest.mark.parametrize("what", ["leads", "deals"])
def test_the_same_arguments_make_the_same_file(what: str, tmp_path: Path) -> None:
    first = make(what, tmp_path, "--rows", "50").read_bytes()
    assert make(what, tmp_path, "--rows", "50").read_bytes() == first


@pytest.mark.parametrize("what", ["leads", "deals"])
def test_another_seed_makes_another_file(what: str, tmp_path: Path) -> None:
    first = make(what, tmp_path, "--rows", "50").read_bytes()
    assert make(what, tmp_path, "--rows", "50", "--seed", "1").read_bytes() != first


def test_the_files_have_as_many_rows_as_asked_for(
    leads: list[dict[str, str]], deals: list[dict[str, str]]
) -> None:
    assert (len(leads), len(deals)) == (800, 800)


def test_one_lead_in_a_hundred_is_bad(leads: list[dict[str, str]]) -> None:
    assert sum(map(is_bad, leads)) == 8


def test_no_two_leads_have_one_phone(leads: list[dict[str, str]]) -> None:
    phones = Counter("".join(filter(str.isdigit, row["Телефон"]))[-9:] for row in leads if not is_bad(row))
    assert max(phones.values()) == 1


def test_some_leads_have_comments_of_two_lines(leads: list[dict[str, str]]) -> None:
    assert any("\n" in row["Комментарий"] for row in leads)


def test_rejected_leads_name_their_reason_and_others_have_none(leads: list[dict[str, str]]) -> None:
    assert all(bool(row["Причина брака"]) == (row["Стадия"] == "Некачественный лид") for row in leads)


def test_nothing_begins_on_the_day_the_file_is_for_or_later(
    leads: list[dict[str, str]], deals: list[dict[str, str]]
) -> None:
    begun = [row["Дата создания"] for row in [*leads, *deals] if "/" not in row["Дата создания"]]
    assert max(begun) < UNTIL


def test_closed_deals_end_after_they_began_and_others_do_not_end(deals: list[dict[str, str]]) -> None:
    closed = [row for row in deals if row["Стадия сделки"] in ("Завершить сделку", "Сделка провалена")]
    assert all(row["Дата создания"] < row["Дата закрытия"] for row in closed)
    assert sum(bool(row["Дата закрытия"]) for row in deals) == len(closed)


def test_three_deals_lack_the_waybill_that_their_stage_requires(deals: list[dict[str, str]]) -> None:
    sent = [row for row in deals if row["Стадия сделки"] == "Передан на отправку"]
    assert sum(not row["ТТН"] for row in sent) == 3


def test_a_folder_that_the_demo_did_not_make_is_left_alone(
    tmp_path: Path, crmctl_on_path: dict[str, str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ended = subprocess.run(
        ["sh", str(DEMO / "run.sh"), str(tmp_path)],
        env=crmctl_on_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "was not made by this demo" in ended.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]

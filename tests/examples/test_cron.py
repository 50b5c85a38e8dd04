"""The nightly import."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "cron" / "nightly-import.sh"
HEADER = "Название лида,Телефон\n"


@pytest.fixture
def inbox(run: Callable, tmp_path: Path) -> Path:
    run("crmctl", "init", ".", "--template", "trade")
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_a_good_file_is_imported_and_moved_away_without_mail(run: Callable, inbox: Path) -> None:
    (inbox / "leads-site.csv").write_text(f"{HEADER}Чай,(050) 000-10-01\n", encoding="utf-8")
    ended = run(SCRIPT, ".")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list(inbox.iterdir()) == []
    assert len(list((inbox.parent / "done").iterdir())) == 1
    assert "inbox/leads-site.csv exit=0 R-1: 1 row: 1 created" in (inbox.parent / "import.log").read_text()


def test_rejected_rows_are_kept_and_told_of(run: Callable, inbox: Path) -> None:
    (inbox / "leads.csv").write_text(f"{HEADER}Чай,(050) 000-10-01\nКофе,12\n", encoding="utf-8")
    ended = run(SCRIPT, ".")
    [rejects] = (inbox.parent / "rejects").iterdir()
    assert ended.returncode == 0
    assert f"mend rejects/{rejects.name}" in ended.stderr
    assert '"Кофе"' in rejects.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_imported_stays_and_is_told_of(run: Callable, inbox: Path) -> None:
    (inbox / "leads.csv").write_text("qwerty\n1\n", encoding="utf-8")
    ended = run(SCRIPT, ".")
    assert ended.returncode == 2
    assert "inbox/leads.csv was not imported (exit 2)" in ended.stderr
    assert [file.name for file in inbox.iterdir()] == ["leads.csv"]


def test_a_file_stays_for_the_next_night_while_somebody_holds_the_lock(
    run: Callable, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "leads.csv").write_text(f"{HEADER}Чай,(050) 000-10-01\n", encoding="utf-8")
    impatient = tmp_path / "impatient.sh"
    impatient.write_text(SCRIPT.read_text(encoding="utf-8").replace("--lock-timeout 600", "--lock-timeout 0"))
    with (tmp_path / "crm.json.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = run("sh", impatient, ".")
    assert (ended.returncode, ended.stderr) == (5, "")
    assert [file.name for file in inbox.iterdir()] == ["leads.csv"]


def test_the_mailbox_is_taken_in_again_and_again(run: Callable, inbox: Path) -> None:
    lines = (SCRIPT.parent / "crontab").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if " inbox " in line)
    command = line.removeprefix("*/10 * * * *  ").replace("/srv/sales", ".").replace("/var/mail/sales", "box")
    (inbox.parent / "rejects").mkdir()
    letter = "From x\nFrom: a@example.com\nMessage-ID: <{}>\n\ntext\n\n"
    for count in (1, 2):
        with (inbox.parent / "box").open("a", encoding="utf-8") as box:
            box.write(letter.format(count))
        ended = run("sh", "-c", command)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert '"message_count": 2' in run("crmctl", "show", "L-1", "-o", "json").stdout

"""The nightly import."""

import email
import email.policy
import fcntl
import shutil
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


def test_rejected_rows_are_sent_as_a_file_that_imports_once_mended(
    run: Callable, inbox: Path, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    sendmail = tmp_path / "bin" / "sendmail"
    sendmail.write_text(f'#!/bin/sh\n[ "$1" = -t ] && cat >{tmp_path}/letter\n')
    sendmail.chmod(0o755)
    (inbox / "leads.csv").write_text(f"{HEADER}Чай,(050) 000-10-01\nКофе,12\n", encoding="utf-8")
    ended = run("sh", "-c", f'PATH="{tmp_path}/bin:$PATH" REJECTS_TO=anna@example.com "$0" .', SCRIPT)
    letter = email.message_from_bytes((tmp_path / "letter").read_bytes(), policy=email.policy.default)
    told, attached = letter.iter_parts()
    assert (ended.returncode, letter["To"]) == (0, "anna@example.com")
    assert "1 created, 1 rejected" in told.get_content()
    mended = attached.get_content().replace('"12"', '"(050) 000-10-02"')
    (inbox / "leads-mended.csv").write_text(mended, encoding="utf-8")
    assert run(SCRIPT, ".").stderr == ""
    assert "R-2: 1 row: 1 created" in (tmp_path / "import.log").read_text()


def test_rejected_rows_that_cannot_be_sent_are_kept_and_told_of(run: Callable, inbox: Path) -> None:
    (inbox / "leads.csv").write_text(f"{HEADER}Кофе,12\n", encoding="utf-8")
    nothing = "sendmail() { return 1; }; "
    script = SCRIPT.read_text(encoding="utf-8").replace("set -u\n", f"set -u\n{nothing}\n", 1)
    ended = run("env", "REJECTS_TO=anna@example.com", "sh", "-c", script, "nightly", ".")
    [rejects] = (inbox.parent / "rejects").iterdir()
    assert (ended.returncode, f"rejects/{rejects.name} could not be sent" in ended.stderr) == (0, True)


def test_what_is_still_being_written_is_left_alone(run: Callable, inbox: Path) -> None:
    (inbox / "leads.csv.part").write_text("Назва", encoding="utf-8")
    ended = run(SCRIPT, ".")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [file.name for file in inbox.iterdir()] == ["leads.csv.part"]


def test_json_lines_are_imported_like_csv(run: Callable, inbox: Path) -> None:
    (inbox / "leads-form.jsonl").write_text(
        '{"title": "Чай", "phone": "(050) 000-10-01"}\n', encoding="utf-8"
    )
    assert run(SCRIPT, ".").stderr == ""
    assert "inbox/leads-form.jsonl exit=0 R-1" in (inbox.parent / "import.log").read_text()


def test_systemd_accepts_the_units(run: Callable, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    (tmp_path / "plain.service").write_text("[Service]\nExecStart=/bin/true\n")
    if run("systemd-analyze", "verify", tmp_path / "plain.service").returncode:
        pytest.skip("systemd-analyze does not work here")
    for unit in SCRIPT.parent.glob("crmctl-import.*"):
        text = unit.read_text(encoding="utf-8").replace("/srv/sales/nightly-import.sh", str(SCRIPT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    ended = run("systemd-analyze", "verify", *sorted(tmp_path.glob("crmctl-import.*")))
    assert (ended.returncode, ended.stderr) == (0, "")


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

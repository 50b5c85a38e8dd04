"""What a person at a real terminal is asked and shown."""

import sys
import tempfile
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parent.parent.parent


def end(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def test_a_gate_asks_for_the_missing_fields_one_by_one(terminal, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=1000", "-s", "visit_date=today")
    child = terminal("move", "D-1", "shipping")
    child.expect("cash")
    child.expect("payment_details")
    child.sendline("бартер")
    child.expect("unknown")
    child.sendline("card")
    child.expect("20450123456789")
    child.expect("waybill")
    child.sendline("20450123456789")
    child.expect("new -> shipping")
    assert end(child) == 0


def test_the_end_of_a_task_asks_for_the_result_then_for_what_that_wants(terminal, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    crm("create", "task", "--template", "call", "--for", "D-1")
    child = terminal("complete", "T-1")
    child.expect("call_back  Перезвонить")
    child.expect("result")
    child.sendline("offer_sent")
    child.expect("unknown result")
    child.sendline("Перезвонить")
    child.expect("due")
    child.sendline("+2d")
    child.expect("T-2")
    assert end(child) == 0


def test_no_input_refuses_instead_of_asking(terminal, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    child = terminal("move", "D-1", "shipping", "--no-input")
    child.expect("hint: crmctl move D-1 shipping")
    assert end(child) == 1


def test_a_conversion_asks_for_the_pipeline(terminal, crm) -> None:
    crm("create", "lead", "Ирина")
    child = terminal("convert", "L-1", "--to", "deal")
    child.expect("Опт")
    child.expect("pipeline")
    child.sendline("wholesale")
    child.expect("D-1")
    assert end(child) == 0


def test_the_pipeline_may_be_named_by_its_title_in_any_case(terminal, crm) -> None:
    crm("create", "lead", "Ирина")
    child = terminal("convert", "L-1", "--to", "deal")
    child.expect("pipeline")
    child.sendline("бартер")
    child.expect("unknown pipeline")
    child.sendline("опт")
    child.expect("D-1")
    assert end(child) == 0


def test_a_question_names_the_record_whose_field_it_asks_for(terminal, crm) -> None:
    crm("create", "lead", "Ирина", "-s", "last_name=Ким")
    child = terminal("convert", "L-1", "--to", "contact,deal", "--pipeline", "retail")
    child.expect(r"contact\.contact_type \(Contact type\):")
    child.sendline("client")
    child.expect("C-1")
    assert end(child) == 0


def test_a_no_to_the_question_deletes_nothing(terminal, crm) -> None:
    crm("create", "lead", "Ирина")
    child = terminal("delete", "L-1")
    child.expect("delete 1 record")
    child.sendline("n")
    child.expect("nothing was changed")
    assert end(child) == 1
    assert crm("show", "L-1").code == 0


def test_control_c_at_a_question_writes_nothing(terminal, crm) -> None:
    child = terminal("create", "contact", "Анна")
    child.expect("contact_type")
    child.sendintr()
    child.expect("nothing written")
    assert end(child) == 130
    assert crm("list", "contacts", "--count").out == "0\n"


def test_a_table_is_as_wide_as_the_terminal(terminal, crm) -> None:
    crm("create", "lead", "Очень длинное название лида, которое не помещается в строку " * 3)
    child = terminal("list", "leads")
    child.expect(pexpect.EOF)
    lines = child.before.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "…" in child.before


def test_edit_opens_the_editor_and_checks_what_is_saved(terminal, crm, workspace: Path, monkeypatch) -> None:
    crm("create", "lead", "Ирина", "-s", "source=website")
    editor = workspace / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/source: website/source: call/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    child = terminal("edit", "L-1")
    child.expect("source = Звонок")
    assert end(child) == 0


def test_what_was_edited_is_kept_where_the_answer_is_no(terminal, crm, workspace: Path, monkeypatch) -> None:
    crm("create", "lead", "Ирина", "-s", "source=website")
    editor = workspace / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/source: website/source: nowhere/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    child = terminal("edit", "L-1")
    child.expect("edit again")
    child.sendline("n")
    child.expect("nothing was changed")
    child.expect("what you wrote is in")
    assert end(child) == 1
    (kept,) = (workspace / ".crmctl").glob("edit-L-1-*.yaml")
    assert "source: nowhere" in kept.read_text("utf-8")


def test_an_editor_that_has_no_room_or_saves_no_text_is_told(crm, workspace: Path, monkeypatch) -> None:
    crm("create", "lead", "Ирина")
    before = (workspace / "crm.json").read_bytes()
    editor = workspace / "editor.sh"
    editor.write_text("#!/bin/sh\nprintf '\\377' > \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    ran = crm("edit", "L-1")
    assert (ran.code, "what was saved is not UTF-8" in ran.err) == (2, True)

    monkeypatch.setattr(tempfile, "tempdir", "/proc")  # where nobody can make a file
    ran = crm("edit", "L-1")
    assert (ran.code, "cannot edit, so nothing was changed: " in ran.err) == (6, True)
    assert (workspace / "crm.json").read_bytes() == before


def test_a_record_changed_meanwhile_costs_no_edited_text(crm, workspace: Path, monkeypatch) -> None:
    crm("create", "lead", "Ирина", "-s", "source=website")
    editor = workspace / "editor.sh"
    other = f"cd {workspace} && PYTHONPATH={ROOT} {sys.executable} -m crmctl update L-1 -s title=Анна -q"
    editor.write_text(f"#!/bin/sh\nsed -i 's/source: website/source: call/' \"$1\"\n{other}\n")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    ran = crm("edit", "L-1")
    assert (ran.code, "was changed by" in ran.err, "what you wrote is in" in ran.err) == (1, True, True)
    (kept,) = (workspace / ".crmctl").glob("edit-L-1-*.yaml")
    assert "source: call" in kept.read_text("utf-8")


def test_output_taller_than_the_screen_goes_through_the_pager(terminal, crm, monkeypatch) -> None:
    import json

    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"Лид {n}"} for n in range(60)]))
    monkeypatch.setenv("PAGER", "sed s/^/paged:/")
    assert "paged:" in read_all(terminal("list", "leads"))
    assert "paged:" not in read_all(terminal("list", "leads", "--limit", "3"))


def test_an_interrupt_in_the_pager_is_the_pagers_to_deal_with(terminal, crm, monkeypatch) -> None:
    import json

    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"Лид {n}"} for n in range(60)]))
    monkeypatch.setenv("PAGER", "sh -c 'trap \"\" INT; cat >/dev/null; echo paged; read answer </dev/tty'")
    child = terminal("list", "leads")
    child.expect("paged")
    child.sendintr()
    child.sendline("")
    assert end(child) == 0


@pytest.mark.parametrize(("answer", "left"), [("да", 0), ("Y", 0), ("нет", 1), ("", 1)])
def test_a_question_is_answered_in_either_language(terminal, crm, answer: str, left: int) -> None:
    crm("create", "lead", "Ирина")
    child = terminal("delete", "L-1")
    child.expect("y/N")
    child.sendline("может быть")
    child.expect("answer y or n")
    child.sendline(answer)
    assert end(child) == left
    assert crm("list", "leads", "--count").out == f"{left}\n"


@pytest.mark.parametrize("argv", [(), ("--help",), ("db", "--help"), ("move", "-h"), ("help", "move")])
def test_help_taller_than_the_screen_goes_through_the_pager(
    terminal, monkeypatch, argv: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PAGER", "sed s/^/paged:/")
    child = terminal(*argv)
    assert "paged:Usage: crmctl" in read_all(child)
    assert end(child) == 0


def test_long_imports_show_how_far_they_have_come(terminal, crm, workspace: Path) -> None:
    (workspace / "leads.csv").write_text("title\n" + "".join(f"Лид {n}\n" for n in range(3000)), "utf-8")
    shown = read_all(terminal("import", "leads", "leads.csv"))
    assert "importing [" in shown
    assert "R-1: 3,000 rows: 3,000 created" in shown


def read_all(child: pexpect.spawn) -> str:
    child.expect(pexpect.EOF)
    return child.before


def test_what_could_drive_the_terminal_is_escaped_in_files_formats_too(terminal, crm) -> None:
    crm("create", "lead", "Ирина\x1b[31m\x9b0m")
    for name in ("csv", "tsv"):
        shown = read_all(terminal("list", "leads", "-o", name))
        assert "^[[31m" in shown
        assert "\x1b" not in shown
        assert "\x9b" not in shown
    assert "\x1b[31m\x9b" in crm("list", "leads", "-o", "csv").out


def test_an_edited_record_has_its_pipeline_not_among_what_is_empty(crm, workspace: Path, monkeypatch) -> None:
    crm("create", "lead", "Ирина")
    editor = workspace / "editor.sh"
    editor.write_text(f'#!/bin/sh\ncp "$1" {workspace}/seen.yaml\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    crm("edit", "L-1")
    seen = (workspace / "seen.yaml").read_text("utf-8")
    assert "# owner: " in seen
    assert "# pipeline: " not in seen


def test_apply_shows_the_plan_and_asks(terminal, workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    path = workspace / "pipelines" / "wholesale.yaml"
    path.write_text(
        path.read_text("utf-8").replace("stage: new,", "stage: fresh, moved_from: [new],"), "utf-8"
    )
    child = terminal("apply")
    child.expect("1 record goes to wholesale/fresh: D-1")
    child.expect("migrate 1 record")
    child.sendline("n")
    child.expect("nothing was changed")
    assert end(child) == 1
    child = terminal("apply")
    child.expect("migrate 1 record")
    child.sendline("да")
    child.expect("R-1: 1 record migrated")
    assert end(child) == 0


def test_ids_of_templates_are_shown_whole_at_a_terminal(terminal) -> None:
    child = terminal("tasks", "templates")
    child.expect("track_parcel  ")
    child.expect("crmctl tasks graph")
    assert end(child) == 0

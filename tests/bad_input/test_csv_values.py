"""C: what stands in the cells, and files that are long or do not keep still."""

import fcntl
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# What a spreadsheet was seen to run: a sign, a quoted sign, signs in disguise.
RISKY = [f"{sign}cmd|' /C calc'!A0" for sign in SIGNS]
HARMLESS = ["-1500,50", "+380501234567", "+38 (050) 123-45-67", "-5", "+1.5e3", "'quoted'", "a=b"]
QUOTED = ["'=1+1", "''=1+1", "'-5", "'+380501234567"]


def in_file(name: str) -> str:
    return Path(name).read_bytes().decode()


@pytest.mark.parametrize("text", RISKY)
def test_c01_a_cell_that_could_run_is_guarded_unless_it_is_asked_raw(workspace, crm, text: str) -> None:
    crm("create", "lead", "A", "-s", f"comment={text}")
    quoted = '"' if "\r" in text else ""
    assert crm("export", "leads", "safe.csv", "--fields", "comment").code == 0
    assert in_file("safe.csv") == f"comment\n{quoted}'{text}{quoted}\n"
    assert crm("export", "leads", "raw.csv", "--fields", "comment", "--no-escape-formulas").code == 0
    assert in_file("raw.csv") == f"comment\n{quoted}{text}{quoted}\n"


@pytest.mark.parametrize("text", HARMLESS)
def test_c01_numbers_and_phones_are_not_guarded(workspace, crm, text: str) -> None:
    crm("create", "lead", "A", "-s", f"comment={text}")
    assert text in crm("export", "leads", "-", "--fields", "comment").out
    assert f"'{text}" not in crm("export", "leads", "-", "--fields", "comment").out


@pytest.mark.parametrize("text", QUOTED)
def test_c01_a_cell_that_looks_guarded_gets_one_sign_more_and_loses_it_again(
    workspace, crm, text: str
) -> None:
    crm("create", "lead", "A", "-s", f"comment={text}")
    assert crm("export", "leads", "out.csv", "--fields", "comment").code == 0
    assert in_file("out.csv") == f"comment\n'{text}\n"


def test_c01_what_is_printed_as_csv_and_what_is_rejected_is_guarded_too(put, crm) -> None:
    crm("create", "lead", "=1+1")
    assert crm("list", "leads", "-o", "csv", "--fields", "title").out == "title\n'=1+1\n"
    name = put("leads.csv", "title,email\n=2+2,nobody\n")
    crm("import", "leads", name, "--rejects", "bad.csv")
    assert '"\'=2+2"' in in_file("bad.csv")


STRINGS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
BESIDE_SIGNS = st.builds(str.__add__, st.sampled_from([*SIGNS, "'", "'=", '"', ";", ","]), STRINGS)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STRINGS | BESIDE_SIGNS, min_size=20, max_size=60), st.booleans())
def test_c02_export_and_import_give_back_every_string(workspace, crm, texts: list[str], guard: bool) -> None:
    made = [{"title": f"lead {number}", "comment": text} for number, text in enumerate(texts)]
    assert crm("create", "lead", "--from", "-", stdin=json.dumps(made)).code == 0
    kept = json.loads(crm("list", "leads", "-o", "json").out)
    how = () if guard else ("--no-escape-formulas",)
    for target in ("out.csv", "out.tsv"):
        assert crm("export", "leads", target, *how).code == 0
        ran = crm("import", "leads", target, "-o", "json", "--on-duplicate", "update")
        assert json.loads(ran.out)["unchanged"] == len(kept)
        Path("empty").mkdir(exist_ok=True)
        Path("empty/crm.json").unlink(missing_ok=True)
        assert crm("init", "empty", "-q", "--template", "trade").code == 0
        assert crm("-C", "empty", "import", "leads", target, "-q").code == 0
        assert json.loads(crm("-C", "empty", "list", "leads", "-o", "json").out) == kept
    crm("delete", *(lead["id"] for lead in kept), "--yes")


@pytest.mark.parametrize("guard", [(), ("--no-escape-formulas",)])
def test_c02_phones_and_negative_amounts_come_back_as_they_were(workspace, crm, records, guard) -> None:
    crm("create", "deal", "A", "-s", "amount=-1500,50", "--pipeline", "wholesale")
    crm("create", "lead", "B", "-s", "phone=+380501234567", "-s", "amount=-3")
    for kind in ("deals", "leads"):
        before = records(kind)
        assert crm("export", kind, "out.csv", *guard).code == 0
        crm("undo", "--yes")
        assert crm("import", kind, "out.csv").code == 0
        again = records(kind)
        assert [(r.get("amount"), r.get("phone")) for r in again] == [
            (r.get("amount"), r.get("phone")) for r in before
        ]


ONE_READING = {
    "1 000,50": "1000.50",
    "1\u00a0000,50": "1000.50",
    "1\u202f000.50": "1000.50",
    "1'000": "1000.00",
    "12,5": "12.50",
    "1,234.50": "1234.50",
    "-5": "-5.00",
    "1.234.567,89": "1234567.89",
}
NO_READING = ["nan", "inf", "Infinity", "-inf", "1_000", "1e5", "0x10", "1 00", "1,2,3", "ten", "١٢٣"]


@pytest.mark.parametrize(("typed", "kept"), ONE_READING.items())
def test_c18_an_amount_with_one_reading_is_taken(put, crm, records, typed: str, kept: str) -> None:
    assert crm("import", "leads", put("leads.csv", f'title,amount\nA,"{typed}"\n')).code == 0
    assert records()[0]["amount"] == kept


@pytest.mark.parametrize("typed", ["1.234", "1,234"])
def test_c18_an_amount_with_two_readings_is_rejected_until_the_mark_is_declared(
    put, refused, crm, records, typed: str
) -> None:
    name = put("leads.csv", f'title,amount\nA,"{typed}"\n')
    assert f'line 2: amount: "{typed}" can be read in two ways' in refused("import", "leads", name)
    other = "," if "." in typed else "."
    assert crm("import", "leads", name, "--decimal", other).code == 0
    assert records()[0]["amount"] == "1234.00"


@pytest.mark.parametrize("typed", NO_READING)
def test_c18_what_is_no_number_is_rejected(put, refused, typed: str) -> None:
    assert f'line 2: amount "{typed}"' in refused(
        "import", "leads", put("l.csv", f'title,amount\nA,"{typed}"\n')
    )


def test_c18_money_is_kept_as_decimal_text(put, crm) -> None:
    crm("import", "leads", put("leads.csv", "title,amount\nA,0.10\nB,99999999999999.99\n"))
    data = json.loads(Path("crm.json").read_text("utf-8"))
    assert [lead["amount"] for lead in data["leads"].values()] == ["0.10", "99999999999999.99"]


@pytest.mark.parametrize(
    "typed", ["9" * 5000, "9" * 60_000, "1e999999999", "0." + "0" * 5000 + "1", "9" * 19]
)
@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_c19_a_bomb_of_digits_is_a_rejected_row(put, crm, records, refused, typed: str, suffix: str) -> None:
    rows = {
        "csv": f"title,amount\nA,{typed}\nB,5\n",
        "json": f'[{{"title":"A","amount":{typed}}},\n{{"title":"B","amount":5}}]',
    }
    name = put(f"leads.{suffix}", rows[suffix])
    line = 2 if suffix == "csv" else 1
    err = refused("import", "leads", name)
    assert f"line {line}: amount" in err
    assert len(err) < 1000
    assert crm("import", "leads", name, "--partial").code == 7
    assert [lead["title"] for lead in records()] == ["B"]


def test_c20_a_long_file_with_one_bad_row_is_one_commit_in_little_memory(
    put, process, unwritten, measured: str
) -> None:
    rows = 20_000
    lines = [f"Лид {n},+38050{n:07d},client{n}@example.com,{n}.50,Комментарий {n}\n" for n in range(rows)]
    lines[rows // 2] = "Лид,,nobody,1.5,\n"
    name = put("long.csv", "title,phone,email,amount,comment\n" + "".join(lines))
    with unwritten():
        whole = process("import", "leads", name, script=measured)
        assert (whole.code, f"line {rows // 2 + 2}: email" in whole.err) == (1, True)
    ran = process("import", "leads", name, "--partial", "--rejects", "bad.csv", script=measured)
    assert ran.code == 7
    assert f"R-1: 20,000 rows: {rows - 1:,} created, 1 rejected -> bad.csv" in ran.err
    # A fifth of the rows for which 300 MB are allowed; the interpreter itself is in it.
    assert int(ran.out) <= 120
    assert in_file("bad.csv").count("\n") == 2
    assert json.loads(Path("crm.json").read_text("utf-8"))["meta"]["1"]["generation"] == 1


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def grown(path: Path) -> None:
    with path.open("a") as file:
        file.write("Ещё один\n")


def same_size_and_time(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("Ирина", "Арина"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    path.with_suffix(".new").write_text("title\nДругая\n", "utf-8")
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("change", [truncated, grown, same_size_and_time, replaced, Path.unlink])
def test_c21_a_file_that_changes_while_it_is_read_changes_nothing(
    workspace: Path, put, started, unwritten, change
) -> None:
    path = workspace / put("leads.csv", "title\nИрина\nОлег\n")
    before = (workspace / "crm.json").read_bytes()
    with (workspace / "crm.json.lock").open("r+") as lock:
        # The import reads before it waits for the lock, and looks again when it has it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        importing = started("import", "leads", "leads.csv", "--partial")
        assert "waiting for" in importing.stderr.readline()
        change(path)
        fcntl.flock(lock, fcntl.LOCK_UN)
    _, err = importing.communicate(timeout=30)
    assert importing.returncode == 1
    assert "error: leads.csv changed while it was read: nothing was written" in err
    assert (workspace / "crm.json").read_bytes() == before

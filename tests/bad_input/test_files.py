"""F01 to F07: who can read the files, links and traps beside them, and a data file that is not what was written."""

import ctypes
import os
import re
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24


BUG = """
import sys
import crmctl.cli.listing as listing
from crmctl.cli.main import main
def broken(*_, **__):
    raise RuntimeError("Secret Name")
listing.list_records = broken
sys.argv = ["crmctl", "list", "leads", "--where", "title = 'Secret Name'"]
main()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _generous_umask() -> Iterator[None]:
    """Let new files be readable by everybody, as far as crmctl does not see to it."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_f01_what_holds_records_is_for_its_owner_alone(workspace: Path, put, crm, process) -> None:
    (workspace / "crm.json").unlink()
    crm("init", "-q")
    crm("create", "lead", "A")
    for target in ("a.csv", "a.tsv", "a.json", "a.jsonl"):
        crm("export", "leads", target)
    put("leads.csv", "title,email\nA,nobody\n")
    crm("import", "leads", "leads.csv", "--rejects", "bad.csv")
    crm("db", "backup", "copy.json")
    assert process(script=BUG).code == 70
    private = [path for path in workspace.rglob("*.json") if "schemas" not in path.parts]
    private += [*workspace.glob("a.*"), workspace / "bad.csv", workspace / "crm.json.lock"]
    private += [*(workspace / ".crmctl/backups").iterdir(), *(workspace / ".crmctl").glob("crash-*.txt")]
    assert len(private) >= 11
    assert {str(path): oct(mode(path)) for path in private if mode(path) != 0o600} == {}


def test_f01_a_mode_that_was_chosen_is_kept_and_told(workspace: Path, crm) -> None:
    (workspace / "crm.json").chmod(0o664)
    crm("create", "lead", "A")
    assert mode(workspace / "crm.json") == 0o664
    assert crm("export", "leads", "a.csv").code == 0
    Path("a.csv").chmod(0o644)
    assert crm("export", "leads", "a.csv").code == 0
    assert mode(Path("a.csv")) == 0o644
    assert "warning: " in crm("db", "check").err
    assert "crm.json can be read by others" in crm("db", "check").err


PLANTED = """
import os, sys
from crmctl.cli.main import main
os.urandom = lambda size: bytes(size)
sys.argv[0] = "crmctl"
main()
"""


@pytest.mark.parametrize(
    ("planted", "argv"),
    [
        (".crm.json.0000000000000000.tmp", ("create", "lead", "A")),
        (".crmctl-0000000000000000.tmp", ("export", "leads", "a.csv")),
        ("crm.json.lock", ("create", "lead", "A")),
    ],
)
def test_f02_a_link_in_the_way_leads_nothing_astray(
    workspace: Path, process, tmp_path_factory, planted: str, argv: tuple[str, ...]
) -> None:
    """Even where the random name of a temporary file is known, a link of that name is not followed."""
    victim = tmp_path_factory.mktemp("other") / "victim"
    victim.write_text("precious")
    (workspace / planted).unlink(missing_ok=True)
    (workspace / planted).symlink_to(victim)
    ran = process(*argv, script=PLANTED)
    # What looks like the leavings of a killed writer is removed under the lock: the link, not its target.
    assert ran.code == (0 if planted.startswith(".crm.json") else 6), ran.err
    assert "Traceback" not in ran.err
    assert victim.read_text() == "precious"
    (workspace / planted).unlink(missing_ok=True)
    (workspace / planted).symlink_to(victim.with_name("new"))
    process(*argv, script=PLANTED)
    assert not victim.with_name("new").exists()


def test_f02_a_folder_that_everybody_can_write_to_is_told(workspace: Path, crm) -> None:
    workspace.chmod(0o777)
    assert f"everybody may write to {workspace}" in crm("db", "check").err


def test_f03_a_data_file_that_is_a_link_stays_one(workspace: Path, crm) -> None:
    link, real = workspace / "crm.json", workspace / "real" / "data.json"
    real.parent.mkdir()
    link.rename(real)
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 12345, 12345)
    link.symlink_to(real)
    before = real.stat()
    assert crm("create", "lead", "A").code == 0
    after = real.stat()
    assert link.is_symlink()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert "A" in real.read_text("utf-8")
    assert [path.name for path in real.parent.iterdir() if path.suffix == ".tmp"] == []


NO_DATABASE = {
    "": "it is empty",
    "  \n ": "bytes are blank",
    "null": "it holds null instead of tables",
    "[]": "it holds [] instead of tables",
    '{"leads": {': "it is cut off in line 1",
    '{"leads": []}': 'its table "leads" is no table',
    '{"_default": {}}': "does not begin as crmctl writes it",
    "no json": "line 1 is not JSON",
}


@pytest.mark.parametrize(("content", "told"), NO_DATABASE.items())
def test_f04_a_broken_data_file_is_told_with_the_backup_to_restore(
    workspace: Path, crm, refused, records, content: str, told: str
) -> None:
    crm("create", "lead", "A")
    crm("create", "lead", "B")
    (workspace / "crm.json").write_text(content)
    for argv in (("list", "leads"), ("create", "lead", "C"), ("export", "leads", "a.csv"), ("db", "check")):
        err = refused(*argv, code=6)
        assert f"{workspace}/crm.json is damaged: " in err
        assert told in err
        assert "newest good backup: " in err
    command = re.search(r"^hint: crmctl (db restore \S+)$", err, re.MULTILINE)
    assert command
    assert crm(*command[1].split(), "--yes").code == 0
    assert [lead["title"] for lead in records()] == ["A"]


def test_f04_a_data_file_that_was_cut_is_told(workspace: Path, crm, refused) -> None:
    crm("create", "lead", "A")
    file = workspace / "crm.json"
    whole = file.read_bytes()
    for length in range(0, len(whole), 97):
        file.write_bytes(whole[:length])
        assert "crm.json is damaged" in refused("list", "leads", code=6)


@pytest.mark.parametrize(
    "argv", [("list", "leads"), ("create", "lead", "A"), ("db", "check"), ("db", "restore")]
)
def test_f05_a_mistyped_database_is_never_made(workspace: Path, refused, argv: tuple[str, ...]) -> None:
    err = refused("--db", "crn.json", *argv, "--yes" if "restore" in argv else "-q", code=4)
    assert "crn.json" in err
    refused("--db", "nowhere/crm.json", *argv, "--yes" if "restore" in argv else "-q", code=4)


def test_f06_a_change_that_is_still_json_is_noticed_and_can_be_accepted(
    workspace: Path, crm, refused, records
) -> None:
    crm("create", "lead", "Daisy")
    file = workspace / "crm.json"
    file.write_text(file.read_text("utf-8").replace("Daisy", "Maisy"), "utf-8")
    for argv in (("list", "leads"), ("create", "lead", "B"), ("db", "check")):
        err = refused(*argv, code=6)
        assert "its content does not match its checksum" in err
        assert "crmctl db check --accept" in err
    assert crm("db", "check", "--accept").code == 0
    assert records()[0]["title"] == "Maisy"


def test_f06_half_an_old_file_over_a_new_one_is_noticed(workspace: Path, crm, refused) -> None:
    crm("create", "lead", "Daisy")
    file = workspace / "crm.json"
    old = file.read_bytes()
    crm("update", "L-1", "-s", "title=Maisy")
    new = file.read_bytes()
    file.write_bytes(new[: len(new) // 2] + old[len(new) // 2 :])
    assert "crm.json is damaged" in refused("list", "leads", code=6)


def without_privileges() -> None:
    """Take from root what lets it pass over the mode of files."""
    if os.geteuid() == 0:
        system = ctypes.CDLL(None)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            system.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def small_files() -> None:
    """Let no file grow beyond a few bytes, as on a full disk or under a quota."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))


@pytest.fixture
def protected(workspace: Path, put, crm, process) -> Iterator[None]:
    """A workspace with a backup, to be written to again at the end."""
    crm("create", "lead", "before")
    (workspace / put("probe", "")).chmod(0)
    if process(script="open('probe')", preexec_fn=without_privileges).code == 0:
        pytest.skip("root cannot give up its privileges here")
    yield
    for path in (workspace, workspace / "crm.json", workspace / ".crmctl/backups"):
        path.chmod(0o700)


@pytest.mark.parametrize(
    ("place", "bits"), [(".", 0o555), ("crm.json", 0o444), (".crmctl/backups", 0o555), ("crm.json", 0o000)]
)
def test_f07_what_may_not_be_written_is_left_alone(
    workspace: Path, process, protected, place: str, bits: int
) -> None:
    before = (workspace / "crm.json").read_bytes()
    (workspace / place).chmod(bits)
    ran = process("create", "lead", "A", preexec_fn=without_privileges)
    assert ran.code == 6, ran.err
    assert re.search(r"^error: cannot \w+ .*(permission denied|read-only)", ran.err)
    reading = process("list", "leads", "--count", preexec_fn=without_privileges)
    assert reading.code == (6 if bits == 0 else 0)
    (workspace / place).chmod(0o700)
    assert (workspace / "crm.json").read_bytes() == before
    assert list(workspace.glob(".*.tmp")) == []


def test_f07_a_full_disk_leaves_the_old_state_and_nothing_beside_it(
    workspace: Path, process, unwritten, put, crm
) -> None:
    crm("create", "lead", "A", "-s", f"comment={'x' * 1000}")
    put("leads.csv", "title\n" + "A\n" * 100)
    for argv in (("create", "lead", "A"), ("import", "leads", "leads.csv"), ("export", "leads", "a.csv")):
        with unwritten():
            ran = process(*argv, preexec_fn=small_files)
        assert (ran.code, "file too large" in ran.err.lower()) == (6, True)
        assert "Traceback" not in ran.err


EXHAUSTED = """
import os, sys
from crmctl.cli.main import main
from crmctl.storage.files import Files
real = Files.open_new
def last(self, path):
    import resource
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
    return real(self, path)
Files.open_new = last
sys.argv[0] = "crmctl"
main()
"""


def test_f07_too_many_open_files_leave_the_old_state(workspace: Path, process, unwritten) -> None:
    with unwritten():
        ran = process("create", "lead", "A", script=EXHAUSTED)
    assert (ran.code, "too many open files" in ran.err) == (6, True)

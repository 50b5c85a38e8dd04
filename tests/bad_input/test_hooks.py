"""H: what a hook, or a program that is handed reminders, can do to crmctl and what records can do to it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

HOSTILE = "$(touch pwned); `touch pwned`\n| touch pwned & ' \" \x1b[2J --help"


@pytest.fixture
def hook(workspace: Path, process, environment, shell_script) -> Callable[[str, str], None]:
    environment["XDG_CONFIG_HOME"] = str(workspace / "conf")

    def write(name: str, script: str) -> None:
        shell_script(workspace / ".crmctl" / "hooks" / name, script)
        assert process("hooks", "trust", name).code == 0

    return write


@pytest.mark.parametrize("name", ["before-change", "after-change"])
def test_h01_values_never_meet_a_shell(workspace: Path, process, hook, environment, name: str) -> None:
    environment["SECRET_TOKEN"] = "x"
    hook(name, 'cat > "$OUT/line"; env > "$OUT/env"; echo "$#" > "$OUT/words"; pwd > "$OUT/where"')
    assert process("create", "lead", "A", "-s", f"comment={HOSTILE}").code == 0
    assert json.loads((workspace / "line").read_text("utf-8"))["after"]["comment"] == HOSTILE
    found = (workspace / "env").read_text("utf-8")
    assert "SECRET_TOKEN" not in found
    assert "touch" not in found
    assert ((workspace / "words").read_text(), (workspace / "where").read_text()) == ("0\n", "/\n")
    assert not list(workspace.glob("**/pwned"))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("kill -9 $$", "was ended by SIGKILL"),
        ("sleep 100", "did not end within 1 s"),
        ("trap '' TERM INT HUP; while :; do sleep 1; done", "did not end within 1 s"),
        ("exec 2>&-; sleep 100", "did not end within 1 s"),
        ("while :; do :; done <&- >&- 2>&-", "did not end within 1 s"),
        ("exit 255", "exit 255"),
    ],
)
def test_h02_a_hook_that_hangs_or_dies(
    workspace: Path, process, hook, unwritten, environment, script: str, told: str
) -> None:
    if "did not end" in told:
        environment["CRMCTL_HOOK_TIMEOUT"] = "1"
    hook("before-change", script)
    with unwritten():
        ran = process("create", "lead", "A")
    assert (ran.code, ran.out, told in ran.err) == (1, "", True)
    (workspace / ".crmctl" / "hooks" / "before-change").unlink()
    hook("after-change", script)
    ran = process("create", "lead", "A")
    assert (ran.code, ran.out, f"hook after-change failed: {told}" in ran.err) == (0, "L-1\n", True)


def test_h02_what_a_hook_prints_without_end_is_dropped(process, hook, environment, measured: str) -> None:
    environment["CRMCTL_HOOK_TIMEOUT"] = "3"
    hook("after-change", "yes line >&2")
    ran = process("create", "lead", "A")
    assert (ran.code, ran.err.count("line\n")) == (0, 20)
    hook("after-change", "head -c 300000000 /dev/zero >&2; yes | head -c 100000000; exit 1")
    ran = process("create", "lead", "B", script=measured)
    assert (ran.code, len(ran.err) < 600_000) == (0, True)
    assert int(ran.out.splitlines()[-1]) < 300


def test_h02_a_hook_that_reads_nothing_of_much(workspace: Path, process, hook, put) -> None:
    put("leads.csv", "title\n" + "".join(f"Лид {number}\n" for number in range(3000)))
    hook("before-change", "exit 0")
    hook("after-change", "exec <&-; exit 0")
    hook("after-import", "wc -l > $OUT/lines")
    assert process("import", "leads", "leads.csv").code == 0
    assert (workspace / "lines").read_text().strip() == "3000"

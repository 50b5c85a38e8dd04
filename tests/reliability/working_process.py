"""A process that works at the command line as fast as it can, and tells what it has been promised to find again.

    working_process.py COMMANDS SEED

Each command is told after it returned, a line each: what it did, the id and the title.
"""

import io
import random
import sys
from contextlib import redirect_stderr, redirect_stdout

from crmctl.cli.main import run

KINDS = ("lead", "contact", "company")


def call(*argv: str) -> str:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with redirect_stdout(out), redirect_stderr(err):
        code = run(argv)
    out.seek(0)
    err.seek(0)
    if code:
        sys.exit(f"{argv}: {code} {err.read()}")
    return out.read()


def main(commands: str, seed: str) -> None:
    chance = random.Random(seed)
    mine: list[str] = []
    for number in range(int(commands)):
        title = f"{seed}-{number}"
        op = chance.choice(["create", "create", "update", "delete"]) if mine else "create"
        record_id = chance.choice(mine) if mine else ""
        if op == "create":
            record_id = call("create", chance.choice(KINDS), title, "-q").strip()
            mine.append(record_id)
        elif op == "update":
            call("update", record_id, "-s", f"title={title}", "-q")
        else:
            call("delete", record_id, "--yes", "-q")
            mine.remove(record_id)
        print(op, record_id, title, flush=True)


main(*sys.argv[1:])

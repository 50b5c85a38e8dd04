"""A process that hands broken input to one of the program's readers, again and again.

    fuzzing_process.py READER INPUTS SEED < SAMPLES

Samples come as a JSON array of texts, a character a byte. In the folder it stands in is a workspace. What goes wrong
(a bug told as such, a traceback, more memory or time than anything needs) is told with the input, a line of JSON each.
"""

import io
import json
import random
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from crmctl.cli.main import run

MEMORY = 1 << 30
SECONDS = 60
EXPECTED = {0, 1, 2, 3, 4, 5, 6, 7}
ODD = [
    b"\0", b'"', b"''", b"\n", b"\r", b"\t", b";", b",", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\xd0", b"\x1b[2J",
    "\u202e".encode(), "ё".encode(), "İ".encode(), "٣".encode(), "😀".encode(), b"\xed\xa0\x80", b"=1+1", b"--", b"-",
    b"9" * 400, b"0" * 30, b"1e400", b"-0", b"nan", b"inf", b"1_0", b"1,234", b"1.234", b"$", b"null", b"true",
    b"[" * 300, b"{" * 300, b"(" * 300, b"not " * 100, b"<<: *a", b"&a [*a]", b"!!python/object:os.system",
    b"- - - - -", b"? : ",
    b"9999-12-31", b"0001-01-01", b"2024-02-30", b"L-0", b"L-99999999999999999999", b"R-1", b"%s%n", b"${x}",
    b"\\", b"/*", b"A" * 70_000,
    b"\nFrom x\n", b"=?utf-8?B?", b"?=", b"=?unicode_escape?Q?\\ud800?=", b"; charset=idna",
    b"<!--", b"<a<", b"&#x110000;", b"<td", b"<table>", b"<tr>", b' a="', b"</table>", b"colspan=999999999",
    b"BEGIN:VCARD\n", b"\nEND:VCARD\n", b"=\n", b"\n ", b";ENCODING=QUOTED-PRINTABLE", b";CHARSET=utf-7", b":", b"=FF",
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 40, b"Date: Fri, 31 Dec 9999 23:59:59 -2359\n",
]  # fmt: skip


def mutated(samples: list[bytes], chance: random.Random) -> bytes:
    """Return a sample after some accidents."""
    data = bytearray(chance.choice(samples))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3, 8])):
        at, size = chance.randint(0, len(data)), chance.choice([1, 1, 2, 8, 60, 4000])
        match chance.randrange(7):
            case 0 if data:
                data[at % len(data)] ^= chance.randint(1, 255)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size]
            case 3 | 4:
                data[at:at] = chance.choice(ODD)
            case 5:
                other = chance.choice(samples)
                data[at:] = other[chance.randint(0, len(other)) :]
            case 6:
                data[at : at + size] = chance.choice(ODD)
    return bytes(data)


def of_file(name: str, *argv: str) -> Callable[[bytes], list[list[str]]]:
    """Return what reads a file of this name by a command, or by several that are parted by `;`."""

    def calls(data: bytes) -> list[list[str]]:
        Path(name).write_bytes(data)
        for aside in Path(".crmctl/backups").glob("*.damaged.*"):
            aside.unlink()  # what a restore put aside stays until somebody removes it
        return [call.split("|") for call in "|".join(argv).split("|;|")]

    return calls


def of_text(*commands: str) -> Callable[[bytes], list[list[str]]]:
    """Return what reads an argument, where a command says `@`."""

    def calls(data: bytes) -> list[list[str]]:
        text = data.replace(b"\0", b"")[:5000].decode("utf-8", "surrogateescape")
        return [[word.replace("@", text) for word in command.split("|")] for command in commands]

    return calls


DRY = ("--partial", "-n")
READERS = {
    "csv": of_file("in.csv", "import", "leads", "in.csv", *DRY,
                   ";", "import", "deals", "in.csv", "--ignore-unknown", *DRY),
    "tsv": of_file("in.tsv", "import", "leads", "in.tsv", *DRY),
    "vcard": of_file("in.vcf", "import", "contacts", "in.vcf", *DRY,
                     ";", "import", "leads", "in.vcf", "--partial", "--rejects", "bad.vcf",
                     ";", "import", "leads", "bad.vcf", *DRY),
    "html": of_file("in.xls", "import", "leads", "in.xls", "--ignore-unknown", *DRY),
    "json": of_file("in.json", "import", "leads", "in.json", *DRY, ";", "create", "lead", "--from", "in.json", "-n"),
    "jsonl": of_file("in.jsonl", "import", "contacts", "in.jsonl", *DRY),
    "messages": of_file("in.jsonl", "inbox", "in.jsonl", "-n", ";", "inbox", "in.jsonl", "--rejects", "out.jsonl",
                        ";", "inbox", "out.jsonl", "--rejects", "out.jsonl"),
    "letter": of_file("in.eml", "inbox", "in.eml", "-n", ";", "inbox", "in.eml", "--rejects", "out.jsonl"),
    "mbox": of_file("in.mbox", "inbox", "in.mbox", "-n", ";", "inbox", "in.mbox"),
    "configuration": of_file("crmctl.yaml", "validate", ";", "list", "leads"),
    "pipeline": of_file("pipelines/leads.yaml", "validate", ";", "list", "leads", ";", "create", "lead", "x", "-n"),
    "filter": of_text("filter|leads|@", "list|deals|--where|@"),
    "dates": of_text("funnel|leads|--period|@", "list|leads|--as-of|@", "update|D-1|-s|close_date=@|-n",
                     "--now|@|status"),
    "money": of_text("create|deal|x|-s|amount=@|-n", "filter|deals|amount > @"),
    "phones": of_text("create|contact|x|-s|phone=@|-n", "create|contact|x|-s|email=@|-n"),
    "ids": of_text("show|@", "move|@|qualify|-n", "link|D-1|@|-n", "undo|@|--yes|-n", "search|@"),
    "data": of_file("crm.json", "list", "leads", ";", "db", "check", ";", "db", "check", "--accept", ";", "show", "L-1",
                    ";", "db", "restore", "--yes"),
}  # fmt: skip


class TooLong(BaseException):
    """A command that would not come to an end."""


def told_of(argv: list[str]) -> str:
    """Run a command and return what is wrong with how it ended, if anything is."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    signal.alarm(SECONDS)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(argv)
    except TooLong:
        return "it does not come to an end"
    except BaseException as error:
        return f"it raises {error!r}"
    finally:
        signal.alarm(0)
    err.seek(0)
    said = err.read()
    if code not in EXPECTED or "Traceback" in said:
        return f"exit {code}: {said}"
    return ""


def stop(*_: object) -> None:
    raise TooLong


def main(reader: str, inputs: str, seed: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, stop)
    samples = [text.encode("latin-1") for text in json.load(sys.stdin)]
    chance = random.Random(seed)
    for _ in range(int(inputs)):
        data = mutated(samples, chance)
        for argv in READERS[reader](data):
            wrong = told_of(argv)
            if wrong:
                print(json.dumps({"wrong": wrong, "argv": argv, "input": data.decode("latin-1")}), flush=True)
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])

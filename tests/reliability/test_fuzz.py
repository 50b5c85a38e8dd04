"""Whatever is put into any reader, it is taken or refused: no traceback, no hang, bounded memory.

Each reader gets broken input in a process of its own, with a limit of memory and of time; the input is made of samples
by accidents. The long run tries tens of thousands.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("fuzzing_process.py")
TSV = "title\tphone\tamount\nOak\t(212) 555-0100\t1 000,50\nAsh\t+44 20 7946 0958\t$2,500.00\n"
ROWS = [
    {"title": "Oak", "phone": "+12125550100", "amount": "1000.50", "tags": ["a", "b"]},
    {"title": "Ёж", "email": "a@example.com", "created_at": "2026-01-02T03:04:05Z", "score": 7},
    {"id": "L-1", "title": "Lead 1", "revision": 1},
]
MESSAGES = [
    {
        "channel": "telegram",
        "from": {"id": 77, "name": "Ёж"},
        "text": "Здравствуйте",
        "at": "2026-11-21T09:30Z",
    },
    {"channel": "call", "from": {"phone": "(212) 555-0100"}},
    {"channel": "email", "from": {"email": "a@example.com"}, "id": "1", "subject": "=?x?=", "text": "a\nb"},
]
LETTER = """From: =?utf-8?B?0JjRgNC40L3QsA==?= <a@example.com>
Subject: =?koi8-r?Q?=F0=D2=C1=CA=D3?=
 =?windows-1251?B?zQ==?=
Date: Sat, 21 Nov 2026 09:00:00 +0200
Message-ID: <1@example.com>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

=F0=D2=C9=D7=C5=D4
--c
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+0J/RgNC40LLQtdGCPC9wPjxzY3JpcHQ+eDwhLS0=
--c--
--b
Content-Type: application/pdf; name*=utf-8''%D0%B0
Content-Disposition: attachment
Content-Transfer-Encoding: base64

JVBERi0=
--b--
"""
TEXTS = {
    "filter": [
        "stage in (contact, qualify) and amount >= 10k",
        "not (title ~ /^o.k/ or email is empty) and created_at > -7d",
        'owner = me and "two words" and tags has vip',
        "changed(stage, -30d..today) or closed_at between 2026-01-01 and eom",
        "open and amount > 1.5m and source != call",
    ],
    "dates": [
        "2026-11-21",
        "-7d",
        "2026-q1",
        "last month",
        "2026-01..2026-03",
        "tomorrow 14:30",
        "eom",
        "2026-W07",
        "1y",
    ],
    "money": ["1 000,50", "$22,700.00", "2500.5 EUR", "10k", "1.5m", "-12", "1'000.00", "1,234.56 USD", "٣٤"],
    "phones": [
        "(212) 555-0100",
        "+44 20 7946 0958 ext. 12",
        "8-900-123-45-67",
        "☎ 212 555 0100",
        "a@example.com",
        "И@б.рф",
    ],
    "ids": ["L-1", "D-1", "C-1", "R-1", "Lead 1", "3", "https://example.com/a b", "notes/a.pdf"],
}
CARDS = """BEGIN:VCARD
VERSION:4.0
FN:Анна Петрова
N:Петрова;Анна;;Dr.;ing. jr,M.Sc.
item1.TEL;VALUE=uri;PREF=1;TYPE="work,fax":tel:+1-212-555-0100;ext=102
item1.X-ABLabel:_$!<HomeFAX>!$_
ADR;LABEL="a;b:c":;;1 Main St\\, rear;Town
 ;;12345;USA
BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15
PHOTO;ENCODING=b:AAAA
 BBBB
NOTE:a\\nb
CATEGORIES:vip,a\\,b
REV:20260102T030405Z
UID:urn:uuid:1
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CF=E5=F2=
=F0=EE=E2;=C8
TEL;CELL;PREF:+12125550101
AGENT:
BEGIN:VCARD
FN:Agent
END:VCARD
KEY;BASE64:
AAAA

END:VCARD
"""
PAGE = """<html xmlns:x="urn:x"><head><meta charset="utf-8"><style>td {a: "<td>"}</style><!-- <table> --></head>
<body><table border=1 title='a>b'><tr><th>title<th>phone</tr>
<tr><td>Oak &amp; S&ouml;hne<br>x</td><td x:str='1' colspan="1">(212) 555-0100</td></tr>
<tr><td rowspan=2><table><tr><td>a</td></tr></table></td><td>&#1046;</td></tr></table>
<table><tr><td>1</td></tr></table></body></html>
"""
READERS = [
    "csv",
    "tsv",
    "vcard",
    "html",
    "json",
    "jsonl",
    "messages",
    "letter",
    "mbox",
    "configuration",
    "pipeline",
    "filter",
    "dates",
    "money",
    "phones",
    "ids",
    "data",
]


def samples(reader: str, folder: Path) -> list[bytes]:
    """Return what a reader reads when nothing is broken."""
    if reader in TEXTS:
        return [text.encode() for text in TEXTS[reader]]
    if reader == "csv":
        shipped = [path.read_bytes()[:3000] for path in sorted((ROOT / "examples" / "trade").glob("*.csv"))]
        return [
            *shipped,
            *(path.read_bytes() for path in folder.glob("*.csv")),
            b"\xff\xfe" + TSV.encode("utf-16-le"),
        ]
    if reader in ("configuration", "pipeline"):
        name = "crmctl.yaml" if reader == "configuration" else "pipelines/leads.yaml"
        failing = sorted((ROOT / "tests" / "config" / "rules").glob(f"*/*/**/{Path(name).name}"))
        return [(folder / name).read_bytes(), *(path.read_bytes() for path in failing)]
    texts = {
        "tsv": TSV,
        "vcard": CARDS,
        "html": PAGE,
        "json": json.dumps(ROWS, indent=1, ensure_ascii=False),
        "jsonl": "\n".join(json.dumps(row) for row in ROWS),
        "messages": "\n".join(json.dumps(each, ensure_ascii=False) for each in MESSAGES),
        "letter": LETTER,
        "mbox": f"From a@b.example Sat Nov 21 09:00:00 2026\n{LETTER}\n\nFrom x\nFrom: x@y.example\n\n>From me\n",
    }
    return [texts[reader].encode()] if reader in texts else [(folder / "crm.json").read_bytes()]


@pytest.mark.parametrize("reader", READERS)
def test_broken_input_is_taken_or_refused(made, untouched, environment, amount, tally, reader: str) -> None:
    folder = made("fuzzed", untouched)
    inputs = amount(40, 3000)
    given = json.dumps([data.decode("latin-1") for data in samples(reader, folder)])
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), reader, str(inputs), "7"],
        input=given,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    *wrong, last = ran.stdout.splitlines() or [""]
    tally("inputs fuzzed", inputs)
    tally("inputs that were a bug", len(wrong))
    assert (wrong, last, ran.stderr) == ([], "done", "")

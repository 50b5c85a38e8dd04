"""What programs read keeps to the schemas in `schemas/output/`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crmctl.reports.standard import report_names
from crmctl.resources import schema_names, schema_text

OUTPUTS: dict[str, list[tuple[str, ...]]] = {
    "output/record": [
        ("show", "D-1", "--with", "history,related,tasks"),
        ("move", "D-1", "visit", "-s", "visit_date=2026-11-01"),
    ],
    "output/records": [("list", "deals"), ("filter", "leads", "open"), ("search", "Acme")],
    "output/funnel": [("funnel", "wholesale", "--ids", "--explain")],
    "output/report": [
        ("funnel", "wholesale", "--mode", "reached", "--by", "source"),
        *(("report", name) for name in report_names()),
        ("report", "winloss", "--by", "owner", "--fields", "owner,won"),
        ("diff", "--period", "this-week", "--by", "stage", "--ids", "--explain"),
    ],
    "output/findings": [("validate",)],
    "output/rule": [("validate", "--explain", "style-first-stage")],
    "output/rules": [("validate", "--list-rules"), ("validate", "--list-rules", "--select", "data")],
    "output/tests": [("test",), ("test", "-k", "ТТН"), ("test", "wrong.test.yaml")],
    "output/import": [
        ("import", "leads", "leads.csv", "--partial"),
        ("import", "leads", "leads.csv", "--dry-run"),
        ("import", "deals", "linked.csv", "--pipeline", "retail", "--dry-run"),
        ("import", "leads", "leads.csv", "--partial", "--move-to", "done"),
    ],
    "output/profiles": [("profile", "list")],
    "output/profile-check": [
        ("profile", "check", "leads.csv"),
        ("profile", "check", "first.csv", "leads.csv"),
    ],
    "output/inbox": [("inbox", "in.jsonl"), ("inbox", "in.jsonl", "--dry-run")],
    "output/log": [("log",)],
    "output/blacklist": [("blacklist", "add", "phone", "0501234568"), ("blacklist", "list")],
    "output/hooks": [("hooks", "list"), ("hooks", "trust")],
    "output/reminders": [("remind", "--dry-run"), ("remind",), ("remind", "--exec", "true")],
    "output/note": [("note", "D-1", "x"), ("note", "--remove", "D-2:8")],
    "output/runs": [("runs",)],
    "output/board": [("board", "wholesale", "--all"), ("board", "leads", "--fields", "title,phone")],
    "output/status": [("status",)],
    "output/undo": [("undo", "R-1", "--yes"), ("undo", "1", "--dry-run"), ("undo", "3")],
    "output/changes": [
        ("create", "lead", "Ирина", "--dry-run"),
        ("create", "deal", "Z", "--pipeline", "wholesale", "--stage", "shipping", "--dry-run", "--partial"),
        ("update", "D-1", "-s", "comment=x", "--dry-run"),
        ("move", "D-1", "D-2", "shipping", "--dry-run", "--partial"),
        ("delete", "D-1", "--dry-run"),
        ("merge", "C-1", "C-3", "--dry-run"),
    ],
    "output/document": [("render", "D-1", "--template", "hello.txt")],
    "output/mail": [
        ("mail", "deals", "title = Acme", "--template", "hello.txt", "--out", "letters"),
        ("mail", "deals", "id is not empty", "--template", "hello.txt", "-n"),
        ("mail", "--outbox", "-n"),
    ],
    "output/outbox": [("mail", "--outbox")],
    "output/stats": [("db", "stats")],
    "output/templates": [("tasks", "templates")],
    "output/plan": [("plan",), ("apply", "--yes")],
    "output/duplicates": [("duplicates", "contacts", "--hints"), ("duplicates", "companies", "--hints")],
    "output/merge": [
        ("merge", "C-1", "C-3", "--yes"),
        ("merge", "--plan", "merge.yaml", "--yes", "--partial"),
    ],
}


@pytest.fixture
def filled(workspace: Path, crm, shell_script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace / "conf"))
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=100", "-s", "tags=vip")
    crm("create", "deal", "Beta", "--pipeline", "wholesale")
    crm("move", "D-2", "lost", "--reason", "price", "--message", "ушёл")
    (workspace / "first.csv").write_text("title,email\nОлег,\nПётр,bad\n", "utf-8")
    assert crm("import", "leads", "first.csv", "--partial").code == 7
    crm("update", "D-1", "-s", "amount=200")
    crm("undo")
    crm("blacklist", "add", "email", "a@b.example", "--reason", "спам")
    crm("note", "D-2", "перезвонить")
    crm("create", "contact", "-s", "first_name=Ирина", "-s", "email=i@b.example", "-s", "contact_type=client")
    crm("link", "D-1", "C-1")
    (workspace / "hello.txt").write_text("Subject: Привет\n\n{{ deal.title }}\n", "utf-8")
    retail = workspace / "pipelines" / "retail.yaml"
    text = retail.read_text("utf-8")
    retail.write_text(text.replace("stage: new,", "stage: new, on_enter: [{mail: hello.txt}],"), "utf-8")
    crm("create", "deal", "Coda", "--pipeline", "retail", "-s", "contact=C-1")
    (workspace / "in.jsonl").write_text(
        '{"channel": "call", "from": {"phone": "0501234567"}}\n{"channel": "call", "from": {"name": "x"}}\nx\n',
        "utf-8",
    )
    wrong = "{name: a, given: {deal: {stage: won}}, when: {move: nowhere}, expect: {stage: won}}"
    (workspace / "wrong.test.yaml").write_text(f"version: 1\ntests: [{wrong}]\n", "utf-8")
    early = ("--now", "2026-01-01")
    crm("create", "contact", "Олег", "-s", "contact_type=client", "-s", "email=a@c.example")
    crm(*early, "create", "task", "Позвонить", "--for", "C-1", "--due", "2026-01-02")
    crm(
        "create",
        "contact",
        "Ирина",
        "-s",
        "contact_type=client",
        "-s",
        "email=I@b.example",
        "--allow-duplicate",
    )
    crm("create", "company", "ООО Ромашка")
    crm("create", "company", "ромашка")
    crm("duplicates", "contacts", "--plan", "merge.yaml")
    hooks = workspace / ".crmctl" / "hooks"
    for name in ("after-change", "on-remnider"):
        shell_script(hooks / name, "")
    (workspace / "leads.csv").write_text("title,email\nИрина,\nМарк,bad\nОлег,\n", "utf-8")
    (workspace / "linked.csv").write_text(
        "title,company.title,contact.email,item.product,item.price\nA,Firm,i@b.example,Стол,10\n", "utf-8"
    )


REPORT = json.loads(schema_text("output/report"))
CALLS = [(name, call) for name, calls in OUTPUTS.items() for call in calls]


def change_configuration(workspace: Path) -> None:
    """Rename a stage on which there are records, and ask for something that they lack."""
    path = workspace / "pipelines" / "wholesale.yaml"
    text = path.read_text("utf-8").replace(
        "stage: new,", "stage: fresh, moved_from: [new], require: [source],"
    )
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "call"), CALLS, ids=lambda each: each if isinstance(each, str) else " ".join(each)
)
def test_output_is_what_its_schema_says(
    filled: None, workspace: Path, crm, asked, name: str, call: tuple[str, ...]
) -> None:
    if name == "output/plan":
        change_configuration(workspace)
    needed = asked(call[1]) if len(call) == 2 and call[0] == "report" else ()
    ran = crm(*call, *needed, "-o", "json")
    jsonschema.validate(json.loads(ran.out), strict(json.loads(schema_text(name))))


@pytest.mark.parametrize(
    "call",
    [
        ("move", "D-1", "shipping"),
        ("import", "leads", "leads.csv"),
        ("import", "leads", "no.csv"),
        ("show", "D-9"),
    ],
)
def test_an_error_is_what_its_schema_says(filled: None, crm, call: tuple[str, ...]) -> None:
    error = json.loads(crm(*call, "-o", "json").err)
    jsonschema.validate(error, strict(json.loads(schema_text("output/error"))))


def test_every_schema_of_output_is_held_against_some_output(crm) -> None:
    known = {name for name in schema_names() if name.startswith("output/")}
    assert known == {*OUTPUTS, "output/error"}


def test_the_schema_of_reports_tells_the_keys_of_each(filled: None, crm, asked) -> None:
    told = {each["if"]["properties"]["report"]["const"]: each["then"] for each in REPORT["allOf"]}
    assert set(report_names()) <= {*told, "pivot"}
    for name in told.keys() & set(report_names()):
        columns = json.loads(crm("report", name, *asked(name), "-o", "json").out)["columns"]
        known = told[name]["properties"]["rows"]["items"]
        unknown = [key for key in columns if key not in known["properties"] and key != "pipeline"]
        assert not [
            key for key in unknown if not re.fullmatch("|".join(known.get("patternProperties", ["x"])), key)
        ]


def test_every_schema_is_one(crm) -> None:
    for name in schema_names():
        jsonschema.Draft202012Validator.check_schema(json.loads(crm("schema", name).out))


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and all those within it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            yield from parts(each)


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that lets no key through that it does not describe; what all reports share has room for more."""
    if schema["$id"].endswith("/report"):
        return schema
    for part in parts(schema):
        if "properties" in part:
            part.setdefault("additionalProperties", False)
    return schema

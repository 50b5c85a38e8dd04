"""`render`: a document of one record."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def deal(workspace: Path, crm) -> str:
    crm("create", "product", "Чай «Ромашка»", "-s", "price=120.50", "-s", "unit=кг")
    crm("create", "product", "Кофе & какао", "-s", "price=1250")
    crm("create", "company", "ООО <Ромашка>", "-s", "address=Киев")
    client = ("-s", "first_name=Ирина", "-s", "last_name=Коваль", "-s", "contact_type=client")
    crm("create", "contact", *client, "-s", "companies=O-1", "--allow-duplicate")
    crm(
        "create",
        "deal",
        "Чай",
        "--pipeline",
        "retail",
        "-s",
        "contact=C-1",
        "-s",
        "company=O-1",
        "-s",
        "delivery=courier",
    )
    crm("item", "add", "D-1", "P-1", "--quantity", "12.5")
    crm("item", "add", "D-1", "P-2", "--price", "1000")
    return "D-1"


def put(text: str, name: str = "t.txt") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def test_the_offer_of_the_template_has_lines_totals_and_escaped_names(deal: str, crm) -> None:
    ran = crm("render", deal, "--template", "templates/offer.html", "--out", "offer.html")
    assert (ran.code, ran.err) == (0, "D-1 written to offer.html\n")
    text = Path("offer.html").read_text("utf-8")
    assert "Для компании ООО &lt;Ромашка&gt;, Киев" in text
    assert '<td>Кофе &amp; какао</td><td class="sum">1 </td>' in text
    assert "12.5 кг" in text
    assert '<th class="sum">2\u00a0506,25\u00a0UAH</th>' in text
    assert Path("offer.html").stat().st_mode & 0o777 == 0o600


def test_a_template_sees_links_lines_owner_day_and_workspace(deal: str, crm) -> None:
    template = put(
        "{{ title }} {{ deal.title }} {{ record.id }} {{ contact }} {{ company.title }} {{ delivery }}"
        " {{ delivery.raw }} {{ items | length }} {{ items[1].product.price }} {{ items[1].price.raw }}"
        " {{ total }} {{ amount.raw }} {{ workspace.name }} {{ today }} {{ owner or 'nobody' }} {{ stage }}"
    )
    out = crm("render", deal, "--template", template, "--now", "2026-11-21T10:00+02:00").out
    assert out == (
        "Чай Чай D-1 Ирина Коваль ООО <Ромашка> Курьер courier 2 1250.00 UAH 1000.00"
        " 2506.25 UAH 2506.25 Торговый дом 2026-11-21 nobody Новая"
    )


def test_every_type_of_record_can_be_made_a_document(deal: str, crm) -> None:
    crm("create", "lead", "Пётр")
    crm("create", "task", "Позвонить", "--template", "call", "--for", "L-1")
    template = put("{{ record.id }} {{ record }}")
    made = [crm("render", each, "--template", template).out for each in ("L-1", "C-1", "O-1", "P-1", "T-1")]
    assert made == ["L-1 Пётр", "C-1 Ирина Коваль", "O-1 ООО <Ромашка>", "P-1 Чай «Ромашка»", "T-1 Позвонить"]


def test_a_document_of_the_past_has_the_values_of_then(deal: str, crm) -> None:
    crm("update", deal, "-s", "title=Кофе", "--now", "2036-01-01")
    template = put("{{ title }}")
    assert crm("render", deal, "--template", template).out == "Кофе"
    assert crm("render", deal, "--template", template, "--as-of", "2035-01-01").out == "Чай"


def test_what_is_wrong_leaves_the_old_file(deal: str, crm) -> None:
    Path("out.txt").write_text("old")
    ran = crm("render", deal, "--template", put("a\n{{ nope }}"), "--out", "out.txt")
    assert ran.code == 1
    assert ran.err == 'error: t.txt:2: unknown name "nope"\n  filled with D-1 "Чай"\n'
    assert Path("out.txt").read_text() == "old"


def test_an_empty_name_is_no_file_to_write(deal: str, crm) -> None:
    ran = crm("render", deal, "--template", put("{{ title }}"), "--out", "")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no file to write is named")


@pytest.mark.parametrize("target", ["t.txt", "./t.txt", "link.txt", "crm.json", "crmctl.yaml", ".crmctl/x"])
def test_neither_the_template_nor_the_workspace_is_written_over(deal: str, crm, target: str) -> None:
    put("{{ title }}")
    Path("link.txt").symlink_to("t.txt")
    ran = crm("render", deal, "--template", "t.txt", "--out", target)
    assert ran.code == 2
    assert "it is not written over" in ran.err
    assert Path("t.txt").read_text() == "{{ title }}"


def test_a_template_is_found_here_or_below_the_workspace(
    deal: str, crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("far").mkdir()
    put("of the workspace")
    monkeypatch.chdir("far")
    assert crm("render", deal, "--template", "t.txt").out == "of the workspace"
    put("of here")
    assert crm("render", deal, "--template", "t.txt").out == "of here"
    ran = crm("render", deal, "--template", "none.txt")
    assert (ran.code, ran.err.splitlines()[0]) == (4, "error: no template none.txt")


def test_what_is_no_text_is_no_template(deal: str, crm) -> None:
    Path("t.txt").write_bytes("привет\nЖ".encode("cp1251"))
    assert "t.txt:1: the template is not UTF-8" in crm("render", deal, "--template", "t.txt").err
    Path("t.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    assert "larger than 1024 KiB" in crm("render", deal, "--template", "t.txt").err
    assert "is not a file" in crm("render", deal, "--template", "templates").err


def test_a_record_that_is_not_there_is_named(workspace: Path, crm) -> None:
    assert crm("render", "D-9", "--template", put("x")).code == 4
    assert crm("render", "x", "--template", put("x")).code == 2


def test_without_jinja_the_error_says_what_to_install(deal: str, crm) -> None:
    hidden = "import sys; sys.modules['jinja2'] = None; from crmctl.__main__ import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", hidden, "render", deal, "--template", put("x"), "-o", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    error = json.loads(ran.stderr)["error"]
    assert (ran.returncode, error["hint"]) == (3, "pip install 'crmctl[html]'")

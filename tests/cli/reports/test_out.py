import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

HOSTILE = "<script>alert(1)</script> ]]> &"


@pytest.fixture(autouse=True)
def closed(workspace, crm, edit) -> None:
    """Give the workspace two deals, one of them lost, in a pipeline whose name is an attack."""
    edit("pipelines/retail.yaml", "title: Розница\n", f"title: '{HOSTILE}'\n")
    for title in ("Acme", "Beta"):
        assert crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100").code == 0
    assert crm("move", "D-2", "lost", "--reason", "price").code == 0


def test_a_page_has_the_question_the_chart_the_table_and_the_definitions(crm) -> None:
    ran = crm("report", "winloss", "retail", "--period", "this-year", "--out", "page.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "winloss written to page.html\n")
    page = Path("page.html").read_text("utf-8")
    for part in (
        "<h1>How many were won, how many lost, and why?</h1>",
        "<dt>Period</dt><dd>this-year</dd>",
        "<dt>As of</dt>",
        '<svg viewBox="0 0 760',
        '<th class="figure">Won</th>',
        "<th>Win rate</th>",
        "won / (won + lost)",
    ):
        assert part in page


def test_a_page_says_the_same_whether_definitions_were_asked_for_or_not(crm) -> None:
    crm("funnel", "--out", "one.html", "--now", "2026-11-20")
    crm("funnel", "--explain", "--out", "two.html", "--now", "2026-11-20")
    assert Path("one.html").read_bytes() == Path("two.html").read_bytes()


def test_what_stands_in_data_is_text_on_a_page_and_in_a_picture(crm) -> None:
    crm("funnel", "retail", "--out", "page.html")
    crm("funnel", "retail", "--out", "page.svg")
    page, picture = Path("page.html").read_text("utf-8"), Path("page.svg").read_text("utf-8")
    assert "<script" not in page + picture
    assert "http" not in page
    assert any(HOSTILE in (each.text or "") for each in ElementTree.fromstring(picture).iter())


def test_a_picture_has_the_figures_of_the_table(crm) -> None:
    ran = crm("report", "winloss", "retail", "--out", "PAGE.SVG", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    root = ElementTree.parse("PAGE.SVG").getroot()
    figures = [each.text for each in root.iter() if each.get("class") == "value"]
    assert sorted(map(str, figures)) == ["0", "1"]


def test_a_file_of_another_kind_is_refused_with_both_named(crm) -> None:
    for name in ("page.pdf", "page", ".html", ""):
        ran = crm("funnel", f"--out={name}")
        if name:
            assert ran.code == 2, name
            assert ".html" in ran.err
            assert ".svg" in ran.err


def test_nothing_is_written_over_that_is_the_workspaces_own(crm) -> None:
    Path("link.html").symlink_to("crm.json")
    before = Path("crm.json").read_bytes()
    ran = crm("funnel", "--out", "link.html")
    assert (ran.code, Path("crm.json").read_bytes()) == (2, before)
    assert "the database" in ran.err


def test_a_missing_folder_is_told_and_an_old_page_is_replaced(crm) -> None:
    assert crm("funnel", "--out", "none/page.html").code == 4
    Path("page.html").write_text("old")
    assert crm("funnel", "--out", "page.html").code == 0
    assert Path("page.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_report_that_fails_leaves_the_old_page(crm) -> None:
    Path("page.html").write_text("old")
    assert crm("report", "winloss", "--where", "no_field = 1", "--out", "page.html").code == 2
    assert Path("page.html").read_text() == "old"


def test_the_format_html_is_the_same_page_with_as_much_as_was_asked_for(crm) -> None:
    page = crm("funnel", "retail", "--out", "-").out
    assert crm("funnel", "retail", "-o", "html", "--chart", "--explain").out == page
    plain = crm("funnel", "retail", "-o", "html").out
    assert plain.partition("<body>")[0] == page.partition("<body>")[0]
    assert "<h1>How many, how much, at which stage?</h1>" in plain
    assert "<svg" not in plain
    assert '<span class="bar"' in plain
    assert "What this says" not in plain


def test_a_dash_is_a_page_on_standard_output(crm) -> None:
    ran = crm("report", "winloss", "retail", "--out", "-")
    assert (ran.out.startswith("<!DOCTYPE html>"), ran.err) == (True, "")


def test_a_format_that_is_asked_for_is_written_too(crm) -> None:
    ran = crm("report", "winloss", "retail", "--out", "page.html", "-o", "json")
    told = json.loads(ran.out)
    assert (told["totals"]["lost"], "explain" in told) == (1, False)
    assert Path("page.html").exists()


def test_without_the_library_the_error_says_what_to_install(crm) -> None:
    hidden = "import sys; sys.modules['pygal'] = None; from crmctl.__main__ import main; main()"
    for argv in (("funnel", "--out", "f.svg"), ("report", "dashboard", "--out", "d.html")):
        ran = subprocess.run(
            [sys.executable, "-c", hidden, *argv, "-o", "json"][: -2 if "dashboard" in argv else None],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 3
        assert "pip install 'crmctl[html]'" in ran.stderr
        assert not Path(argv[-1]).exists()


def test_bars_in_a_terminal_need_no_library(crm) -> None:
    hidden = "import sys; sys.modules['pygal'] = None; from crmctl.__main__ import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", hidden, "funnel", "--chart"], check=False, capture_output=True
    )
    assert ran.returncode == 0

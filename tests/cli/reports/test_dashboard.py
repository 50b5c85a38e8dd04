import re
from html.parser import HTMLParser
from pathlib import Path

import pytest


class Page(HTMLParser):
    """The tags, the addresses and the visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def written(crm):
    def write(*argv: str) -> str:
        ran = crm("report", "dashboard", *argv, "--out", "page.html")
        assert (ran.code, ran.out, ran.err) == (0, "", "dashboard written to page.html\n")
        return Path("page.html").read_text("utf-8")

    return write


@pytest.fixture
def deals(workspace, crm) -> None:
    for title in ("Acme", "Beta", "Gamma"):
        crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100")
    crm("move", "D-2", "lost", "--reason", "price")


def sections(page: str) -> list[str]:
    return re.findall(r'<section id="([^"]+)">', page)


def test_an_empty_workspace_gives_a_page_that_says_so(workspace, written) -> None:
    page = written()
    assert "There are no leads or deals yet." in page
    assert sections(page) == ["dashboard"]


def test_a_filter_that_nothing_passes_is_told_of(deals, written) -> None:
    assert "No record passes the filter." in written("--where", "title = none")


def test_a_period_without_new_records_is_not_an_empty_workspace(deals, written) -> None:
    assert "funnel" in sections(written("--period", "2001"))


def test_the_page_has_the_reports_each_with_its_definitions(deals, written) -> None:
    page = written()
    names = sections(page)
    assert names[0] == "funnel"
    assert "winloss" in names
    for part in re.split("<section", page)[1:]:
        assert "What this says" in part
        assert "<table>" in part
    assert re.findall(r'<a href="#([^"]+)">', page) == names


def test_the_page_needs_nothing_else(deals, written) -> None:
    text = written()
    page = Page(text)
    assert {"script", "link", "img", "iframe", "object", "embed", "base"}.isdisjoint(page.tags)
    assert [value for name, value in page.attributes if name in ("href", "src") and value[0] != "#"] == []
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert not re.search(r"https?:|url\(|@import", text)


def test_each_chart_has_the_figures_of_the_table_below_it(deals, written) -> None:
    drawn: dict[str, list[list[str]]] = {}
    for part in re.split(r"(?=<section id=)", written("retail"))[1:]:
        for block in part.split('<div class="block">')[1:]:
            picture, _, below = block.partition('<div class="scroll">')
            figures = re.findall(r'class="value"[^>]*>([^<]+)<', picture)
            cells = re.findall(r"<td[^>]*>([^<]*)</td>", below.partition("</table>")[0])
            assert set(figures) <= set(cells)
            if figures:
                drawn.setdefault(sections(part)[0], []).append(sorted(figures))
    assert set(drawn) == {"funnel", "forecast", "winloss", "diff"}
    # Each bar is drawn twice, for wide places and for narrow ones.
    assert drawn["funnel"][0] == ["0"] * 14 + ["2"] * 2
    assert drawn["winloss"] == [["0", "0", "1", "1"], ["1", "1"]]


def test_tables_that_count_nothing_are_left_out_and_named(deals, written) -> None:
    page = written()
    assert "nothing to count in: " in page
    assert "<li>nothing to count in: Лиды; Курсы; " in page
    assert "<h3>Курсы, snapshot: open and won</h3>" not in page


def test_a_section_that_the_filter_does_not_suit_says_so(deals, written, crm) -> None:
    where = "delivery is empty"
    assert crm("report", "dashboard", "--where", where, "--out", "p.html").code == 2
    page = written("retail", "--where", where)
    assert (
        "Not told: the filter does not suit it: unknown field" in page.partition('<section id="sources">')[2]
    )
    assert "Not told" not in page.partition('<section id="winloss">')[2]


def test_why_records_were_lost_stands_with_how_they_ended(deals, written) -> None:
    ended = written("retail").partition('<section id="winloss">')[2]
    assert "lost, by reason" in ended
    assert "Дорого" in ended


def test_options_hold_for_every_section_and_are_told(deals, written, crm) -> None:
    page = written("--pipeline", "retail", "--where", "amount > 1", "--period", "2001..", "--in", "UAH")
    assert re.findall("<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)[:5] == [
        ("Period", "2001.."),
        ("As of", re.search("<dt>As of</dt><dd>([^<]+)<", page)[1]),
        ("Pipelines", "retail"),
        ("Filter", "amount &gt; 1"),
        ("Amounts in", "UAH"),
    ]
    assert "Опт" not in page


def test_the_page_of_a_time_is_unmoved_by_what_came_later(deals, crm) -> None:
    def page() -> str:
        return crm("report", "dashboard", "--as-of", "2999-01-01", "--now", "2999-02-01", "--out", "-").out

    crm("create", "deal", "Delta", "--pipeline", "retail", "-s", "amount=100", "--now", "2998-12-01")
    before = page()
    crm("create", "deal", "Omega", "--pipeline", "retail", "-s", "amount=1", "--now", "2999-01-15")
    assert page() == before


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ((), "Missing option"),
        (("--out", "page.svg"), "a report is written as a page, .html"),
        (("--out", "p.html", "--where", "nothing = 1"), 'unknown field "nothing"'),
        (("--out", "p.html", "--period", "never"), "--period"),
        (("--out", "p.html", "-o", "csv"), "csv"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(deals, crm, argv: tuple[str, ...], told: str) -> None:
    ran = crm("report", "dashboard", *argv)
    assert ran.code == 2
    assert told.lower() in ran.err.lower()
    assert list(Path().glob("*.html")) == []


def test_titles_are_text_whatever_they_say(deals, crm, written, edit) -> None:
    edit("crmctl.yaml", "name: ", "name: '</title><script>alert(1)</script>' #")
    page = written()
    assert "<script" not in page
    assert "&lt;/title&gt;&lt;script&gt;" in page

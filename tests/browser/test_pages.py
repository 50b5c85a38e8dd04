"""Pages as a browser shows them: nothing overflows, overlaps or is fetched, by day and by night."""

import json
import os
import re
import struct
from html import unescape
from pathlib import Path

import pytest

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(21, 25, 29)"
MEASURE = """
<script>
const seen = [...document.querySelectorAll('svg.chart')].filter(each => each.getBoundingClientRect().width);
const faults = [];
for (const svg of seen) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map(each => [each.textContent, each.getBoundingClientRect()]);
  for (const [text, box] of texts) {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
      faults.push('outside: ' + text);
    for (const [other, at] of texts)
      if (at !== box && box.left + 1 < at.right && at.left + 1 < box.right
          && box.top + 3 < at.bottom && at.top + 3 < box.bottom)
        faults.push('over one another: ' + text + ' | ' + other);
  }
}
const edge = document.documentElement.clientWidth + 1;
const inside = each => each.closest('.scroll, svg');
const wide = [...document.querySelectorAll('body *')].filter(each => !inside(each.parentElement)
  && each.getBoundingClientRect().right > edge).map(each => each.tagName + ': ' + each.textContent.slice(0, 40));
const told = window.frameElement ? parent.document : document;
told.documentElement.dataset.found = JSON.stringify({
  charts: seen.length,
  faults: [...faults, ...wide],
  width: document.documentElement.scrollWidth,
  fetched: performance.getEntriesByType('resource').length,
  paper: getComputedStyle(document.body).backgroundColor,
  ink: seen.length ? getComputedStyle(seen[0].querySelector('text')).fill : '',
});
</script>
"""
PLACES = [("ru", 360, True), ("ru", 1400, False), ("en", 360, False), ("en", 1400, True)]


def written(crm, *argv: str) -> Path:
    ran = crm(*argv, "-q")
    assert ran.code == 0, ran.err
    return Path(argv[-1])


def measured(look, page: Path, width: int, *, dark: bool) -> dict:
    """Return what a page measures of itself, by a script that only the test puts there."""
    copy = page.with_name(f"measured-{page.name}")
    copy.write_text(page.read_text("utf-8").replace("</body>", f"{MEASURE}</body>"), "utf-8")
    found = re.search('data-found="([^"]*)"', look(copy, width, 900, "--dump-dom", dark=dark))
    assert found
    return json.loads(unescape(found[1]))


def shot(look, page: Path, width: int, height: int, *, dark: bool) -> tuple[int, int]:
    """Take a picture of a page, kept in the folder of `SCREENSHOTS` if it is named; return its size."""
    kept = Path(os.environ.get("SCREENSHOTS") or ".")
    target = kept / f"{page.stem}-{width}-{'dark' if dark else 'light'}.png"
    look(page, width, height, f"--screenshot={target.resolve()}", dark=dark)
    return struct.unpack(">II", target.read_bytes()[16:24])


@pytest.mark.parametrize(("language", "width", "dark"), PLACES)
def test_a_dashboard_fits_its_window_and_fetches_nothing(
    firm, crm, look, language: str, width: int, dark: bool
) -> None:
    firm(language)
    page = written(crm, "report", "dashboard", "--out", f"dashboard-{language}.html")
    found = measured(look, page, width, dark=dark)
    assert found["faults"] == []
    assert (found["width"] <= width, found["fetched"], found["charts"] > 2) == (True, 0, True)
    assert found["paper"] == (DARK if dark else LIGHT)
    assert found["ink"] not in (LIGHT, DARK)
    assert shot(look, page, width, 5000 if width < 800 else 4000, dark=dark)[0] == width


def test_many_series_fit_side_by_side(firm, crm, look) -> None:
    firm("ru")
    page = written(crm, "funnel", "--by", "source", "--out", "sources.html")
    for width in (360, 1400):
        found = measured(look, page, width, dark=False)
        assert (found["faults"], found["width"] <= width) == ([], True)
        assert shot(look, page, width, 3000, dark=False)[0] == width


def test_a_picture_alone_is_shown(firm, crm, look) -> None:
    firm("ru")
    picture = written(crm, "funnel", "--out", "funnel.svg")
    assert shot(look, picture, 800, 700, dark=True) == (800, 700)


def test_a_page_prints(firm, crm, look, tmp_path: Path) -> None:
    firm("ru")
    page = written(crm, "report", "dashboard", "--out", "dashboard.html")
    look(page, 800, 600, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}", dark=True)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")

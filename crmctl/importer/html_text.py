"""The text of an HTML letter, as a person reads it. One pass, whatever the tags are like."""

import re
from collections import Counter
from html import unescape

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_BREAKS = frozenset(
    {
        *(
            "address",
            "blockquote",
            "br",
            "dd",
            "div",
            "dl",
            "dt",
            "footer",
            "form",
            "header",
            "hr",
            "li",
            "main",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
# A head may go without its end: what is unseen in it is so by itself.
_UNSEEN = frozenset({"script", "style", "title", "template"})
_ENDS = re.compile(rf"<(/?)({'|'.join(sorted(_UNSEEN))})\b", re.IGNORECASE)
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
"""Small letters for capitals, ASCII alone, so that no place in the text moves."""
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def html_text(html: str) -> str:
    """Return the text without tags, scripts and styles; blocks and breaks begin lines."""
    parts: list[str] = []
    at = 0
    lower = html.translate(_LOWER)
    while (tag := html.find("<", at)) >= 0:
        parts.append(_SPACES.sub(" ", unescape(html[at:tag])))
        at = _after_tag(html, lower, tag, parts)
    parts.append(_SPACES.sub(" ", unescape(html[at:])))
    lines = "".join(parts).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def is_cut_short(html: str) -> bool:
    """Tell whether something begins that hides what follows and never ends, so that text may be lost."""
    if html.count("<!--") > html.count("-->") or html.rfind("<") > html.rfind(">"):
        return True
    ends = Counter(match[2].lower() if match[1] else f"<{match[2].lower()}" for match in _ENDS.finditer(html))
    return any(ends[f"<{name}"] > ends[name] for name in _UNSEEN)


def _after_tag(html: str, lower: str, tag: int, parts: list[str]) -> int:
    """Return where the text goes on after what begins at `tag`, which is no tag where nothing closes it."""
    if html.startswith("<!--", tag):
        end = html.find("-->", tag + 4)
        return end + 3 if end >= 0 else len(html)
    match = _NAME.match(html, tag + 1)
    if match is None and html[tag + 1 : tag + 2] not in ("!", "?"):
        parts.append("<")
        return tag + 1
    end = html.find(">", tag)
    if end < 0:
        return len(html)
    name = match[1].lower() if match else ""
    if name in _BREAKS:
        parts.append("\n")
    if name in _UNSEEN and html[tag + 1] != "/":
        closing = lower.find(f"</{name}", end)
        # Nothing follows what is never closed.
        return closing if closing >= 0 else len(html)
    return end + 1

"""The text of an HTML letter, as a person reads it."""

import re
from collections import Counter

from crmctl.html_reading import UNSEEN, text_of

_BREAK = ("\n", "\n")
_LAYOUT = dict.fromkeys(
    (
        *("address", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "header", "hr", "li"),
        *("main", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    ),
    _BREAK,
)
_ENDS = re.compile(rf"<(/?)({'|'.join(sorted(UNSEEN))})\b", re.IGNORECASE)


def html_text(html: str) -> str:
    """Return the text without tags, scripts and styles; blocks and breaks begin lines."""
    return text_of(html, _LAYOUT)


def is_cut_short(html: str) -> bool:
    """Tell whether something begins that hides what follows and never ends, so that text may be lost."""
    if html.count("<!--") > html.count("-->") or html.rfind("<") > html.rfind(">"):
        return True
    ends = Counter(match[2].lower() if match[1] else f"<{match[2].lower()}" for match in _ENDS.finditer(html))
    return any(ends[f"<{name}"] > ends[name] for name in UNSEEN)

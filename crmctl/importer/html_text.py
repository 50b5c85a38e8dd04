"""The text of an HTML letter, as a person reads it."""

from crmctl.html_reading import text_of

_BREAK = ("\n", "\n")
_LAYOUT = dict.fromkeys(
    (
        *("address", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "header", "hr", "li"),
        *("main", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    ),
    _BREAK,
)


def html_text(html: str) -> str:
    """Return the text without tags, scripts and styles; blocks and breaks begin lines."""
    return text_of(html, _LAYOUT)

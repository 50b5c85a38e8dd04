"""HTML as plain text, for readers who see no HTML: paragraphs, lists, and where links lead."""

from crmctl.html_reading import text_of

_PARAGRAPHS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote")
_LAYOUT = {
    **dict.fromkeys(_PARAGRAPHS, ("\n\n", "\n\n")),
    **dict.fromkeys(("br", "tr", "hr", "dt", "dd"), ("\n", "")),
    **dict.fromkeys(("td", "th"), ("  ", "")),
    "li": ("\n\u2022 ", ""),
}


def plain_text(html: str) -> str:
    """Return the text of an HTML document."""
    return text_of(html, _LAYOUT, links=True) + "\n"

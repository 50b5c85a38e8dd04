"""HTML as plain text, for readers who see no HTML: paragraphs, lists, and where links lead."""

import re
from html.parser import HTMLParser

_PARAGRAPHS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote"})
_LINES = frozenset({"br", "tr", "li", "hr", "dt", "dd"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_MARK = "\u2022 "


def plain_text(html: str) -> str:
    """Return the text of an HTML document."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ") for line in "".join(reader.pieces).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return text.strip("\n") + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if self._unseen:
            return
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n" + _MARK * (tag == "li"))
        elif tag in ("td", "th"):
            self.pieces.append("  ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.pieces)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif self._unseen:
            return
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag == "a" and self._links:
            target, start = self._links.pop()
            shown = "".join(self.pieces[start:]).strip()
            if target and not target.startswith("#") and shown != target.removeprefix("mailto:"):
                self.pieces.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data.replace("\u00a0", " ")))

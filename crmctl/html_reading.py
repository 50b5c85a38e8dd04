"""HTML as text that a person reads. One pass, whatever the tags are like: what strangers send is read, too."""

import re
from collections.abc import Mapping
from html import unescape

Layout = Mapping[str, tuple[str, str]]
"""What stands where a tag begins and where it ends; others leave no trace."""
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
UNSEEN = frozenset({"script", "style", "title", "template"})
"""What is not shown. A head may go without its end: what is unseen in it is so by itself."""
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
"""Small letters for capitals, ASCII alone, so that no place in the text moves."""
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_TURN = re.compile(r""">|=[ \t\r\n\f]*(["'])""")
_LONGEST_VALUE = 64 * 1024
"""Characters within which the quote of an attribute must be closed."""
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")


def text_of(html: str, layout: Layout, *, links: bool = False) -> str:
    """Return the text without tags, scripts and styles; with `links`, where they lead stands behind them."""
    reader = _Reader(html, layout, links=links)
    reader.read()
    lines = "".join(reader.parts).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


class _Reader:
    """The text read so far, and the link that it is in."""

    def __init__(self, html: str, layout: Layout, *, links: bool) -> None:
        self.parts: list[str] = []
        self._html = html
        self._lower = html.translate(_LOWER)
        self._layout = layout
        self._links = links
        self._target = ""
        self._shown: list[str] = []

    def read(self) -> None:
        """Read all of it."""
        at = 0
        while (tag := self._html.find("<", at)) >= 0:
            self._say(_SPACES.sub(" ", unescape(self._html[at:tag])))
            at = self._after_tag(tag)
        self._say(_SPACES.sub(" ", unescape(self._html[at:])))
        self._end_link()

    def _say(self, text: str) -> None:
        self.parts.append(text)
        if self._target:
            self._shown.append(text)

    def _after_tag(self, tag: int) -> int:
        """Return where the text goes on after what begins at `tag`, which is no tag where nothing closes it."""
        html = self._html
        if html.startswith("<!--", tag):
            end = html.find("-->", tag + 4)
            return end + 3 if end >= 0 else len(html)
        match = _NAME.match(html, tag + 1)
        if match is None and html[tag + 1 : tag + 2] not in ("!", "?"):
            self._say("<")
            return tag + 1
        end = end_of_tag(html, tag)
        if end < 0:
            return len(html)
        if match is None:
            return end + 1
        name, opens = match[1].lower(), html[tag + 1] != "/"
        self._lay_out(name, html[match.end() : end], opens=opens)
        if name in UNSEEN and opens:
            closing = self._lower.find(f"</{name}", end)
            # Nothing follows what is never closed.
            return closing if closing >= 0 else len(html)
        return end + 1

    def _lay_out(self, name: str, attributes: str, *, opens: bool) -> None:
        if name in self._layout:
            self._say(self._layout[name][not opens])
        elif name == "a" and self._links:
            # A link within a link ends the other, as it does in browsers.
            self._end_link()
            self._target = _target(attributes) if opens else ""

    def _end_link(self) -> None:
        """Write where a link leads, unless its text says that already."""
        if self._target and "".join(self._shown).strip() != self._target.removeprefix("mailto:"):
            self.parts.append(f" ({self._target})")
        self._target = ""
        self._shown.clear()


def end_of_tag(html: str, at: int) -> int:
    """Return where the tag that goes on at a place is closed, not within quotes; less than nothing where it is not.

    A quote that is not closed soon is none: the text that follows would be lost up to another tag's.
    """
    while turn := _TURN.search(html, at):
        if not turn[1]:
            return turn.start()
        closing = html.find(turn[1], turn.end(), turn.end() + _LONGEST_VALUE)
        at = closing + 1 if closing >= 0 else turn.end()
    return -1


def _target(attributes: str) -> str:
    """Return where a link leads out of the document, empty where it does not."""
    for name, *values in _ATTRIBUTE.findall(attributes):
        if name.lower() == "href":
            target = " ".join(unescape("".join(values)).split())
            return "" if target.startswith("#") else target
    return ""

"""Text in XML 1.0: escaped, and without the characters that XML cannot hold."""

from xml.sax.saxutils import escape, quoteattr

from crmctl.text import visible


def attribute(text: str) -> str:
    """Return a value in quotes."""
    return quoteattr(allowed(text))


def content(text: str) -> str:
    """Return text between tags."""
    return escape(allowed(text))


def allowed(text: str) -> str:
    """Return text with the characters that XML 1.0 cannot hold shown as escapes."""
    return visible(text, multiline=True).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")

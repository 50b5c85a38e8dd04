"""YAML that versions 1.1 and 1.2 read alike: text that looks like anything else is quoted."""

import re
from collections.abc import Mapping, Sequence

import yaml

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.document import document
from crmctl.render.json_text import escape_unsafe
from crmctl.render.listing import Card, Escape, Listing

# PyYAML knows the numbers of YAML 1.1; these are numbers in 1.2 alone.
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+")


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, and chooses how text is quoted."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if escape_unsafe(text) != text:
        style = '"'
    elif "\n" in text and not text[0].isspace():
        style = "|"
    elif _NUMBER.fullmatch(text):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return a list of mappings."""
    return _dumped([_plain(row) for row in listing.rows])


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a mapping, or a list of several."""
    rows = [_plain(card.row) for card in cards]
    return _dumped(rows[0] if len(rows) == 1 else rows)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return the report's document."""
    return _dumped(_plain(document(report)))


def _plain(value: object) -> object:
    """Return a value in the types that YAML knows."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def _dumped(value: object) -> str:
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    # Such characters stand only in text between double quotes, where this is how they are written.
    return escape_unsafe(text)
